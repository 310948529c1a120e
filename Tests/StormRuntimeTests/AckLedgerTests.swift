import StormCore
import StormTestKit
import StormWire
import Testing

@testable import StormRuntime

/// The ledger's rules (reference/reliability.md, section 3.1) over dictionaries.
private struct NaiveLedger {
    struct Entry {
        var value: UInt64 = 0
        var spout: Int32 = -1
        var failure: (task: Int32, reason: FailureReason)?
        /// The task heard of last.
        var place: Int32 = 0
        var sweep: Int
    }

    var entries: [UInt64: Entry] = [:]
    var sweepNumber = 0

    mutating func apply(_ record: AckRecord) -> AckLedger.Outcome? {
        if record.kind == .abandon {
            let entry = entries.removeValue(forKey: record.root)
            return AckLedger.Outcome(
                spout: record.task,
                record: AckRecord(
                    .failed, root: record.root, task: entry?.failure?.task ?? entry?.place ?? 0,
                    reason: entry?.failure?.reason ?? .timeout))
        }
        var entry = entries[record.root] ?? Entry(sweep: sweepNumber)
        switch record.kind {
        case .start:
            entry.value ^= record.value
            entry.spout = record.task
            if entry.place == 0 { entry.place = record.task }
        case .ack:
            entry.value ^= record.value
            if entry.failure == nil { entry.place = record.task }
        case .fail:
            entry.failure = (record.task, record.reason)
            entry.sweep = sweepNumber
        case .resetTimeout: entry.sweep = sweepNumber
        case .completed, .failed, .abandon: break
        }
        entries[record.root] = entry
        guard entry.spout >= 0 else { return nil }
        if entry.value == 0 {
            entries[record.root] = nil
            return AckLedger.Outcome(spout: entry.spout, record: AckRecord(.completed, root: record.root))
        }
        if let failure = entry.failure {
            entries[record.root] = nil
            return AckLedger.Outcome(
                spout: entry.spout,
                record: AckRecord(.failed, root: record.root, task: failure.task, reason: failure.reason))
        }
        guard record.kind == .resetTimeout else { return nil }
        return AckLedger.Outcome(spout: entry.spout, record: AckRecord(.resetTimeout, root: record.root))
    }

    mutating func sweep() {
        sweepNumber += 1
        entries = entries.filter { sweepNumber - $0.value.sweep <= 2 }
    }
}

@Suite struct AckLedgerTests {
    @Test func theTableMayGrowWhileARecordIsTaken() {
        var ledger = AckLedger()
        for root in UInt64(1)...20_000 {
            let outcome = ledger.apply(AckRecord(.start, root: root, value: root, task: 1))
            #expect(outcome == nil)
        }
        let watched = ledger.count
        #expect(watched == 20_000)
        for root in UInt64(1)...20_000 {
            let outcome = ledger.apply(AckRecord(.ack, root: root, value: root))
            #expect(outcome?.record == AckRecord(.completed, root: root))
        }
        let left = ledger.count
        #expect(left == 0)
    }

    @Test func whereTreesMayTakeAnyTimeOnlyRecordsOfUnknownTreesAreSwept() {
        var ledger = AckLedger()
        _ = ledger.apply(AckRecord(.start, root: 1, value: 5, task: 2))
        // Its start will never come.
        _ = ledger.apply(AckRecord(.ack, root: 2, value: 5))
        for _ in 0..<10 { ledger.sweep(keepingStarted: true) }
        let count = ledger.count
        #expect(count == 1)
        let outcome = ledger.apply(AckRecord(.ack, root: 1, value: 5))
        #expect(outcome == AckLedger.Outcome(spout: 2, record: AckRecord(.completed, root: 1)))
    }

    @Test(arguments: UInt64(0)..<60)
    func itDoesWhatTheNaiveOneDoes(_ seed: UInt64) {
        var random = FastRandom(seed: seed)
        var ledger = AckLedger()
        var naive = NaiveLedger()
        let roots = [20, 300, 3_000][Int(seed % 3)]
        for step in 0..<6_000 {
            if step % 500 == 499 {
                ledger.sweep()
                naive.sweep()
            }
            let root = UInt64.random(in: 0..<UInt64(roots), using: &random) << (seed % 5 * 11)
            let kind: AckRecord.Kind = [
                .start, .start, .ack, .ack, .ack, .fail, .resetTimeout, .completed, .failed, .abandon,
            ][
                Int.random(in: 0..<10, using: &random)]
            // Few different values, so that the XOR comes to zero often.
            let record = AckRecord(
                kind, root: root, value: [.start, .ack].contains(kind) ? UInt64.random(in: 0..<4, using: &random) : 0,
                task: Int32.random(in: 1..<5, using: &random), reason: kind == .fail ? .threw : .none)
            let outcome = ledger.apply(record)
            let expected = naive.apply(record)
            #expect(outcome == expected, "seed \(seed), step \(step)")
            let count = ledger.count
            #expect(count == naive.entries.count, "seed \(seed), step \(step)")
        }
    }

    @Test func recordsInAnyOrderCompleteATreeExactlyOnceAtTheEnd() {
        // A spout's two edges; the first bolt creates a third; every order of the four records.
        let records = [
            AckRecord(.start, root: 9, value: 1 ^ 2, task: 4), AckRecord(.ack, root: 9, value: 1 ^ 8),
            AckRecord(.ack, root: 9, value: 2), AckRecord(.ack, root: 9, value: 8),
        ]
        func permutations(_ rest: [AckRecord]) -> [[AckRecord]] {
            rest.isEmpty
                ? [[]]
                : rest.indices.flatMap { index in
                    var others = rest
                    let first = others.remove(at: index)
                    return permutations(others).map { [first] + $0 }
                }
        }
        for order in permutations(records) {
            var ledger = AckLedger()
            var outcomes: [AckLedger.Outcome?] = []
            for record in order { outcomes.append(ledger.apply(record)) }
            #expect(outcomes.dropLast().allSatisfy { $0 == nil })
            #expect(outcomes.last == AckLedger.Outcome(spout: 4, record: AckRecord(.completed, root: 9)))
        }
    }

    @Test func aFailBeforeTheStartIsRemembered() {
        var ledger = AckLedger()
        let early = ledger.apply(AckRecord(.fail, root: 5, task: 7, reason: .explicit))
        let started = ledger.apply(AckRecord(.start, root: 5, value: 3, task: 2))
        #expect(early == nil)
        #expect(
            started == AckLedger.Outcome(spout: 2, record: AckRecord(.failed, root: 5, task: 7, reason: .explicit)))
    }
}
