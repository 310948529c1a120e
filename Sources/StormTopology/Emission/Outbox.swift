public import StormWire

/// The open batch for one destination task. Plain data in raw memory: the fast path of `emit` bumps `cursor`.
///
/// With no batch open `cursor == limit`, so that the next tuple of any size takes the slow path.
@frozen
public struct Outbox {
    @usableFromInline package var cursor: UnsafeMutableRawPointer
    @usableFromInline package var limit: UnsafeMutableRawPointer
    /// Tuples or records in the open batch.
    @usableFromInline package var count: Int

    package init(closedAt p: UnsafeMutableRawPointer) {
        cursor = p
        limit = p
        count = 0
    }
}

/// Where sealed batches of one outbox go, and how much may be under way. Implemented by the engine; called per batch,
/// on the sending task's executor.
public protocol OutboxEdge: AnyObject {
    /// Hands a sealed batch over. Never blocks and never refuses: a sender without credit is asked to stop, but may
    /// finish the call that it is in.
    func send(_ batch: Batch)
    /// Whether more is under way than the receiver has granted.
    var isOutOfCredit: Bool { get }
    /// Whether so much is under way that another receiver, where there is a choice, gets to a new batch sooner.
    var isCongested: Bool { get }
    /// Asks that the sender's executor is run again when credit returns.
    /// - Returns: false when there is credit already; then nobody will be told.
    func awaitCredit() -> Bool
    /// Whether all that was sent has been executed: then waiting for a fuller batch would only add latency.
    var isIdle: Bool { get }
    /// Bytes sent and not executed yet.
    var bytesUnderWay: Int { get }
    /// Bytes for the next batch to open, at least `atLeast`.
    func nextBatchBytes(atLeast: Int) -> Int
}

extension OutboxEdge {
    public var isCongested: Bool { isOutOfCredit }
    public var bytesUnderWay: Int { 0 }
    public func awaitCredit() -> Bool { isOutOfCredit }
}
