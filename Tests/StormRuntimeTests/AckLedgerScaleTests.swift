import Glibc
import StormCore
import StormTestKit
import StormTopology
import StormWire
import Testing

@testable import StormRuntime

/// The acker's table and the spout's at the size of a large cluster's busiest minute.
@Suite struct AckLedgerScaleTests {
    private static let million = 1_000_000

    private func cpuNanoseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Roots as spouts make them: task, generation, slot.
    private func root(_ number: Int) -> UInt64 { 3 << 49 | UInt64(number % 7 + 1) << 22 | UInt64(number) }

    @Test func aMillionTreesInAnAckerCostLessThanAHundredMegabytes() {
        var ledger = AckLedger()
        for number in 0..<Self.million {
            let outcome = ledger.apply(AckRecord(.start, root: root(number), value: UInt64(number) + 1, task: 3))
            if outcome != nil { Issue.record("tree \(number) ended at its start") }
        }
        let (count, bytes) = (ledger.count, ledger.byteCount)
        #expect(count == Self.million)
        #expect(bytes < 100_000_000, "\(bytes) bytes")
        var ended = 0
        for number in 0..<Self.million {
            let outcome = ledger.apply(AckRecord(.ack, root: root(number), value: UInt64(number) + 1))
            if outcome?.record == AckRecord(.completed, root: root(number)), outcome?.spout == 3 { ended += 1 }
        }
        let left = ledger.count
        #expect(ended == Self.million && left == 0)
        // What the burst needed is given back at the next rotation.
        ledger.sweep()
        let after = ledger.byteCount
        #expect(after < 100_000, "\(after) bytes")
    }

    @Test func aMillionPendingMessagesInASpoutCostLessThanAHundredMegabytes() {
        var trees = PendingTrees(task: TaskID(3), generation: 5)
        var roots: [UInt64] = []
        for number in 0..<Self.million { roots.append(trees.insert(.int(number), now: 0, deadline: Int64(number))) }
        let (count, bytes) = (trees.count, trees.byteCount)
        #expect(count == Self.million)
        #expect(bytes < 100_000_000, "\(bytes) bytes")
        var right = 0
        for number in 0..<Self.million where number % 2 == 0 && trees.remove(roots[number])?.id == .int(number) {
            right += 1
        }
        for number in 0..<Self.million where number % 2 == 1 && trees.popExpired(now: .max)?.id == .int(number) {
            right += 1
        }
        let left = trees.count
        #expect(right == Self.million && left == 0)
        // The slots are used again: as many messages once more need hardly anything new.
        for number in 0..<Self.million { _ = trees.insert(.int(number), now: 0, deadline: 0) }
        let again = trees.byteCount
        #expect(again <= bytes + bytes / 8)
    }

    /// Both ends of a tree, for when spout and acker share a worker.
    @Test func aMillionTreesCostLessThanAHundredMegabytesInSpoutAndAckerTogether() {
        var trees = PendingTrees(task: TaskID(3), generation: 5)
        var ledger = AckLedger()
        for number in 0..<Self.million {
            let root = trees.insert(.int(number), now: 0, deadline: 0)
            _ = ledger.apply(AckRecord(.start, root: root, value: 1, task: 3))
        }
        let (watched, bytes) = (ledger.count, trees.byteCount + ledger.byteCount)
        #expect(watched == Self.million)
        #expect(bytes < 100_000_000, "\(bytes) bytes")
    }

    /// A tree costs the same whether a thousand others are pending or a million: nothing looks through the table. A scan
    /// would make the factor a thousand.
    @Test func theCostOfATreeDoesNotGrowWithTheNumberPending() {
        func nanosecondsPerTree(pending: Int) -> Double {
            var ledger = AckLedger()
            for number in 0..<pending { _ = ledger.apply(AckRecord(.start, root: root(number), value: 1, task: 3)) }
            var best = Int64.max
            for round in 0..<3 {
                let start = cpuNanoseconds()
                for number in 0..<2_000 {
                    let root = root(2_000_000 + round * 2_000 + number)
                    _ = ledger.apply(AckRecord(.start, root: root, value: 7, task: 3))
                    _ = ledger.apply(AckRecord(.ack, root: root, value: 7))
                }
                best = min(best, cpuNanoseconds() - start)
            }
            let count = ledger.count
            #expect(count == pending)
            return Double(best) / 2_000
        }
        let few = nanosecondsPerTree(pending: 1_000)
        let many = nanosecondsPerTree(pending: Self.million)
        #expect(many < few * 50, "\(few) ns with a thousand pending, \(many) ns with a million")
    }

    /// An idle hour: the acker wakes for the rotation only while it watches something, and a tree that nobody settles
    /// goes with the third rotation.
    @Test func rotationHappensOncePerTimeoutAndNotAtAllWithoutTrees() throws {
        let topology = try makeTopology { topology in
            topology.spout("spout") { CheckingSpout(DeliveryCheck(), count: 0) }
            topology.bolt("sink") { CheckingSink(DeliveryCheck()) }.shuffle("spout")
        }
        let stepped = try SteppedEngine(configure: { $0.messageTimeoutSeconds = 10 }, topology: topology)
        let acker = try #require(stepped.engine.executors.first { $0.component == TopologyPlan.ackerComponent })
        try stepped.run(seconds: 100)
        #expect(acker.wakeAt == .max)
        let batch = Batch(
            capacityBytes: BatchLayout.headerBytes + AckRecord.byteCount, schema: stepped.engine.schema)
        // An ack whose tree was never started here.
        AckRecord(.ack, root: 77, value: 5).write(at: batch.payload)
        batch.seal(
            .records, from: 2, to: acker.range.first.rawValue, count: 1, end: batch.payload + AckRecord.byteCount,
            sequence: 1)
        stepped.engine.receive(batch)
        try stepped.run(seconds: 1)
        func watched() throws -> Int {
            try #require(stepped.engine.steppedStatistics().first { $0.component == TopologyPlan.ackerComponent })
                .pending
        }
        #expect(try watched() == 1)
        #expect(acker.wakeAt < .max)
        try stepped.run(seconds: 19)
        #expect(try watched() == 1)
        try stepped.run(seconds: 21)
        #expect(try watched() == 0)
        try stepped.run(seconds: 10)
        #expect(acker.wakeAt == .max)
    }
}
