import StormCore

/// Whether something is under way in a worker, as far as the worker itself can tell.
package struct EngineActivity: Hashable, Sendable {
    /// Messages of the spouts here whose trees are not done.
    package var pending: Int
    /// Counts everything that executors here emitted, executed and finished, but for ticks; two equal numbers, some time
    /// apart, mean that nothing happened in between.
    package var progress: Int
    /// Every executor was asked and answered just now.
    package var isComplete: Bool

    package init(pending: Int, progress: Int, isComplete: Bool) {
        self.pending = pending
        self.progress = progress
        self.isComplete = isComplete
    }

    init(_ statistics: [TaskStatistics], isComplete: Bool) {
        self.isComplete = isComplete
        let tasks = statistics.filter { $0.component != TopologyPlan.ackerComponent }
        pending = tasks.reduce(0) { $0 + $1.pending }
        progress = tasks.reduce(0) { sum, task in
            sum + task.emitted.values.reduce(0, +) + task.executed.values.reduce(0, +) + task.failed
        }
    }
}

extension TopologyEngine {
    /// Asks every executor on its own loop. After `setActive(false)` the answer is from after the spouts' last message.
    package func activity() async -> EngineActivity {
        let round = ExecutorRound<[TaskStatistics]>(count: executors.count)
        for (index, executor) in executors.enumerated() {
            executor.askStatistics { round.answer(index, $0) }
        }
        let answers = executors.isEmpty ? [:] : await round.answers()
        let all = executors.indices.map { answers[$0] ?? executors[$0].latestStatistics }
        return EngineActivity(all.flatMap(\.self), isComplete: answers.count == executors.count)
    }
}
