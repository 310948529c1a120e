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
    /// The same, with what is known about it; what a transport calls.
    func processLost(_ loss: ProcessLoss)
    /// Where all tasks run from now on, for who reads of failures.
    func placed(_ places: [TaskID: TaskPlace])
}

extension BatchReceiver {
    public func processLost(_ loss: ProcessLoss) { processLost(of: loss.tasks) }
    public func placed(_ places: [TaskID: TaskPlace]) {}
}

/// A worker, as people call it.
public struct TaskPlace: Hashable, Sendable {
    public let host: String
    public let port: Int

    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }
}

/// A worker process that is gone, or has lost these tasks to another one.
public struct ProcessLoss: Hashable, Sendable {
    public let tasks: [TaskID]
    public let place: TaskPlace?
    /// How long ago the connection to it broke: it did nothing since; 0 while it is not known to have broken.
    public let nanosecondsAgo: Int64

    public init(of tasks: [TaskID], at place: TaskPlace? = nil, nanosecondsAgo: Int64 = 0) {
        self.tasks = tasks
        self.place = place
        self.nanosecondsAgo = nanosecondsAgo
    }
}

extension TopologyEngine: BatchReceiver {}

/// A receiver whose loops exchange empty batches: a transport that takes part makes and frees none under load.
package protocol BatchDepotOwner: AnyObject, Sendable {
    var depot: BatchDepot { get }
}

extension TopologyEngine: BatchDepotOwner {}
