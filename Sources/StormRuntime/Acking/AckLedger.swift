import StormCore
package import StormWire

/// The trees that one acker task watches: an open-addressed table of fixed-size entries. Pure: no clock, no output.
///
/// Storm's algorithm (`daemon/Acker`): per root the XOR of all edges created and consumed; zero means every tuple was
/// acked. Records may come in any order. An entry that hears nothing final for two to three sweeps is dropped silently:
/// its spout has timed the tree out before.
package struct AckLedger: ~Copyable {
    /// 32 bytes.
    private struct Entry {
        var root: UInt64 = 0
        var value: UInt64 = 0
        /// Whom to tell; -1 until the start record came.
        var spout: Int32 = -1
        var failedAt: Int32 = 0
        /// Sweep in which the entry was created or last extended.
        var sweep: UInt32 = 0
        var reason: FailureReason = .none
        var isUsed = false
    }

    /// What the acker has to tell a spout.
    package struct Outcome: Equatable {
        package var spout: Int32
        package var record: AckRecord
    }

    private var entries: UnsafeMutablePointer<Entry>
    private var capacity: Int
    /// Trees being watched.
    package private(set) var count = 0
    private var sweepNumber: UInt32 = 0

    package init(initialCapacity: Int = 1024) {
        precondition(initialCapacity > 0 && initialCapacity & (initialCapacity - 1) == 0, "a power of two")
        capacity = initialCapacity
        entries = .allocate(capacity: capacity)
        entries.initialize(repeating: Entry(), count: capacity)
    }

    deinit { entries.deallocate() }

    /// Takes one record; amortized O(1).
    package mutating func apply(_ record: AckRecord) -> Outcome? {
        // First the slot: finding one may move the table.
        let index = slot(for: record.root)
        let entry = entries + index
        switch record.kind {
        case .start:
            entry.pointee.value ^= record.value
            entry.pointee.spout = record.task
        case .ack:
            entry.pointee.value ^= record.value
        case .fail:
            entry.pointee.reason = record.reason
            entry.pointee.failedAt = record.task
            entry.pointee.sweep = sweepNumber
        case .resetTimeout:
            entry.pointee.sweep = sweepNumber
        case .completed, .failed:
            // Only ackers say these; coming to one they are a peer's fault and change nothing.
            break
        }
        return outcome(entry, record.kind)
    }

    /// Storm's order of checks: complete before failed before reset.
    private mutating func outcome(_ entry: UnsafeMutablePointer<Entry>, _ kind: AckRecord.Kind) -> Outcome? {
        let current = entry.pointee
        guard current.spout >= 0 else { return nil }
        let record: AckRecord
        if current.value == 0 {
            record = AckRecord(.completed, root: current.root)
        } else if current.reason != .none {
            record = AckRecord(.failed, root: current.root, task: current.failedAt, reason: current.reason)
        } else if kind == .resetTimeout {
            return Outcome(spout: current.spout, record: AckRecord(.resetTimeout, root: current.root))
        } else {
            return nil
        }
        remove(entry - entries)
        return Outcome(spout: current.spout, record: record)
    }

    /// Drops what was last touched two sweeps ago or earlier. Called once per message timeout. O(capacity).
    package mutating func sweep() {
        sweepNumber += 1
        let old = entries
        let oldCapacity = capacity
        var kept = 0
        for index in 0..<oldCapacity where old[index].isUsed && sweepNumber - old[index].sweep <= 2 { kept += 1 }
        rebuild(minimumCapacity: max(1024, kept * 2)) { [sweepNumber] in sweepNumber - $0 <= 2 }
    }

    // MARK: Table

    private func home(_ root: UInt64) -> Int { Int(truncatingIfNeeded: mix64(root)) & (capacity - 1) }

    private mutating func slot(for root: UInt64) -> Int {
        if (count + 1) * 2 > capacity { rebuild(minimumCapacity: capacity * 2) { _ in true } }
        var index = home(root)
        while entries[index].isUsed {
            if entries[index].root == root { return index }
            index = (index + 1) & (capacity - 1)
        }
        entries[index] = Entry(root: root, sweep: sweepNumber, isUsed: true)
        count += 1
        return index
    }

    /// Removes an entry and closes the gap, so that no tombstones are needed (Knuth, TAOCP 6.4, algorithm R).
    private mutating func remove(_ removed: Int) {
        var gap = removed
        var index = removed
        while true {
            entries[gap].isUsed = false
            while true {
                index = (index + 1) & (capacity - 1)
                if !entries[index].isUsed {
                    count -= 1
                    return
                }
                let distanceFromHome = (index - home(entries[index].root)) & (capacity - 1)
                if distanceFromHome >= (index - gap) & (capacity - 1) { break }
            }
            entries[gap] = entries[index]
            gap = index
        }
    }

    private mutating func rebuild(minimumCapacity: Int, keeping: (_ sweep: UInt32) -> Bool) {
        let old = entries
        let oldCapacity = capacity
        capacity = 1024
        while capacity < minimumCapacity { capacity *= 2 }
        entries = .allocate(capacity: capacity)
        entries.initialize(repeating: Entry(), count: capacity)
        count = 0
        for position in 0..<oldCapacity where old[position].isUsed && keeping(old[position].sweep) {
            var index = home(old[position].root)
            while entries[index].isUsed { index = (index + 1) & (capacity - 1) }
            entries[index] = old[position]
            count += 1
        }
        old.deallocate()
    }
}
