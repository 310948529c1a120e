package import StormThrift

/// What `storm monitor` prints: how much a component sends on a stream between two looks. Pure.
package struct ThroughputMonitor: Sendable {
    /// What is counted.
    package enum Watch: String, CaseIterable, Encodable, Sendable { case emitted, transferred }

    package static let allTime = ":all-time"

    /// What was counted at one look; a line of `storm monitor --json`.
    package struct Row: Encodable, Equatable, Sendable {
        package var topology: String
        package var component: String
        package var executors: Int
        package var stream: String
        /// Since the look before; 0 at the first one, whose `count` is that of the whole life.
        package var elapsedMilliseconds: Int64
        package var watch: Watch
        package var count: Int64
        package var tuplesPerSecond: Double

        private enum CodingKeys: String, CodingKey {
            case topology, component, executors, stream, watch, count
            case elapsedMilliseconds = "elapsed_ms"
            case tuplesPerSecond = "tuples_per_sec"
        }

        /// Storm's columns; the last one is in thousands of tuples a second.
        package var text: String {
            let throughput = elapsedMilliseconds == 0 || count == 0 ? 0.0 : Double(count) / Double(elapsedMilliseconds)
            return [
                topology, component, "\(executors)", stream, "\(elapsedMilliseconds)", "\(count)", "\(throughput)",
            ].joined(separator: "\t")
        }
    }

    /// The components that can be watched: `storm monitor NAME --json` without a component.
    package struct Components: Encodable, Equatable, Sendable {
        package var topology: String
        package var components: [String]

        package init(_ info: Thrift.TopologyInfo) {
            topology = info.name
            components = ThroughputMonitor.names(info)
        }
    }

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
    ) throws(CommandFailure) -> Row {
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
        last = (count, now)
        return Row(
            topology: info.name, component: component, executors: executors.count, stream: stream,
            elapsedMilliseconds: passed, watch: watch, count: difference,
            tuplesPerSecond: passed == 0 ? 0 : Double(difference) * 1000 / Double(passed))
    }
}
