import StormCluster
import StormCore
import StormRuntime

/// Counters of one executor since it was opened, such that the difference of two is what happened in between.
struct ExecutorTally: Hashable, Sendable {
    /// Times of `count` things, added up.
    struct Times: Hashable, Sendable {
        var nanoseconds: Int64 = 0
        var count: Int64 = 0

        mutating func add(_ latency: LatencyBuckets?) {
            guard let latency else { return }
            nanoseconds += latency.totalNanoseconds
            count += Int64(latency.count)
        }

        static func - (now: Times, then: Times) -> Times {
            Times(nanoseconds: now.nanoseconds - then.nanoseconds, count: now.count - then.count)
        }

        var milliseconds: Double? { count > 0 ? Double(nanoseconds) / Double(count) / 1_000_000 : nil }
    }

    /// As in `ExecutorCounts`.
    var emitted: [String: Int64] = [:]
    var transferred: [String: Int64] = [:]
    var executed: [String: Int64] = [:]
    var acked: [String: Int64] = [:]
    var failed: [String: Int64] = [:]
    /// A spout's trees.
    var complete = Times()
    /// A bolt's tuples, sampled.
    var execute = Times()
    var process = Times()

    func since(_ then: ExecutorTally) -> ExecutorTally {
        func difference(_ now: [String: Int64], _ then: [String: Int64]) -> [String: Int64] {
            now.merging(then) { $0 - $1 }
        }
        var result = ExecutorTally()
        result.emitted = difference(emitted, then.emitted)
        result.transferred = difference(transferred, then.transferred)
        result.executed = difference(executed, then.executed)
        result.acked = difference(acked, then.acked)
        result.failed = difference(failed, then.failed)
        result.complete = complete - then.complete
        result.execute = execute - then.execute
        result.process = process - then.process
        return result
    }

    /// Latencies are known of the executor as a whole: each of its streams shows the same.
    var counts: ExecutorCounts {
        var counts = ExecutorCounts()
        counts.emitted = emitted
        counts.transferred = transferred
        counts.executed = executed
        counts.acked = acked
        counts.failed = failed
        func each(_ keys: Dictionary<String, Int64>.Keys, _ times: Times) -> [String: Double] {
            guard let mean = times.milliseconds else { return [:] }
            return Dictionary(uniqueKeysWithValues: keys.map { ($0, mean) })
        }
        counts.completeMilliseconds = each(acked.keys, complete)
        counts.executeMilliseconds = each(executed.keys, execute)
        counts.processMilliseconds = each(executed.keys, process)
        return counts
    }
}

extension ExecutorTally {
    /// - Parameter statistics: of the executor's tasks.
    init(_ statistics: [TaskStatistics], of component: PlannedComponent, _ topology: TopologyDescription) {
        for task in statistics { add(task, of: component, topology) }
    }

    private mutating func add(
        _ task: TaskStatistics, of component: PlannedComponent, _ topology: TopologyDescription
    ) {
        let stream = StreamID.default.name
        for (stream, count) in task.emitted { emitted[stream.name, default: 0] += Int64(count) }
        transferred[stream, default: 0] += Int64(task.transferred)
        if component.role == .spout {
            acked[stream, default: 0] += Int64(task.acked)
            failed[stream, default: 0] += Int64(task.failed)
            complete.nanoseconds += task.completeLatencyNanoseconds
            complete.count += Int64(task.acked)
            return
        }
        for (source, count) in task.executed {
            executed[Self.input(source, of: component.id, topology), default: 0] += Int64(count)
        }
        let first = topology[component.id]?.inputs.first.map { "\($0.source)" } ?? "records"
        acked[first, default: 0] += Int64(task.acked)
        failed[first, default: 0] += Int64(task.failed)
        execute.add(task.executeLatency)
        process.add(task.processLatency)
    }

    /// `component:stream`; the engine counts executed tuples per source component, so several subscribed streams of one
    /// component are shown as one.
    private static func input(_ source: String, of component: String, _ topology: TopologyDescription) -> String {
        let streams = (topology[component]?.inputs ?? []).filter { $0.source.component == source }
        return streams.count == 1 ? "\(streams[0].source)" : "\(source):*"
    }
}
