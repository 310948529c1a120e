import StormCluster
import StormCore
import StormRuntime
import StormTopology

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
        func each(_ streams: [String: Int64], _ times: Times) -> [String: Double] {
            guard let mean = times.milliseconds else { return [:] }
            // A stream of which nothing came has taken no time.
            return streams.filter { $0.value > 0 }.mapValues { _ in mean }
        }
        counts.completeMilliseconds = each(acked, complete)
        counts.executeMilliseconds = each(executed, execute)
        counts.processMilliseconds = each(executed, process)
        return counts
    }
}

extension ExecutorTally {
    /// - Parameter statistics: of the executor's tasks.
    init(_ statistics: [TaskStatistics], of component: PlannedComponent) {
        for task in statistics { add(task, of: component) }
    }

    private mutating func add(_ task: TaskStatistics, of component: PlannedComponent) {
        for (stream, count) in task.emitted { emitted[stream.name, default: 0] += Int64(count) }
        for (stream, counts) in task.outputs {
            transferred[stream.name, default: 0] += Int64(counts.transferred)
            guard component.role == .spout else { continue }
            acked[stream.name, default: 0] += Int64(counts.acked)
            failed[stream.name, default: 0] += Int64(counts.failed)
        }
        if component.role == .spout {
            complete.nanoseconds += task.completeLatencyNanoseconds
            complete.count += Int64(task.acked)
            return
        }
        for (source, counts) in task.inputs {
            executed["\(source)", default: 0] += Int64(counts.executed)
            acked["\(source)", default: 0] += Int64(counts.acked)
            failed["\(source)", default: 0] += Int64(counts.failed)
        }
        execute.add(task.executeLatency)
        process.add(task.processLatency)
    }
}
