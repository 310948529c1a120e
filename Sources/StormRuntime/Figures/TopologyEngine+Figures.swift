import StormCore

extension TopologyEngine {
    /// The counters of all executors here, by first task. One that has been in user code for seconds shows what it showed
    /// last; its time goes on.
    package func figures() async -> [ExecutorFigures] {
        let statistics = await statistics()
        return executors.map { executor in
            let kind: ExecutorFigures.Kind =
                executor is SpoutExecutor ? .spout : executor is BoltExecutor ? .bolt : .acker
            var figures = ExecutorFigures(
                first: Int(executor.range.first.rawValue), last: Int(executor.range.last.rawValue),
                component: executor.component, kind: kind)
            for task in statistics where task.task >= executor.range.first && task.task <= executor.range.last {
                figures.emitted += task.emitted.values.reduce(0, +)
                figures.transferred += task.transferred
                figures.executed += task.executed.values.reduce(0, +)
                figures.acked += task.acked
                figures.failed += task.failed
                figures.pending += task.pending
                figures.completeNanoseconds += task.completeLatencyNanoseconds
                figures.errors += task.errors
                guard task.worksOutside else { continue }
                figures.outsideNanoseconds =
                    (figures.outsideNanoseconds ?? 0) + (task.executeLatency?.totalNanoseconds ?? 0)
            }
            figures.busyNanoseconds = executor.busyNanoseconds
            return figures
        }.sorted { $0.first < $1.first }
    }
}
