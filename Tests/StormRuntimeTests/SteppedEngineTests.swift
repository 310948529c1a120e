import StormCore
import StormTestKit
import StormTopology
import StormWire
import Synchronization
import Testing

@testable import StormRuntime

private struct Broken: Error {}

/// Emits its number on each call and writes down its life.
private final class DiarySpout: Spout {
    static var outputs: Outputs { ["number"] }
    private let diary: Observed<[String]>
    private let throwsEvery: Int
    private var calls = 0

    init(_ diary: Observed<[String]>, throwsEvery: Int = .max) {
        self.diary = diary
        self.throwsEvery = throwsEvery
    }

    func nextTuple(_ out: SpoutCollector) throws {
        calls += 1
        if calls % throwsEvery == 0 { throw Broken() }
        out.emit(id: .int(calls), calls)
    }
    func ack(_ id: MessageID) { diary.update { $0.append("ack") } }
    func fail(_ id: MessageID, _ reason: FailureReason) { diary.update { $0.append("fail \(reason)") } }
    func activate() { diary.update { $0.append("activate") } }
    func deactivate() { diary.update { $0.append("deactivate") } }
    func close() { diary.update { $0.append("close") } }
}

/// The engine on a clock that the test moves: what depends on time, exactly.
@Suite struct SteppedEngineTests {
    /// A bolt that keeps each tuple for `ticks` ticks of a second and then acks it.
    private func keeping(
        _ check: DeliveryCheck, ticks: Int, resets: Bool, timesOut: Bool = true
    ) throws -> SteppedEngine {
        let topology = try makeTopology { topology in
            topology.spout("spout") { CheckingSpout(check, count: 5) }
            topology.bolt("slow") {
                var kept: [(tuple: Tuple, ticks: Int)] = []
                return BlockBolt { tuple, out in
                    guard tuple.isTick else { return kept.append((tuple, 0)) }
                    for index in kept.indices {
                        kept[index].ticks += 1
                        if resets { out.resetTimeout(kept[index].tuple) }
                    }
                    for one in kept where one.ticks == ticks {
                        check.arrived(one.tuple.int(0))
                        out.ack(one.tuple)
                    }
                    kept.removeAll { $0.ticks == ticks }
                }
            }.shuffle("spout").tick(everySeconds: 1)
        }
        return try SteppedEngine(
            configure: {
                $0.messageTimeoutSeconds = 3; $0.messageTimeoutsEnabled = timesOut
            }, topology: topology)
    }

    @Test func aTimeoutThatIsResetInTimeNeverStrikes() throws {
        let check = DeliveryCheck()
        let stepped = try keeping(check, ticks: 60, resets: true)
        try stepped.run(seconds: 100) { check.state.value.ackedIDs.count == 5 }
        #expect(check.faults(messages: 5, exactlyOnce: true) == [])
        #expect(check.state.value.failed == 0)
    }

    @Test func withoutAResetTheSameWorkTimesOut() throws {
        let check = DeliveryCheck()
        let stepped = try keeping(check, ticks: 60, resets: false)
        try stepped.run(seconds: 10)
        let state = check.state.value
        #expect(state.acked == 0 && state.failures[.timeout] == state.failed && state.failed >= 10)
        #expect(state.faults == [])
    }

    @Test func aTimeoutStrikesAtItsTimeAndNotBefore() throws {
        let check = DeliveryCheck()
        let stepped = try keeping(check, ticks: 60, resets: false)
        try stepped.run(seconds: 2)
        #expect(check.state.value.failed == 0 && check.state.value.emitted == 5)
        try stepped.run(seconds: 2)
        #expect(check.state.value.failures == [.timeout: 5])
    }

    @Test func withTimeoutsTurnedOffNothingTimesOut() throws {
        let check = DeliveryCheck()
        let topology = try makeTopology { topology in
            topology.spout("spout") { CheckingSpout(check, count: 5) }
            topology.bolt("never") { BlockBolt { _, _ in } }.shuffle("spout")
        }
        let stepped = try SteppedEngine(
            configure: {
                $0.messageTimeoutSeconds = 3; $0.messageTimeoutsEnabled = false
            }, topology: topology)
        try stepped.run(seconds: 100)
        #expect(check.state.value.failed == 0 && check.state.value.pending.count == 5)
    }

    /// It overflowed, and the worker trapped at each start.
    @Test func aTimeoutMayBeAnyNumber() throws {
        let check = DeliveryCheck()
        let topology = try makeTopology { topology in
            topology.spout("spout") { CheckingSpout(check, count: 5) }
            topology.bolt("counts") { BlockBolt { tuple, out in out.ack(tuple) } }.shuffle("spout")
        }
        let stepped = try SteppedEngine(configure: { $0.messageTimeoutSeconds = .max }, topology: topology)
        try stepped.run(seconds: 100) { check.state.value.ackedIDs.count == 5 }
        #expect(check.state.value.ackedIDs.count == 5 && check.state.value.failed == 0)
    }

    /// The acker forgot the tree after three timeouts, and the message was pending for ever.
    @Test func withTimeoutsTurnedOffATreeMayTakeAnyTime() throws {
        let check = DeliveryCheck()
        let stepped = try keeping(check, ticks: 60, resets: false, timesOut: false)
        try stepped.run(seconds: 100) { check.state.value.ackedIDs.count == 5 }
        #expect(check.faults(messages: 5, exactlyOnce: true) == [])
        #expect(check.state.value.failed == 0)
    }

    @Test func aSpoutIsAskedOnlyWhileItIsActiveAndHearsOfItsTreesAlways() throws {
        let diary = Observed<[String]>([])
        let kept = Observed(0)
        let topology = try makeTopology { topology in
            topology.spout("spout") { DiarySpout(diary) }.maxPending(2)
            topology.bolt("slow") {
                var tuples: [Tuple] = []
                return BlockBolt { tuple, out in
                    if !tuple.isTick {
                        tuples.append(tuple)
                        return kept.update { $0 += 1 }
                    }
                    for tuple in tuples { out.ack(tuple) }
                    tuples = []
                }
            }.shuffle("spout").tick(everySeconds: 10)
        }
        let stepped = try SteppedEngine(isActive: false, topology: topology)
        try stepped.run(seconds: 5)
        #expect(diary.value == [] && kept.value == 0)
        stepped.engine.setActive(true)
        try stepped.run(seconds: 1)
        #expect(diary.value == ["activate"] && kept.value == 2)
        stepped.engine.setActive(true)
        stepped.engine.setActive(false)
        try stepped.run(seconds: 10)
        #expect(diary.value == ["activate", "deactivate", "ack", "ack"] && kept.value == 2)
        stepped.engine.setActive(true)
        try stepped.run(seconds: 1)
        stepped.engine.endStepping()
        #expect(diary.value == ["activate", "deactivate", "ack", "ack", "activate", "close"] && kept.value == 4)
    }

    @Test func anErrorOutOfNextTupleIsReportedAndTheSpoutGoesOn() throws {
        let diary = Observed<[String]>([])
        let topology = try makeTopology { topology in
            topology.spout("spout") { DiarySpout(diary, throwsEvery: 3) }
            topology.bolt("sink") { CheckingSink(DeliveryCheck()) }.shuffle("spout")
        }
        let stepped = try SteppedEngine(configure: { $0.errorsPerInterval = 2 }, topology: topology)
        try stepped.run(seconds: 5) { diary.value.count { $0 == "ack" } >= 100 }
        let spout = try #require(stepped.engine.steppedStatistics().first { $0.component == "spout" })
        #expect(spout.errors >= 49)
        // Five errors per ten seconds would be the default; here two.
        #expect(stepped.errors.value.count == 2)
        #expect(stepped.errors.value.allSatisfy { $0.component == "spout" && $0.message == "Broken() (in nextTuple)" })
    }

    @Test func anIdleSpoutIsAskedLessAndLessOften() throws {
        let calls = Observed(0)
        final class Dry: Spout {
            static var outputs: Outputs { ["number"] }
            let calls: Observed<Int>
            init(_ calls: Observed<Int>) { self.calls = calls }
            func nextTuple(_ out: SpoutCollector) throws { calls.update { $0 += 1 } }
        }
        let topology = try makeTopology { topology in topology.spout("spout") { Dry(calls) } }
        let stepped = try SteppedEngine(topology: topology)
        try stepped.run(seconds: 10)
        // 20 ms apart at the end: 500 calls in ten seconds and a few more at the start.
        #expect((490...530).contains(calls.value), "\(calls.value)")
    }

    @Test func ticksComeAtTheirPeriod() throws {
        let ticks = Observed(0)
        let topology = try makeTopology { topology in
            topology.spout("spout") { CheckingSpout(DeliveryCheck(), count: 0) }
            topology.bolt("ticking", parallelism: 2) { BlockBolt { _, _ in ticks.update { $0 += 1 } } }
                .shuffle("spout").tick(everySeconds: 5)
        }
        let stepped = try SteppedEngine(topology: topology)
        try stepped.run(seconds: 51)
        #expect(ticks.value == 20)
    }
}
