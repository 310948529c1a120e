/// A bolt that waits: for a database, a web service, a disk. `execute` is `async` and runs for many tuples at once, off the
/// executor's thread, so a wait holds up neither the other tuples of the task nor other executors.
///
/// A tuple is acked when its `execute` returns and failed when it throws. What was emitted is anchored to it and leaves when
/// `execute` returns; nothing that a failed call emitted leaves. At most `topology.async.bolt.max.in.flight` calls of a
/// task are under way (`BoltDeclarer.maxInFlight`); then the task takes no more tuples, which its senders feel as back
/// pressure. A call that takes longer than `topology.message.timeout.secs` is cancelled and its tuple fails. The order
/// of the tuples is not kept.
///
/// The object is shared by all calls: a class whose state is guarded, or an actor.
///
/// ```swift
/// actor AddAddress: AsyncBolt {
///     static let outputs: Outputs = ["customer", "address"]
///     private let directory = Directory()
///
///     func execute(_ tuple: AsyncTuple, _ out: AsyncCollector) async throws {
///         let customer = tuple.string("customer")
///         out.emit(customer, try await directory.address(of: customer))
///     }
/// }
/// ```
public protocol AsyncBolt: AnyObject, Sendable {
    static var outputs: Outputs { get }

    /// Before the first tuple, on the executor's thread. An error stops the worker, which is then restarted with back-off.
    nonisolated func prepare(_ context: TaskContext) throws
    /// On the shared thread pool of Swift's tasks.
    func execute(_ tuple: AsyncTuple, _ out: AsyncCollector) async throws
    /// A tick of `topology.tick.tuple.freq.secs`. Unless implemented, ticks come to `execute` as in Storm.
    func tick(_ tuple: AsyncTuple, _ out: AsyncCollector) async throws
    /// On an orderly stop only, when no call is under way any more or the wait for them was given up.
    nonisolated func cleanup()
}

extension AsyncBolt {
    public static var outputs: Outputs { [] }
    public nonisolated func prepare(_ context: TaskContext) throws {}
    public func tick(_ tuple: AsyncTuple, _ out: AsyncCollector) async throws { try await execute(tuple, out) }
    public nonisolated func cleanup() {}
}
