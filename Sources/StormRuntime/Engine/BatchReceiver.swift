public import StormCore
package import StormTopology
public import StormWire

/// What a transport hands batches to: the engine of this worker. All methods may be called from any thread.
public protocol BatchReceiver: AnyObject, Sendable {
    /// Names and numbers for the batches that come in.
    var schema: Schema { get }
    /// Takes a validated batch; its `credit` is told when the batch has been executed.
    func receive(_ batch: Batch)
    /// Takes back a batch that its receiver never confirmed: its trees fail at once and its credit returns.
    func lost(_ batch: Batch)
    /// The process that ran these tasks is gone, and all that it knew with it.
    func processLost(of tasks: [TaskID])
}

extension TopologyEngine: BatchReceiver {}

/// A receiver whose loops exchange empty batches: a transport that takes part makes and frees none under load.
package protocol BatchDepotOwner: AnyObject, Sendable {
    var depot: BatchDepot { get }
}

extension TopologyEngine: BatchDepotOwner {}
