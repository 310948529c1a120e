public import StormWire

/// The pending trees of a spout task and what bounds them; plain memory behind a raw pointer, so that no access is checked
/// dynamically.
@usableFromInline package struct Tracking: ~Copyable {
    @usableFromInline package var trees: PendingTrees
    /// `topology.max.spout.pending`.
    @usableFromInline package var maxPending: Int
    /// `topology.message.timeout.secs`; `Int64.max`: messages never time out.
    @usableFromInline package let timeoutNanoseconds: Int64
    /// Time of the current slice.
    @usableFromInline package var now: Int64 = 0
    /// Messages emitted with an id so far.
    @usableFromInline package var emitted = 0
    /// Records about trees that had ended before.
    @usableFromInline package var lateOutcomes = 0
    /// Messages acked so far.
    @usableFromInline package var acked = 0
    /// Emit to ack, of all acked trees.
    @usableFromInline package var latency = CompleteLatency()

    /// With 0 ackers: an id to ack as soon as `nextTuple` has returned, by far the most often the only one.
    @usableFromInline var waiting = 0
    @usableFromInline var isWaiting = false
    /// Further ids, and ids that are no numbers.
    @usableFromInline var waitingOthers: [MessageID] = []
    @usableFromInline var hasOthers = false
    private var refused: [(id: MessageID, fault: TupleFault)] = []

    package init(trees: consuming PendingTrees, maxPending: Int, timeoutNanoseconds: Int64?) {
        self.trees = trees
        self.maxPending = maxPending
        self.timeoutNanoseconds = timeoutNanoseconds ?? .max
    }

    /// Registers a message of the stream at this position among the spout's own. - Returns: its root id.
    @inlinable
    mutating func start(_ id: MessageID, stream: UInt16) -> UInt64 {
        emitted &+= 1
        return trees.insert(id, stream: stream, now: now, deadline: deadline(from: now))
    }

    /// Messages that are neither acked nor failed.
    package var inFlight: Int { trees.count + waitingOthers.count + (isWaiting ? 1 : 0) + refused.count }

    // MARK: Refused

    /// A message whose tuple could not be emitted; it fails when `nextTuple` has returned.
    @usableFromInline
    mutating func refuse(_ id: MessageID, _ fault: TupleFault) {
        emitted &+= 1
        refused.append((id, fault))
    }

    package var hasRefused: Bool { !refused.isEmpty }

    /// The messages to fail now, in order. `fail` may emit: what that adds waits for the next call.
    package mutating func takeRefused() -> [(id: MessageID, fault: TupleFault)] {
        defer { refused = [] }
        return refused
    }

    /// When a message that was emitted, or extended, at `time` times out.
    @inlinable
    package func deadline(from time: Int64) -> Int64 {
        timeoutNanoseconds == .max ? .max : time &+ timeoutNanoseconds
    }

    // MARK: Without ackers

    @inlinable
    mutating func ackAtOnce(_ id: MessageID) {
        emitted &+= 1
        if case .int(let number) = id, !isWaiting, !hasOthers {
            waiting = number
            isWaiting = true
        } else {
            ackLater(id)
        }
    }

    @usableFromInline
    mutating func ackLater(_ id: MessageID) {
        waitingOthers.append(id)
        hasOthers = true
    }

    @inlinable package var hasUntracked: Bool { isWaiting || hasOthers }

    /// The ids to ack now, in order. `ack` may emit: what that adds waits for the next call.
    @usableFromInline package mutating func takeUntracked() -> [MessageID] {
        let ids = (isWaiting ? [MessageID.int(waiting)] : []) + waitingOthers
        isWaiting = false
        waitingOthers.removeAll(keepingCapacity: true)
        hasOthers = false
        return ids
    }
}

extension SpoutCollector {
    /// Acks what was emitted without being tracked, by one number in nearly all cases.
    @inlinable
    func ackUntracked(_ ack: (MessageID) -> Void) {
        if hot.pointee.hasOthers {
            let ids = hot.pointee.takeUntracked()
            hot.pointee.acked &+= ids.count
            for id in ids { ack(id) }
        } else if hot.pointee.isWaiting {
            hot.pointee.isWaiting = false
            hot.pointee.acked &+= 1
            ack(.int(hot.pointee.waiting))
        }
    }

    /// Acks the completed trees of a run of records.
    /// - Returns: the first record that says something else, or `end`.
    @inlinable
    func ackCompleted(
        _ start: UnsafeRawPointer, _ end: UnsafeRawPointer, now: Int64, _ ack: (MessageID) -> Void
    ) -> UnsafeRawPointer {
        var p = start
        while p < end, p.u8(AckRecord.kindOffset) == AckRecord.Kind.completed.rawValue {
            // An unknown root was timed out before; a late completion changes nothing (reliability.md, section 3.2).
            if let tree = hot.pointee.trees.remove(p.u64(0)) {
                hot.pointee.acked &+= 1
                state.pointee.routes[Int(tree.stream)].acked &+= 1
                hot.pointee.latency.add(now &- tree.started)
                ack(tree.id)
            } else {
                hot.pointee.lateOutcomes &+= 1
            }
            p += AckRecord.byteCount
        }
        return p
    }
}
