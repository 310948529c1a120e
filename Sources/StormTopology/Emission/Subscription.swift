import StormCore

/// One bolt's subscription to one stream of this task, resolved to its targets. `TargetGroup` is made from it.
struct Subscription {
    enum Mode {
        /// In turn over these outboxes.
        case turn([Int32])
        case all
        /// Field indexes.
        case fields([Int])
        case partialKey([Int])
        case custom(any CustomGrouping)
        /// Only reached by `emitDirect`.
        case direct
    }

    let mode: Mode
    /// Outbox numbers of all the bolt's tasks, ascending by task.
    let targets: [Int32]
    let tasks: [TaskID]
}
