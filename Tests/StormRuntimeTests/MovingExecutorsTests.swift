import Logging
import StormCore
import StormTestKit
import StormTopology
import Synchronization
import Testing

@testable import StormRuntime

/// A clock that goes on by a fixed step with every reading: loops look busy without anything taking time.
private final class SteppingClock: TimeSource {
    private let nanoseconds = Atomic<Int64>(1_000_000_000)

    func monotonicNanoseconds() -> Int64 { nanoseconds.wrappingAdd(500_000, ordering: .relaxed).newValue }
    func epochMilliseconds() -> Int64 { 1_700_000_000_000 }
}

/// Acks what comes in rising order per source, as one producer and one consumer promise.
private final class OrderedSink: Bolt {
    private let check: DeliveryCheck
    private let faults: Observed<[String]>
    private var last: [TaskID: Int] = [:]

    init(_ check: DeliveryCheck, _ faults: Observed<[String]>) {
        self.check = check
        self.faults = faults
    }

    func execute(_ tuple: Tuple, _ out: Collector) throws {
        let id = tuple.int(0)
        if id <= last[tuple.sourceTask, default: -1] { faults.update { $0.append("\(id) from \(tuple.sourceTask)") } }
        last[tuple.sourceTask] = id
        check.arrived(id)
        out.ack(tuple)
    }
}

@Suite struct MovingExecutorsTests {
    /// Every executor is sent to another loop again and again while tuples flow.
    @Test(.timeLimit(.minutes(2)), arguments: [2, 4]) func executorsThatMoveAllTheTimeLoseNothingAndKeepTheOrder(
        loops: Int
    ) async throws {
        let check = DeliveryCheck()
        let faults = Observed<[String]>([])
        let count = 20_000
        try await withEngine(
            ackers: 2, loops: loops,
            build: { topology in
                topology.spout("source") { CheckingSpout(check, count: count) }.maxPending(500)
                topology.bolt("pass", parallelism: 2) { PassingBolt() }.shuffle("source")
                topology.bolt("sink", parallelism: 2) { OrderedSink(check, faults) }.fields("pass", "id")
            }
        ) { engine in
            var seed: UInt64 = 7
            var moves = 0
            while check.state.value.ackedIDs.count < count {
                for executor in engine.executors {
                    seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    let target = engine.group.shared[Int(seed >> 33) % loops]
                    await withCheckedContinuation { continuation in
                        executor.post {
                            if $0.loop !== target {
                                $0.nextLoop = target
                                $0.place.store(target.number, ordering: .relaxed)
                            }
                            continuation.resume()
                        }
                    }
                    moves += 1
                }
            }
            #expect(moves > 10)
            _ = await engine.statistics()
            for entry in engine.placement().entries { #expect(entry.loop < loops && !entry.isDedicated) }
        }
        #expect(check.faults(messages: count, exactlyOnce: true) == [])
        #expect(faults.value == [])
    }

    @Test func aSaturatedLoopGivesWorkToAnIdleOne() throws {
        let check = DeliveryCheck()
        let topology = try makeTopology { topology in
            topology.spout("source") { CheckingSpout(check, count: .max) }.maxPending(50)
            topology.bolt("sink") { CheckingSink(check) }.shuffle("source")
        }
        let plan = try TopologyPlan(topology.description, ackers: 1)
        let engine = TopologyEngine(
            topology, plan: plan,
            configuration: EngineConfiguration(topologyID: "test-1-0", loops: 2, seed: 1), clock: SteppingClock(),
            logger: .silent, onError: { _ in })
        try engine.startStepping()
        #expect(engine.placement().entries.allSatisfy { $0.loop == 0 && !$0.isDedicated })
        let start = engine.placement()
        engine.setActive(true)
        var spread: Placement?
        for _ in 0..<20_000 where spread == nil {
            _ = engine.step()
            let now = engine.placement(since: start)
            if now.entries.contains(where: { $0.loop != 0 }) { spread = now }
        }
        let first = try #require(spread)
        #expect(first.entries.count { $0.loop == 1 } == 1)
        // After two saturated periods of 0.1 s, not before.
        #expect(first.takenAt - start.takenAt > 200_000_000)
        engine.endStepping()
        #expect(check.state.value.faults == [])
    }
}
