package import StormCluster
import StormCore
package import StormThrift

/// What is said of a topology that is not there. One text for all commands.
package enum UnknownTopology {
    private static let what = "there is no such topology"

    /// - Parameter known: the names that there are; the nearest one is proposed.
    package static func failure(_ name: String, among known: some Sequence<String>) -> CommandFailure {
        CommandFailure("\(name): \(what); \(hint(name, among: known))storm list shows those that run")
    }

    /// As above; where a record that cannot be read may be that topology's, the failure says so instead.
    /// - Parameter others: further names that there are.
    package static func failure(
        _ topology: String, in storms: ReadableRecords<StormBaseRecord>, others: [String] = []
    ) -> CommandFailure {
        if let fault = storms.faults[topology] ?? storms.fault(named: topology) {
            return CommandFailure("\(topology): \(fault)")
        }
        return failure(topology, among: storms.records.values.map(\.record.name) + others)
    }

    /// Whether a failure is one of `failure(_:among:)`.
    package static func isMeant(by error: any Error, name: String) -> Bool {
        (error as? CommandFailure)?.message.hasPrefix("\(name): \(what);") == true
    }

    /// A question with a blank behind it; nothing when no known name is near.
    static func hint(_ name: String, among known: some Sequence<String>) -> String {
        KeySuggestion.nearest(to: name, among: known).map { "did you mean \"\($0)\"? " } ?? ""
    }
}

extension NimbusService {
    /// What came of a call about a topology; one that does not run is told with the nearest name that does.
    package func failure(_ error: any Error, topology name: String) async -> CommandFailure {
        guard error is Thrift.NotAliveException else { return .nimbus(error, about: name) }
        // The names are a help only: without them the answer is as true.
        let names = (try? await getTopologySummaries().map(\.name)) ?? []
        return UnknownTopology.failure(name, among: names)
    }
}
