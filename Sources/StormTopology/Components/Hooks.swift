public import StormCore
public import StormWire
import Synchronization

/// Sees what one task does, on the task's executor, synchronously (Storm's ITaskHook).
///
/// A task with a hook leaves the fast path of `emit`: hooks are for measuring and debugging.
public protocol TaskHook: AnyObject {
    /// After a tuple was written to its target tasks.
    func emitted(_ values: [Value], stream: StreamID, to tasks: [TaskID])
    /// After `execute` returned.
    func executed(_ tuple: Tuple)
    func acked(_ tuple: Tuple)
    func failed(_ tuple: Tuple)
    func spoutAcked(_ id: MessageID)
    func spoutFailed(_ id: MessageID, _ reason: FailureReason)
    /// On an orderly stop, before `close` and `cleanup`.
    func cleanup()
}

extension TaskHook {
    public func emitted(_ values: [Value], stream: StreamID, to tasks: [TaskID]) {}
    public func executed(_ tuple: Tuple) {}
    public func acked(_ tuple: Tuple) {}
    public func failed(_ tuple: Tuple) {}
    public func spoutAcked(_ id: MessageID) {}
    public func spoutFailed(_ id: MessageID, _ reason: FailureReason) {}
    public func cleanup() {}
}

/// Runs once per worker: `start` before any task exists, `shutdown` last (Storm's IWorkerHook).
public protocol WorkerHook: Sendable {
    func start(_ resources: WorkerResources) throws
    func shutdown(_ resources: WorkerResources)
}

extension WorkerHook {
    public func start(_ resources: WorkerResources) throws {}
    public func shutdown(_ resources: WorkerResources) {}
}

/// Things shared by all tasks of a worker, by name: a connection pool, a model, a cache.
public final class WorkerResources: Sendable {
    private let values = Mutex<[String: any Sendable]>([:])

    public init() {}

    public subscript(name: String) -> (any Sendable)? {
        get { values.withLock { $0[name] } }
        set { values.withLock { $0[name] = newValue } }
    }
}
