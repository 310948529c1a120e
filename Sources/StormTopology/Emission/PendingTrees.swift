package import StormCore

/// The tracked messages of one spout task that are neither acked nor failed yet.
///
/// A slab: the slot number is part of the root id, so a completion finds its message without a search. The slots in use
/// form a list in the order of their deadlines (all have the same timeout), so that expiry costs nothing per tuple.
///
/// Root id: task (15 bits) · generation of the slot (27 bits) · slot (22 bits), so that no two live trees of a topology
/// share one. The generation starts at random in each process.
package struct PendingTrees {
    /// As many messages as one spout task may have pending, whatever `topology.max.spout.pending` says.
    package static let maxSlots = 1 << 22

    private struct Slot {
        var generation: UInt32
        var isUsed = false
        var previous: Int32 = -1
        var next: Int32 = -1
        var deadline: Int64 = 0
        var started: Int64 = 0
        var id: MessageID = .int(0)
    }

    private let task: UInt64
    private let firstGeneration: UInt32
    private var slots: [Slot] = []
    private var free: [Int32] = []
    private var oldest: Int32 = -1
    private var newest: Int32 = -1
    package private(set) var count = 0

    package init(task: TaskID, generation: UInt32) {
        self.task = UInt64(task.rawValue)
        firstGeneration = generation
    }

    /// Times are monotonic nanoseconds. O(1) amortized.
    /// - Returns: the root id of the new tree.
    package mutating func insert(_ id: MessageID, now: Int64, deadline: Int64) -> UInt64 {
        let index: Int32
        if let reused = free.popLast() {
            index = reused
        } else {
            precondition(slots.count < Self.maxSlots, "more than \(Self.maxSlots) messages pending in one spout task")
            index = Int32(slots.count)
            slots.append(Slot(generation: firstGeneration))
        }
        let position = Int(index)
        slots[position].isUsed = true
        slots[position].id = id
        slots[position].started = now
        slots[position].deadline = deadline
        slots[position].generation = (slots[position].generation &+ 1) & 0x7FF_FFFF
        link(index)
        count += 1
        return root(position)
    }

    /// Removes a tree that came to its end. O(1).
    /// - Returns: nil when it is not pending (any more): it timed out, or belongs to an earlier life of the task.
    package mutating func remove(_ root: UInt64) -> (id: MessageID, started: Int64)? {
        guard let index = find(root) else { return nil }
        return take(index)
    }

    /// Gives a tree its full time again. O(1).
    package mutating func extend(_ root: UInt64, deadline: Int64) {
        guard let index = find(root) else { return }
        unlink(Int32(index))
        slots[index].deadline = deadline
        link(Int32(index))
    }

    /// Removes the oldest tree if its deadline has passed. O(1).
    package mutating func popExpired(now: Int64) -> (id: MessageID, started: Int64)? {
        guard oldest >= 0, slots[Int(oldest)].deadline <= now else { return nil }
        return take(Int(oldest))
    }

    /// Root ids of all pending trees. O(slots); for rare events.
    package var roots: [UInt64] { slots.indices.filter { slots[$0].isUsed }.map { root($0) } }

    package var nextDeadline: Int64? { oldest >= 0 ? slots[Int(oldest)].deadline : nil }

    private func root(_ index: Int) -> UInt64 { task << 49 | UInt64(slots[index].generation) << 22 | UInt64(index) }

    private func find(_ root: UInt64) -> Int? {
        let index = Int(root & 0x3F_FFFF)
        guard index < slots.count, slots[index].isUsed, self.root(index) == root else { return nil }
        return index
    }

    private mutating func take(_ index: Int) -> (id: MessageID, started: Int64) {
        unlink(Int32(index))
        let result = (slots[index].id, slots[index].started)
        slots[index].isUsed = false
        slots[index].id = .int(0)
        free.append(Int32(index))
        count -= 1
        return result
    }

    private mutating func link(_ index: Int32) {
        slots[Int(index)].previous = newest
        slots[Int(index)].next = -1
        if newest >= 0 { slots[Int(newest)].next = index } else { oldest = index }
        newest = index
    }

    private mutating func unlink(_ index: Int32) {
        let slot = slots[Int(index)]
        if slot.previous >= 0 { slots[Int(slot.previous)].next = slot.next } else { oldest = slot.next }
        if slot.next >= 0 { slots[Int(slot.next)].previous = slot.previous } else { newest = slot.previous }
    }
}
