import StormCore
package import StormWire

/// The trees that one acker task watches: an open-addressed table of fixed-size entries. Pure: no clock, no output.
///
/// Storm's algorithm (`daemon/Acker`): per root the XOR of all edges created and consumed; zero means every tuple was
/// acked. Records may come in any order. An entry that hears nothing final for two to three sweeps is dropped silently:
/// its spout has timed the tree out before. Where spouts wait for ever, so does a tree whose start came.
package struct AckLedger: ~Copyable {
    /// 24 bytes of plain data.
    private struct Entry {
        var root: UInt64 = 0
        var value: UInt64 = 0
        var spout: UInt16 = 0
        /// The task that failed it; until then the last bolt task that was heard of, or the spout's before any.
        var place: UInt16 = 0
        /// Sweep in which the entry was created or last extended; only small differences count.
        var sweep: UInt16 = 0
        var reason: FailureReason = .none
        var flags: Flags = []
    }

    private struct Flags: OptionSet {
        let rawValue: UInt8
        static let used = Flags(rawValue: 1)
        /// The start record came: `spout` is whom to tell.
        static let started = Flags(rawValue: 2)
    }

    /// What the acker has to tell a spout.
    package struct Outcome: Equatable {
        package var spout: Int32
        package var record: AckRecord
    }

    private var entries: UnsafeMutablePointer<Entry>
    private var capacity: Int
    /// 64 minus the binary logarithm of the capacity.
    private var shift: UInt64
    /// Trees being watched.
    package private(set) var count = 0
    private var sweepNumber: UInt16 = 0
    /// Records that neither start a tree nor ack.
    package private(set) var rare = RareRecords()

    package struct RareRecords: Hashable, Sendable {
        package var fails = 0
        package var resets = 0
        package var abandons = 0
    }

    package init(initialCapacity: Int = 1024) {
        precondition(initialCapacity > 1 && initialCapacity & (initialCapacity - 1) == 0, "a power of two")
        capacity = initialCapacity
        shift = UInt64(capacity.leadingZeroBitCount + 1)
        entries = .allocate(capacity: capacity)
        entries.initialize(repeating: Entry(), count: capacity)
    }

    deinit { entries.deallocate() }

    /// Memory of the table.
    package var byteCount: Int { capacity * MemoryLayout<Entry>.stride }

    /// Takes a run of encoded records; amortized O(1) for each. Records of an unknown kind are passed over.
    package mutating func apply(
        _ start: UnsafeRawPointer, _ end: UnsafeRawPointer, _ tell: (_ spout: Int32, AckRecord) -> Void
    ) {
        var p = start
        while p < end {
            // First the slot, then the entry: finding a slot may move the table.
            let kind = p.u8(AckRecord.kindOffset)
            if kind == AckRecord.Kind.ack.rawValue {
                // By far the most frequent kinds, without decoding the rest.
                let index = slot(for: p.u64(0))
                let entry = entries + index
                entry.pointee.value ^= p.u64(8)
                if entry.pointee.value == 0 || entry.pointee.reason != .none {
                    finish(entry, tell)
                } else {
                    entry.pointee.place = UInt16(truncatingIfNeeded: p.u32(16))
                }
            } else if kind == AckRecord.Kind.start.rawValue {
                let index = slot(for: p.u64(0))
                let entry = entries + index
                entry.pointee.value ^= p.u64(8)
                begin(entry, UInt16(truncatingIfNeeded: p.u32(16)))
                if entry.pointee.value == 0 || entry.pointee.reason != .none { finish(entry, tell) }
            } else if let record = AckRecord(at: p), let outcome = apply(record) {
                tell(outcome.spout, outcome.record)
            }
            p += AckRecord.byteCount
        }
    }

    /// Ends a tree if its spout is known: completed before failed, as Storm checks.
    private mutating func finish(_ entry: UnsafeMutablePointer<Entry>, _ tell: (_ spout: Int32, AckRecord) -> Void) {
        guard let outcome = outcome(entry, .ack) else { return }
        tell(outcome.spout, outcome.record)
    }

    /// Takes one record; amortized O(1).
    package mutating func apply(_ record: AckRecord) -> Outcome? {
        if record.kind == .abandon {
            rare.abandons += 1
            return abandon(record)
        }
        // First the slot: finding one may move the table.
        let index = slot(for: record.root)
        let entry = entries + index
        switch record.kind {
        case .start:
            entry.pointee.value ^= record.value
            begin(entry, UInt16(truncatingIfNeeded: record.task))
        case .ack:
            entry.pointee.value ^= record.value
            if entry.pointee.reason == .none { entry.pointee.place = UInt16(truncatingIfNeeded: record.task) }
        case .fail:
            rare.fails += 1
            entry.pointee.reason = record.reason
            entry.pointee.place = UInt16(truncatingIfNeeded: record.task)
            entry.pointee.sweep = sweepNumber
        case .resetTimeout:
            rare.resets += 1
            entry.pointee.sweep = sweepNumber
        case .completed, .failed, .abandon:
            // Only ackers say these; coming to one they are a peer's fault and change nothing.
            break
        }
        return outcome(entry, record.kind)
    }

    /// Storm's order of checks: complete before failed before reset.
    private mutating func outcome(_ entry: UnsafeMutablePointer<Entry>, _ kind: AckRecord.Kind) -> Outcome? {
        let current = entry.pointee
        guard current.flags.contains(.started) else { return nil }
        let spout = Int32(current.spout)
        let record: AckRecord
        if current.value == 0 {
            record = AckRecord(.completed, root: current.root)
        } else if current.reason != .none {
            record = AckRecord(.failed, root: current.root, task: Int32(current.place), reason: current.reason)
        } else if kind == .resetTimeout {
            return Outcome(spout: spout, record: AckRecord(.resetTimeout, root: current.root))
        } else {
            return nil
        }
        remove(entry - entries)
        return Outcome(spout: spout, record: record)
    }

    private func begin(_ entry: UnsafeMutablePointer<Entry>, _ spout: UInt16) {
        entry.pointee.spout = spout
        entry.pointee.flags.insert(.started)
        if entry.pointee.place == 0 { entry.pointee.place = spout }
    }

    /// The spout waits for the tree no longer: says why it failed, or where it was last heard of, and forgets it.
    private mutating func abandon(_ record: AckRecord) -> Outcome {
        // What came from a peer must not be a negative task.
        let spout = Int32(UInt16(truncatingIfNeeded: record.task))
        guard let index = find(record.root) else {
            return Outcome(spout: spout, record: AckRecord(.failed, root: record.root, reason: .timeout))
        }
        let entry = entries[index]
        remove(index)
        return Outcome(
            spout: spout,
            record: AckRecord(
                .failed, root: record.root, task: Int32(entry.place),
                reason: entry.reason == .none ? .timeout : entry.reason))
    }

    /// Drops what was last touched two sweeps ago or earlier. Called once per message timeout. O(capacity).
    /// - Parameter keepingStarted: only records that belong to no known tree are dropped.
    package mutating func sweep(keepingStarted: Bool = false) {
        sweepNumber &+= 1
        let stays = { [sweepNumber] (entry: Entry) in
            sweepNumber &- entry.sweep <= 2 || (keepingStarted && entry.flags.contains(.started))
        }
        var kept = 0
        for index in 0..<capacity where entries[index].flags.contains(.used) && stays(entries[index]) { kept += 1 }
        rebuild(minimumCapacity: max(1024, kept * 2), keeping: stays)
    }

    // MARK: Table

    /// Multiplicative hashing (Knuth, TAOCP 6.4): one multiplication spreads roots, whose low bits count slots, evenly.
    private func home(_ root: UInt64) -> Int { Int(truncatingIfNeeded: (root &* 0x9E37_79B9_7F4A_7C15) >> shift) }

    private func find(_ root: UInt64) -> Int? {
        var index = home(root)
        while entries[index].flags.contains(.used) {
            if entries[index].root == root { return index }
            index = (index + 1) & (capacity - 1)
        }
        return nil
    }

    private mutating func slot(for root: UInt64) -> Int {
        if (count + 1) * 2 > capacity { rebuild(minimumCapacity: capacity * 2) { _ in true } }
        var index = home(root)
        while entries[index].flags.contains(.used) {
            if entries[index].root == root { return index }
            index = (index + 1) & (capacity - 1)
        }
        entries[index] = Entry(root: root, sweep: sweepNumber, flags: .used)
        count += 1
        return index
    }

    /// Removes an entry and closes the gap, so that no tombstones are needed (Knuth, TAOCP 6.4, algorithm R).
    private mutating func remove(_ removed: Int) {
        var gap = removed
        var index = removed
        while true {
            entries[gap].flags = []
            while true {
                index = (index + 1) & (capacity - 1)
                if !entries[index].flags.contains(.used) {
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

    private mutating func rebuild(minimumCapacity: Int, keeping: (Entry) -> Bool) {
        let old = entries
        let oldCapacity = capacity
        capacity = 1024
        while capacity < minimumCapacity { capacity *= 2 }
        shift = UInt64(capacity.leadingZeroBitCount + 1)
        entries = .allocate(capacity: capacity)
        entries.initialize(repeating: Entry(), count: capacity)
        count = 0
        for position in 0..<oldCapacity where old[position].flags.contains(.used) && keeping(old[position]) {
            var index = home(old[position].root)
            while entries[index].flags.contains(.used) { index = (index + 1) & (capacity - 1) }
            entries[index] = old[position]
            count += 1
        }
        old.deallocate()
    }
}
