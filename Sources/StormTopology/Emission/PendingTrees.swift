package import StormCore

/// The tracked messages of one spout task that are neither acked nor failed yet.
///
/// A slab in raw memory: the slot number is part of the root id, so a completion finds its message without a search.
/// Free slots form a list, and so do the slots in use, in the order of their deadlines (all have the same timeout), so
/// that expiry costs nothing per tuple. 40 bytes for each message that was ever pending at one time.
///
/// Root id: task (15 bits) · generation of the slot (27 bits) · slot (22 bits), so that no two live trees of a topology
/// share one. The generation starts at random in each process.
@usableFromInline package struct PendingTrees: ~Copyable {
    /// As many messages as one spout task may have pending, whatever `topology.max.spout.pending` says.
    package static let maxSlots = 1 << 22

    @usableFromInline static let slotBits: UInt64 = 22
    @usableFromInline static let taskShift: UInt64 = 49

    @usableFromInline enum Content: UInt8 {
        case free
        /// `number` is the id.
        case int
        /// The id is in `others`, at the slot's place.
        case other
    }

    /// Plain data, so that nothing is counted or destroyed when it is written.
    @usableFromInline struct Slot {
        @usableFromInline var started: Int64
        @usableFromInline var deadline: Int64
        @usableFromInline var number: Int
        @usableFromInline var generation: UInt32
        /// In the list of pending trees.
        @usableFromInline var previous: Int32
        /// In the list of pending trees, or of free slots.
        @usableFromInline var next: Int32
        @usableFromInline var content: Content
        /// In the list of pending trees; not if it is abandoned.
        @usableFromInline var isListed = false
        /// Among the spout's own streams.
        @usableFromInline var stream: UInt16 = 0

        @usableFromInline init(generation: UInt32) {
            started = 0
            deadline = 0
            number = 0
            self.generation = generation
            previous = -1
            next = -1
            content = .free
        }
    }

    /// A tree that is pending no more.
    @usableFromInline package struct Ended {
        @usableFromInline package let id: MessageID
        @usableFromInline package let started: Int64
        /// Position among the spout's own streams.
        @usableFromInline package let stream: UInt16

        @inlinable
        init(id: MessageID, started: Int64, stream: UInt16) {
            self.id = id
            self.started = started
            self.stream = stream
        }
    }

    @usableFromInline let task: UInt64
    @usableFromInline let firstGeneration: UInt32
    @usableFromInline var slots: UnsafeMutablePointer<Slot>
    /// Slots that were ever used; those below are initialized.
    @usableFromInline var used: Int
    @usableFromInline var capacity: Int
    @usableFromInline var free: Int32 = -1
    @usableFromInline var oldest: Int32 = -1
    @usableFromInline var newest: Int32 = -1
    /// Ids that are no numbers, by slot; grown when the first comes.
    @usableFromInline var others: [MessageID] = []
    @usableFromInline package var count = 0

    package init(task: TaskID, generation: UInt32) {
        self.task = UInt64(task.rawValue)
        firstGeneration = generation
        used = 0
        capacity = 256
        slots = .allocate(capacity: capacity)
    }

    deinit { slots.deallocate() }

    /// Memory of the table.
    package var byteCount: Int {
        capacity * MemoryLayout<Slot>.stride + others.capacity * MemoryLayout<MessageID>.stride
    }

    // MARK: Insert and remove

    /// Times are monotonic nanoseconds. O(1) amortized.
    /// - Parameter stream: position of the message's stream among the spout's own.
    /// - Returns: the root id of the new tree.
    @inlinable
    package mutating func insert(_ id: MessageID, stream: UInt16 = 0, now: Int64, deadline: Int64) -> UInt64 {
        let index = free >= 0 ? takeFree() : newSlot()
        let slot = slots + Int(index)
        if case .int(let number) = id {
            slot.pointee.number = number
            slot.pointee.content = .int
        } else {
            keep(id, index)
        }
        slot.pointee.stream = stream
        slot.pointee.started = now
        slot.pointee.deadline = deadline
        slot.pointee.generation = (slot.pointee.generation &+ 1) & 0x7FF_FFFF
        link(index)
        count &+= 1
        return root(Int(index))
    }

    /// Removes a tree that came to its end. O(1).
    /// - Returns: nil when it is not pending (any more): it timed out, or belongs to an earlier life of the task.
    @inlinable
    package mutating func remove(_ root: UInt64) -> Ended? {
        let index = find(root)
        return index >= 0 ? take(index) : nil
    }

    /// Gives a tree its full time again. O(1).
    package mutating func extend(_ root: UInt64, deadline: Int64) {
        let index = find(root)
        guard index >= 0 else { return }
        if slots[Int(index)].isListed { unlink(index) }
        slots[Int(index)].deadline = deadline
        link(index)
    }

    /// Removes the oldest tree if its deadline has passed. O(1).
    package mutating func popExpired(now: Int64) -> Ended? {
        guard oldest >= 0, slots[Int(oldest)].deadline <= now else { return nil }
        return take(oldest)
    }

    // MARK: Abandoned trees

    /// Takes the oldest tree out of the list if its deadline has passed; it stays pending until it ends or is given up. O(1).
    /// - Returns: its root id.
    package mutating func abandonExpired(now: Int64) -> UInt64? {
        guard oldest >= 0, slots[Int(oldest)].deadline <= now else { return nil }
        let index = oldest
        unlink(index)
        return root(Int(index))
    }

    /// Removes a tree that was abandoned and has not ended since, nor got more time. O(1).
    package mutating func giveUp(_ root: UInt64) -> Ended? {
        let index = find(root)
        return index >= 0 && !slots[Int(index)].isListed ? take(index) : nil
    }

    /// Removes the oldest tree if it was emitted, or got its time anew, at `time` or before. O(1).
    /// - Parameter timeout: of all trees, in nanoseconds; `Int64.max` without.
    package mutating func popEmitted(notAfter time: Int64, timeout: Int64) -> (root: UInt64, tree: Ended)? {
        guard oldest >= 0 else { return nil }
        let slot = slots[Int(oldest)]
        let touched = timeout == .max ? slot.started : slot.deadline - timeout
        guard touched <= time else { return nil }
        let root = root(Int(oldest))
        return (root, take(oldest))
    }

    /// Root ids of all pending trees that are not abandoned, the oldest first. O(trees); for rare events.
    package var roots: [UInt64] {
        var found: [UInt64] = []
        found.reserveCapacity(count)
        var index = oldest
        while index >= 0 {
            found.append(root(Int(index)))
            index = slots[Int(index)].next
        }
        return found
    }

    package var nextDeadline: Int64? { oldest >= 0 ? slots[Int(oldest)].deadline : nil }

    // MARK: Slots

    @inlinable
    func root(_ index: Int) -> UInt64 {
        task << Self.taskShift | UInt64(slots[index].generation) << Self.slotBits | UInt64(index)
    }

    /// - Returns: -1 when there is no such tree.
    @inlinable
    func find(_ root: UInt64) -> Int32 {
        let index = Int(root & (1 << Self.slotBits - 1))
        guard index < used, slots[index].content != .free, self.root(index) == root else { return -1 }
        return Int32(truncatingIfNeeded: index)
    }

    @inlinable
    mutating func take(_ index: Int32) -> Ended {
        if slots[Int(index)].isListed { unlink(index) }
        let slot = slots + Int(index)
        let id = slot.pointee.content == .int ? MessageID.int(slot.pointee.number) : release(index)
        slot.pointee.content = .free
        slot.pointee.next = free
        free = index
        count &-= 1
        return Ended(id: id, started: slot.pointee.started, stream: slot.pointee.stream)
    }

    @inlinable
    mutating func takeFree() -> Int32 {
        let index = free
        free = slots[Int(index)].next
        return index
    }

    @usableFromInline
    mutating func newSlot() -> Int32 {
        precondition(used < Self.maxSlots, "more than \(Self.maxSlots) messages pending in one spout task")
        if used == capacity {
            let larger = UnsafeMutablePointer<Slot>.allocate(capacity: capacity * 2)
            larger.moveInitialize(from: slots, count: used)
            slots.deallocate()
            slots = larger
            capacity *= 2
        }
        (slots + used).initialize(to: Slot(generation: firstGeneration))
        used += 1
        return Int32(used - 1)
    }

    /// Puts an id that is no number aside.
    @usableFromInline
    mutating func keep(_ id: MessageID, _ index: Int32) {
        while others.count <= Int(index) { others.append(.int(0)) }
        others[Int(index)] = id
        slots[Int(index)].content = .other
    }

    @usableFromInline
    mutating func release(_ index: Int32) -> MessageID {
        defer { others[Int(index)] = .int(0) }
        return others[Int(index)]
    }

    @inlinable
    mutating func link(_ index: Int32) {
        slots[Int(index)].previous = newest
        slots[Int(index)].next = -1
        if newest >= 0 { slots[Int(newest)].next = index } else { oldest = index }
        newest = index
        slots[Int(index)].isListed = true
    }

    @inlinable
    mutating func unlink(_ index: Int32) {
        let previous = slots[Int(index)].previous
        let next = slots[Int(index)].next
        slots[Int(index)].isListed = false
        if previous >= 0 { slots[Int(previous)].next = next } else { oldest = next }
        if next >= 0 { slots[Int(next)].previous = previous } else { newest = previous }
    }
}
