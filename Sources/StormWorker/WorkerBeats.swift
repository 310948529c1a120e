import StormCluster
import StormCore
import StormRuntime

/// Task counters as the executors' entries of a worker's beat. Pure.
enum WorkerBeats {
    /// - Parameter statistics: of the tasks of this worker, in task order.
    static func executors(
        _ statistics: [TaskStatistics], ranges: [ExecutorRange], plan: TopologyPlan, topology: TopologyDescription,
        uptimeSeconds: Int
    ) -> [ExecutorBeat] {
        ranges.sorted().compactMap { range in
            guard let component = plan.component(of: range.first) else { return nil }
            var counts = ExecutorCounts()
            var latency = (nanoseconds: Int64(0), count: 0)
            for task in statistics where task.task >= range.first && task.task <= range.last {
                add(task, to: &counts, component: component, topology: topology)
                latency.nanoseconds += task.completeLatencyNanoseconds
                latency.count += task.acked
            }
            if component.role == .spout, latency.count > 0 {
                let average = Double(latency.nanoseconds) / Double(latency.count) / 1_000_000
                counts.completeMilliseconds[StreamID.default.name] = average
            }
            return ExecutorBeat(
                executor: range, component: component.id, isSpout: component.role == .spout,
                uptimeSeconds: uptimeSeconds,
                windows: [ExecutorBeat.allTime: counts])
        }
    }

    private static func add(
        _ task: TaskStatistics, to counts: inout ExecutorCounts, component: PlannedComponent,
        topology: TopologyDescription
    ) {
        for (stream, count) in task.emitted { counts.emitted[stream.name, default: 0] += Int64(count) }
        counts.transferred[StreamID.default.name, default: 0] += Int64(task.transferred)
        if component.role == .spout {
            counts.acked[StreamID.default.name, default: 0] += Int64(task.acked)
            counts.failed[StreamID.default.name, default: 0] += Int64(task.failed)
            return
        }
        for (source, count) in task.executed {
            counts.executed[input(source, of: component.id, topology), default: 0] += Int64(count)
        }
        let first = topology[component.id]?.inputs.first.map { "\($0.source)" } ?? "records"
        counts.acked[first, default: 0] += Int64(task.acked)
        counts.failed[first, default: 0] += Int64(task.failed)
    }

    /// `component:stream`; the engine counts executed tuples per source component, so several subscribed streams of one
    /// component are shown as one.
    private static func input(_ source: String, of component: String, _ topology: TopologyDescription) -> String {
        let streams = (topology[component]?.inputs ?? []).filter { $0.source.component == source }
        return streams.count == 1 ? "\(streams[0].source)" : "\(source):*"
    }
}
