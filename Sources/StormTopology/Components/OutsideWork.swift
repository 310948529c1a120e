package import StormCore
package import StormWire

/// Tuples of a bolt's task that are worked on outside of its executor: by the calls of an `AsyncBolt`, in a child process.
///
/// The executor hands tuples over while there is room, and settles what came back whenever the handler was called.
/// Confined to the executor, but for the handler.
package protocol OutsideWork: AnyObject {
    /// Tuples that the task has taken and that are neither settled nor given up.
    var count: Int { get }
    /// Whether the task can take another tuple.
    var hasRoom: Bool { get }
    /// Whether there is anything to settle.
    var hasNews: Bool { get }
    /// When `expire` has to be called next; `max`: never, unless a tuple comes.
    var nextDeadline: Int64 { get }
    /// Of the tuples that were settled in time: how long each was worked on, and from when it was taken to its ack, of those
    /// that were acked.
    var latencies: (execute: LatencyBuckets, process: LatencyBuckets) { get }

    /// - Parameters:
    ///   - limit: `topology.async.bolt.max.in.flight`, at least 1.
    ///   - timeoutNanoseconds: how long a tuple may take; nil: for ever.
    func configure(limit: Int, timeoutNanoseconds: Int64?)
    /// - Parameter body: called when there is news, or room again; on any thread; must not block.
    func setHandler(_ body: @escaping @Sendable () -> Void)
    /// Monotonic time, at the start of each slice.
    func beginSlice(now: Int64)
    /// After the last tuple of a run was taken.
    func endRun()
    /// Carries out what came back: emits, acks, fails. Stops when an edge runs out of credit; the rest is news again.
    /// - Returns: whether there was anything.
    func settle(_ out: Collector) -> Bool
    /// Fails the tuples that took too long.
    func expire(_ out: Collector)
    /// Fails all tuples. The end of the task.
    func giveUpAll(_ out: Collector)
}

extension OutsideWork {
    package func endRun() {}
}

/// Messages of a spout's task that come from outside of its executor: from a child process. Confined to the executor, but
/// for the handler.
package protocol OutsideSource: AnyObject {
    /// - Parameter body: called when there is news; on any thread; must not block.
    func setHandler(_ body: @escaping @Sendable () -> Void)
    /// Emits what came, and asks for more.
    /// - Parameter room: how many more messages may be in flight; 0 also while the spout is off.
    /// - Returns: when to call again at the latest (monotonic nanoseconds).
    func drive(_ out: SpoutCollector, room: Int, now: Int64) -> Int64
    /// Why everything in flight has to fail: whoever emitted it is gone. Nil: it is not so. Forgotten here.
    func takeLoss() -> String?
    func ack(_ id: MessageID)
    func fail(_ id: MessageID, _ reason: FailureReason)
    func setActive(_ isActive: Bool)
}
