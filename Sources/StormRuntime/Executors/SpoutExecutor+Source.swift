import StormCore
import StormTopology
import StormWire

// Spouts whose messages come from outside: from a child process.
extension SpoutExecutor {
    /// - Returns: when to do so again at the latest.
    func drive(_ task: Task, _ source: any OutsideSource, hasCredit: Bool, _ now: Int64) -> Int64 {
        // What came stays where it is until it can be emitted.
        guard hasCredit else { return .max }
        let tracking = task.collector.tracking
        let free = max(0, tracking.pointee.maxPending - tracking.pointee.trees.count)
        let room = task.isActive && task.retry?.hasRoom != false ? free : 0
        let wake = source.drive(task.collector, room: room, now: now)
        reportFault(task)
        if let loss = source.takeLoss() { failAll(task, loss) }
        return wake
    }

    /// Fails all messages in flight: who emitted them is gone.
    private func failAll(_ task: Task, _ detail: String) {
        let cause = cause(.threw, at: task.id.rawValue, detail: detail)
        for root in task.collector.tracking.pointee.trees.roots {
            if let tree = task.collector.tracking.pointee.trees.remove(root) {
                failed(task, tree, root: root, cause)
            }
        }
    }
}
