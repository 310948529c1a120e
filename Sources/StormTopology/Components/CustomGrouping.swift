public import StormCore
public import StormWire

/// A grouping in user code. One object per emitting task; called on its executor only.
public protocol CustomGrouping: AnyObject {
    /// Before the first tuple, and again when the targets' places change.
    func prepare(source: TaskID, stream: GlobalStreamID, targets: [TaskID])
    /// The tasks that get the tuple: any number of `targets`.
    func choose(_ values: [Value]) -> [TaskID]
}
