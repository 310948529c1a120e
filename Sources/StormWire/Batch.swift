import Synchronization

/// A contiguous buffer of encoded tuples or ack records from one task to one task, and a link of its queue.
///
/// The sender fills it, hands it over, and never touches it again; the receiver reads it, and may write the anchors'
/// edges and the settled flag of its tuples. So exactly one thread uses it at a time, which the hand-over queue's
/// release/acquire order makes visible.
// @unchecked: one owner at a time, as above; the queue link is only touched by `BatchQueue`.
public final class Batch: @unchecked Sendable {
    public let base: UnsafeMutableRawPointer
    public let capacityBytes: Int
    /// Names and numbers for the tuples within.
    public let schema: Schema
    /// Who gets the credit back when the batch has been executed; nil while pooled.
    public var credit: (any CreditHolder)?
    /// Where its receiver notes what is wrong with the tuples within (`FaultDesk`); set by the receiver, before it reads.
    package var reader: AnyObject?
    @usableFromInline var next: Unmanaged<Batch>?

    public init(capacityBytes: Int, schema: Schema) {
        base = .allocate(byteCount: capacityBytes, alignment: 16)
        self.capacityBytes = capacityBytes
        self.schema = schema
    }

    deinit { base.deallocate() }

    /// First byte after the header.
    @inlinable
    public var payload: UnsafeMutableRawPointer { base + BatchLayout.headerBytes }
    /// First byte after the last tuple, once sealed.
    @inlinable
    public var end: UnsafeMutableRawPointer { base + byteCount }
    /// Frame length, header included; set by `seal`.
    @inlinable
    public var byteCount: Int { Int(base.reading.u32(BatchLayout.lengthOffset)) }
    @inlinable
    public var kind: BatchKind? { BatchKind(rawValue: base.reading.u8(BatchLayout.kindOffset)) }
    @inlinable
    public var destinationTask: Int32 { Int32(bitPattern: base.reading.u32(BatchLayout.destinationOffset)) }
    @inlinable
    public var sourceTask: Int32 { Int32(bitPattern: base.reading.u32(BatchLayout.sourceOffset)) }
    /// Tuples or records within.
    @inlinable
    public var count: Int { Int(base.reading.u32(BatchLayout.countOffset)) }
    /// Whether its sender needs the credit as soon as the batch has been executed; set after `seal`.
    public var isUrgent: Bool {
        get { base.reading.u8(BatchLayout.flagsOffset) & BatchLayout.urgentFlag != 0 }
        set { base.put(newValue ? BatchLayout.urgentFlag : 0, BatchLayout.flagsOffset) }
    }
    @inlinable
    public var sequence: UInt64 { base.reading.u64(BatchLayout.sequenceOffset) }

    /// Writes the header; the payload runs up to `end`. The checksum is left to the transport.
    public func seal(
        _ kind: BatchKind, from source: Int32, to destination: Int32, count: Int, end: UnsafeMutableRawPointer,
        sequence: UInt64
    ) {
        base.put(UInt32(end - base), BatchLayout.lengthOffset)
        base.put(UInt32(0), BatchLayout.checksumOffset)
        base.put(UInt32(kind.rawValue), BatchLayout.kindOffset)
        base.put(UInt32(bitPattern: destination), BatchLayout.destinationOffset)
        base.put(UInt32(bitPattern: source), BatchLayout.sourceOffset)
        base.put(UInt32(count), BatchLayout.countOffset)
        base.put(sequence, BatchLayout.sequenceOffset)
    }

    /// Bytes on the wire.
    public var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: byteCount) }
}

/// Gets told when a batch has been executed, so that its sender may send more.
public protocol CreditHolder: AnyObject, Sendable {
    /// Called on the receiver's thread, once per batch.
    func returnCredit(_ bytes: Int, sequence: UInt64)
}

/// Many threads put batches in, one takes all out; lock-free (a Treiber stack, reversed by the consumer).
///
/// It has no bound of its own: the credits of the edges that lead here bound it.
public final class BatchQueue: Sendable {
    private let head = Atomic<UInt>(0)

    public init() {}

    deinit { _ = takeAll() }

    /// - Returns: true when the queue was empty, so its consumer has to be woken.
    public func push(_ batch: Batch) -> Bool {
        let link = Unmanaged.passRetained(batch)
        var old = head.load(ordering: .relaxed)
        while true {
            batch.next = UnsafeRawPointer(bitPattern: old).map { Unmanaged.fromOpaque($0) }
            let (done, current) = head.weakCompareExchange(
                expected: old, desired: UInt(bitPattern: link.toOpaque()), successOrdering: .acquiringAndReleasing,
                failureOrdering: .relaxed)
            if done { return old == 0 }
            old = current
        }
    }

    public var isEmpty: Bool { head.load(ordering: .relaxed) == 0 }

    /// Everything pushed so far, oldest first. Only the consumer calls it. O(batches).
    public func takeAll() -> BatchChain {
        var link = UnsafeRawPointer(bitPattern: head.exchange(0, ordering: .acquiringAndReleasing))
            .map { Unmanaged<Batch>.fromOpaque($0) }
        var first: Unmanaged<Batch>?
        var last: Unmanaged<Batch>?
        while let batch = link {
            let following = batch._withUnsafeGuaranteedRef { current in
                let following = current.next
                current.next = first
                return following
            }
            if last == nil { last = batch }
            first = batch
            link = following
        }
        return BatchChain(first: first, last: last)
    }
}

/// Batches linked in order, owned by one consumer.
public struct BatchChain: ~Copyable {
    private var first: Unmanaged<Batch>?
    private var last: Unmanaged<Batch>?

    init(first: Unmanaged<Batch>?, last: Unmanaged<Batch>?) {
        self.first = first
        self.last = last
    }

    public init() {}

    deinit {
        var link = first
        while let batch = link {
            let owned = batch.takeRetainedValue()
            link = owned.next
            owned.next = nil
        }
    }

    public var isEmpty: Bool { first == nil }

    public mutating func popFirst() -> Batch? {
        guard let link = first else { return nil }
        let batch = link.takeRetainedValue()
        first = batch.next
        if first == nil { last = nil }
        batch.next = nil
        return batch
    }

    /// Moves `other` behind what is here. O(1).
    public mutating func append(_ other: consuming BatchChain) {
        guard let otherFirst = other.first else { return }
        if let tail = last {
            tail._withUnsafeGuaranteedRef { $0.next = otherFirst }
        } else {
            first = otherFirst
        }
        last = other.last
        other.first = nil
        other.last = nil
    }
}
