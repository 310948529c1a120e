package import StormThrift

/// What `storm monitor` prints: how much a component sends on a stream between two looks. Pure.
package struct ThroughputMonitor: Sendable {
    /// What is counted.
    package enum Watch: String, CaseIterable, Sendable { case emitted, transferred }

    package static let allTime = ":all-time"

    private let component: String
    private let stream: String
    private let watch: Watch
    private var last: (count: Int64, timeMilliseconds: Int64)?

    package init(component: String, stream: String, watch: Watch) {
        self.component = component
        self.stream = stream
        self.watch = watch
    }

    /// What is shown when no component is named.
    package static func components(_ info: Thrift.TopologyInfo) -> [String] {
        let rule = String(repeating: "-", count: 18)
        return ["Available components for \(info.name) :", rule] + names(info)
            + [rule, "Please use -m to specify one component"]
    }

    private static func names(_ info: Thrift.TopologyInfo) -> [String] {
        Set(info.executors.map(\.componentID)).sorted()
    }

    package var header: String {
        [
            "topology", "component", "parallelism", "stream", "time-diff ms", watch.rawValue, "throughput (Kt/s)",
        ].joined(separator: "\t")
    }

    /// The row for what was seen at a time.
    /// - Throws: a failure when the topology has no such component, or the component no such stream.
    package mutating func row(
        _ info: Thrift.TopologyInfo, timeMilliseconds now: Int64
    ) throws(CommandFailure) -> String {
        let executors = info.executors.filter { $0.componentID == component }
        guard !executors.isEmpty else {
            throw CommandFailure(
                "component: \(component) not found; there are \(Self.names(info).joined(separator: ", "))")
        }
        let counts = executors.compactMap(\.stats).compactMap { stats in
            (watch == .emitted ? stats.emitted : stats.transferred)[Self.allTime]?[stream]
        }
        // Without any statistics yet, nothing can be said about streams.
        guard !counts.isEmpty || executors.allSatisfy({ $0.stats == nil }) else {
            throw CommandFailure("stream: \(stream) not found in what \(component) has \(watch.rawValue) so far")
        }
        let count = counts.reduce(0, +)
        let passed = last.map { now - $0.timeMilliseconds } ?? 0
        // A worker that started again counts from zero.
        let difference = last.map { max(0, count - $0.count) } ?? count
        let throughput = passed == 0 || difference == 0 ? 0.0 : Double(difference) / Double(passed)
        last = (count, now)
        return [
            info.name, component, "\(executors.count)", stream, "\(passed)", "\(difference)", "\(throughput)",
        ].joined(separator: "\t")
    }
}
