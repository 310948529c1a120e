package import StormCore
import StormTopology
import StormWire

extension TopologyEngine {
    /// Emits a dead letter as a new message of the task that it came from, with all attempts anew. Any thread.
    /// - Parameter onEnd: called at most once, on a loop's thread: when the message's end is known. Never when the engine
    ///   stops before that.
    /// - Returns: false when the task that has to emit it does not run here.
    package func replay(_ letter: DeadLetter, _ onEnd: @escaping @Sendable (ReplayOutcome) -> Void) -> Bool {
        guard let task = replayTask(component: letter.component, task: letter.task),
            let executor = executors.first(where: { $0.range.tasks.contains(task) })
        else { return false }
        return executor.post { ($0 as? SpoutExecutor)?.replay(letter, task: task, onEnd) }
    }

    /// The one task that replays letters of a task, wherever it runs: the task itself, or, when the component has it no
    /// longer, one of the others.
    /// - Returns: nil when there is no such spout.
    package func replayTask(component: String, task: TaskID) -> TaskID? {
        guard let planned = schema.plan[component], planned.role == .spout else { return nil }
        let tasks = planned.tasks
        return tasks.contains(task) ? task : tasks[Int(task.rawValue.magnitude) % tasks.count]
    }

    /// Whether a spout here has a retry policy.
    package var hasRetries: Bool { executors.contains { ($0 as? SpoutExecutor)?.limits.retry != nil } }

    /// Whether a task runs in this worker.
    package func runs(_ task: TaskID) -> Bool { executors.contains { $0.range.tasks.contains(task) } }
}
