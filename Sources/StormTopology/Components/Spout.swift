public import StormWire

/// A source of tuples.
///
/// One object per task. All calls come from the one executor that owns the task, never two at once; after a crash the
/// object is made anew, so what must survive belongs into the source itself.
///
/// A message emitted with an id is tracked: exactly one of `ack` and `fail` is called for it while this object lives.
/// `fail` is where a reliable spout emits it again. With a retry policy (`SpoutDeclarer.retry`) the engine does that: then
/// `fail` is only called for a message that could not be emitted at all, and, before `close`, for those that still wait for
/// their retry.
public protocol Spout: AnyObject, SendableMetatype {
    static var outputs: Outputs { get }

    /// Before the first `nextTuple`. An error stops the worker, which is then restarted with back-off.
    func open(_ context: TaskContext, _ out: SpoutCollector) throws
    /// Emits the next message, or nothing if there is none just now: then it is asked again after a pause that grows to
    /// 20 ms. Must not block. An error is reported and the spout goes on.
    func nextTuple(_ out: SpoutCollector) throws
    /// Every tuple of the message's tree was acked.
    func ack(_ id: MessageID)
    func fail(_ id: MessageID, _ reason: FailureReason)
    /// With a retry policy: the last attempt failed, for `reason`, and the message is stored as a dead letter. In place of
    /// `ack`; calls `ack` unless written otherwise, so that the source moves on.
    func deadLettered(_ id: MessageID, _ reason: FailureReason)
    /// Once after `open`, and after each activation of the topology.
    func activate()
    func deactivate()
    /// On an orderly stop only; not after `kill -9`.
    func close()
}

extension Spout {
    public func open(_ context: TaskContext, _ out: SpoutCollector) throws {}
    public func ack(_ id: MessageID) {}
    public func fail(_ id: MessageID, _ reason: FailureReason) {}
    public func deadLettered(_ id: MessageID, _ reason: FailureReason) { ack(id) }
    public func activate() {}
    public func deactivate() {}
    public func close() {}
}
