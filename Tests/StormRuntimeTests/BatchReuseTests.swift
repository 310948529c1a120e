import StormCore
import StormTestKit
import StormTopology
import StormWire
import Testing

@testable import StormRuntime

/// Emits 20 000 tuples of a kilobyte.
private final class BulkSpout: Spout {
    static var outputs: Outputs { ["text"] }
    private let text = String(repeating: "x", count: 1_000)
    private var count = 0

    func nextTuple(_ out: SpoutCollector) throws {
        guard count < 20_000 else { return }
        count += 1
        out.emit(text)
    }
}

/// Batches go round: in steady state nothing comes from the allocator.
@Suite struct BatchReuseTests {
    @Test(arguments: [0, 1]) func batchesOfOneLoopAreUsedAgain(_ ackers: Int) throws {
        let check = DeliveryCheck()
        let topology = try makeTopology { topology in
            topology.spout("spout") { CheckingSpout(check, count: 200_000, perCall: 20) }
            topology.bolt("pass") { PassingBolt() }.shuffle("spout")
            topology.bolt("sink") { BlockBolt { tuple, out in out.ack(tuple) } }.shuffle("pass")
        }
        let stepped = try SteppedEngine(ackers: ackers, configure: { $0.maxSpoutPending = 2_000 }, topology: topology)
        try stepped.run(seconds: 60) { check.state.value.acked >= 50_000 }
        let warm = stepped.engine.poolCounts
        try stepped.run(seconds: 60) { check.state.value.acked == 200_000 }
        let end = stepped.engine.poolCounts
        #expect(warm.made < 100, "\(warm)")
        #expect(end.made - warm.made < 10, "\(warm) \(end)")
        #expect(end.reused - warm.reused > 100, "\(warm) \(end)")
    }

    @Test func batchesThatFlowOneWayBetweenLoopsComeBack() throws {
        let arrived = Observed(0)
        let topology = try makeTopology { topology in
            topology.spout("spout") { BulkSpout() }
            // The second task runs on the second loop, and sends nothing back.
            topology.bolt("sink", parallelism: 2) { BlockBolt { _, _ in arrived.update { $0 += 1 } } }.shuffle("spout")
        }
        let stepped = try SteppedEngine(ackers: 0, loops: 2, topology: topology)
        try stepped.run(seconds: 60) { arrived.value == 20_000 }
        let counts = stepped.engine.poolCounts
        // 20 MB in batches of 32 KB are over 600.
        #expect(counts.made < 400 && counts.reused > 200, "\(counts)")
        // Not one of these tuples to a batch, though two do not fit the smallest.
        #expect(counts.made + counts.reused < 2_000, "\(counts)")
    }

    @Test func aBatchWithAKeptTupleIsNotUsedAgain() throws {
        let kept = Observed<[Int]>([])
        let topology = try makeTopology { topology in
            topology.spout("spout") { CheckingSpout(DeliveryCheck(), count: 30_000, perCall: 20) }.maxPending(500)
            topology.bolt("keeper") {
                var tuples: [Tuple] = []
                return BlockBolt { tuple, out in
                    // Every hundredth is held for long, and must not change under our hands.
                    if tuple.int(0) % 100 == 0 { tuples.append(tuple) }
                    out.ack(tuple)
                    if tuples.count == 300 { kept.update { $0 = tuples.map { $0.int(0) } } }
                }
            }.shuffle("spout")
        }
        let stepped = try SteppedEngine(topology: topology)
        try stepped.run(seconds: 60) { !kept.value.isEmpty }
        #expect(kept.value == (0..<300).map { $0 * 100 })
    }

    @Test func thePoolKeepsABoundedNumberAndOnlyItsOwnSizes() throws {
        let schema = Schema(TopologyDescription(components: []), plan: try plan())
        let pool = BatchPool()
        var all = (0..<200).map { _ in pool.take(2_000, schema) }
        #expect(pool.made == 200 && pool.reused == 0)
        while let batch = all.popLast() { pool.recycle(consume batch) }
        all = (0..<200).map { _ in pool.take(2_048, schema) }
        #expect(pool.made == 200 + 136 && pool.reused == 64)
        let large = pool.take(100_000, schema)
        #expect(large.capacityBytes == 100_000)
        pool.recycle(consume large)
        _ = pool.take(100_000, schema)
        #expect(pool.reused == 64)
        // Somebody still looks at it.
        let held = pool.take(8_000, schema)
        pool.recycle(held)
        #expect(pool.take(8_000, schema) !== held)
    }

    private func plan() throws -> TopologyPlan {
        try TopologyPlan(
            makeTopology { $0.spout("spout") { CheckingSpout(DeliveryCheck(), count: 0) } }.description, ackers: 0)
    }
}
