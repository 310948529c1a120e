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

/// How tuples of one output stream leave, resolved as far as it can be before they are encoded.
@frozen
public struct StreamRoute {
    @frozen
    public enum Kind: UInt8 {
        /// Nobody subscribes: the tuple is counted and not encoded.
        case none
        /// One subscription whose target does not depend on the values: encode straight into the target's batch.
        case direct
        /// Anything else: encode into the scratch buffer, then `Emitter.distribute`.
        case general
    }

    @usableFromInline package var kind: Kind
    @usableFromInline package var fieldCount: UInt16
    @usableFromInline package var streamNumber: UInt16
    /// Next position in `targets`, in turn.
    @usableFromInline package var next: Int32
    @usableFromInline package var targetCount: Int32
    /// Outbox numbers, for `Kind.direct`.
    @usableFromInline package var targets: UnsafeMutablePointer<Int32>
    /// Tuples emitted so far.
    @usableFromInline package var emitted: Int

    package init(streamNumber: UInt16, fieldCount: UInt16, targets: UnsafeMutablePointer<Int32>) {
        kind = .none
        self.fieldCount = fieldCount
        self.streamNumber = streamNumber
        next = 0
        targetCount = 0
        self.targets = targets
        emitted = 0
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
    /// Whether all that was sent has been executed: then waiting for a fuller batch would only add latency.
    var isIdle: Bool { get }
    /// Bytes for the next batch to open, at least `atLeast`.
    func nextBatchBytes(atLeast: Int) -> Int
}
