import StormCore
import StormMetrics
import StormRuntime
import StormTopology
import StormWire

/// Writes what tasks have counted on a sheet, where the tasks of a component add up. Pure.
struct ComponentSheet {
    let topology: String
    /// Bounds that the first task with this histogram has; another task's with other bounds is left out.
    private var userBounds: [[String]: [Double]] = [:]

    init(topology: String) { self.topology = topology }

    mutating func add(_ task: TaskStatistics, to sheet: inout MetricSheet) {
        let each = [topology, task.component]
        sheet.add(ComponentMetrics.tasks, each, 1)
        for (stream, count) in task.emitted { sheet.add(ComponentMetrics.emitted, each + [stream.name], count) }
        sheet.add(ComponentMetrics.transferred, each, task.transferred)
        for (source, count) in task.executed { sheet.add(ComponentMetrics.executed, each + [source], count) }
        sheet.add(ComponentMetrics.acked, each, task.acked)
        sheet.add(ComponentMetrics.failed, each, task.failed)
        sheet.add(ComponentMetrics.errors, each, task.errors)
        sheet.add(ComponentMetrics.queued, each, task.unexecutedBytes)
        sheet.add(ComponentMetrics.blocked, each, task.blockedEdges)
        if let latency = task.executeLatency {
            sheet.add(ComponentMetrics.execute, each, Distribution(latency))
        }
        if let latency = task.processLatency {
            sheet.add(ComponentMetrics.process, each, Distribution(latency))
        }
        let isSpout = task.completeLatency != nil
        if isSpout || task.component == TopologyPlan.ackerComponent {
            sheet.add(ComponentMetrics.pending, each, task.pending)
        }
        if let histogram = task.completeLatency {
            let complete = Distribution(
                histogram, totalNanoseconds: task.completeLatencyNanoseconds, bounds: LatencyBounds.complete)
            sheet.add(ComponentMetrics.complete, each, complete)
            sheet.add(ComponentMetrics.retrying, each, task.retrying)
            sheet.add(ComponentMetrics.replayed, each, task.replayed)
            sheet.add(ComponentMetrics.deadLettered, each, task.deadLettered)
        }
        for metric in task.userMetrics { add(metric, each, to: &sheet) }
    }

    func add(_ journal: TaskJournal, to sheet: inout MetricSheet) {
        let each = [topology, journal.component]
        for reason in FailureReason.allCases where reason != .none {
            let count = journal.journal.causes.reduce(0) { $0 + ($1.cause.reason == reason ? $1.count : 0) }
            sheet.add(ComponentMetrics.failures, each + [reason.name], count)
        }
        let unknown = journal.journal.causes.reduce(0) { $0 + ($1.cause.reason == .none ? $1.count : 0) }
        sheet.add(ComponentMetrics.failures, each + ["other"], journal.journal.other + unknown)
    }

    func add(_ executor: ExecutorBusy, to sheet: inout MetricSheet) {
        let each = [topology, executor.component]
        sheet.add(ComponentMetrics.executors, each, 1)
        sheet.add(ComponentMetrics.busy, each, Double(executor.nanoseconds) / 1e9)
    }

    private mutating func add(_ metric: UserMetric, _ each: [String], to sheet: inout MetricSheet) {
        let labels = each + [metric.name]
        switch metric.value {
        case .counter(let count): sheet.add(UserMetrics.counter, labels, count)
        case .gauge(let value): sheet.add(UserMetrics.gauge, labels, value)
        case .timer(let latency):
            sheet.add(UserMetrics.timer, labels, Distribution(latency))
        case .histogram(let histogram):
            guard userBounds[labels, default: histogram.bounds] == histogram.bounds else { return }
            userBounds[labels] = histogram.bounds
            sheet.add(
                UserMetrics.histogram, labels,
                Distribution(bounds: histogram.bounds, counts: histogram.counts, sum: histogram.sum))
        }
    }
}
