import StormCluster
import StormCore
import StormThrift

/// What some executors did in one window, summed: of a component, of one of its streams, or of a single executor. Counts
/// add up; latencies are means weighted by the tuples they are of; capacity is that of the busiest executor, as in Storm.
struct ExecutorTotals {
    var executors = 0
    var tasks = 0
    var emitted: Int64 = 0
    var transferred: Int64 = 0
    var executed: Int64 = 0
    var acked: Int64 = 0
    var failed: Int64 = 0
    var complete = WeightedMean()
    var execute = WeightedMean()
    var process = WeightedMean()
    var capacity = 0.0

    init() {}

    init(_ reports: [ExecutorReport], window: String, includeSystem: Bool) {
        for report in reports { add(report, window: window, includeSystem: includeSystem) }
    }

    private mutating func add(_ report: ExecutorReport, window: String, includeSystem: Bool) {
        executors += 1
        tasks += report.range.taskCount
        guard let beat = report.beat else { return }
        add(beat.counts(in: window)) { includeSystem || !StatisticsWindow.isSystem($0) }
        capacity = max(capacity, beat.capacity)
    }

    /// - Parameter isCounted: by stream; of inputs by `component:stream`, where the component is asked for.
    mutating func add(_ counts: ExecutorCounts, where isCounted: (String) -> Bool) {
        func sum(_ numbers: [String: Int64]) -> Int64 {
            numbers.reduce(0) { isCounted($1.key) ? $0 + $1.value : $0 }
        }
        emitted += sum(counts.emitted)
        transferred += sum(counts.transferred)
        executed += sum(counts.executed)
        acked += sum(counts.acked)
        failed += sum(counts.failed)
        for (stream, mean) in counts.completeMilliseconds where isCounted(stream) {
            complete.add(mean, weight: counts.acked[stream] ?? 0)
        }
        for (stream, mean) in counts.executeMilliseconds where isCounted(stream) {
            execute.add(mean, weight: counts.executed[stream] ?? 0)
        }
        for (stream, mean) in counts.processMilliseconds where isCounted(stream) {
            process.add(mean, weight: counts.executed[stream] ?? 0)
        }
    }

    /// In the form of Storm's interface.
    func stats(_ type: Thrift.ComponentType, lastError: ErrorRecord? = nil) -> Thrift.ComponentAggregateStats {
        let common = Thrift.CommonAggregateStats(
            numExecutors: Int32(clamping: executors), numTasks: Int32(clamping: tasks), emitted: emitted,
            transferred: transferred, acked: acked, failed: failed)
        let specific: Thrift.SpecificAggregateStats =
            switch type {
            case .spout: .spout(.init(completeLatencyMs: complete.value))
            case .bolt:
                .bolt(
                    .init(
                        executeLatencyMs: execute.value, processLatencyMs: process.value, executed: executed,
                        capacity: capacity))
            }
        return Thrift.ComponentAggregateStats(
            type: type, commonStats: common, specificStats: specific, lastError: lastError.map(SummaryBuilder.error))
    }
}
