import StormCore
import StormRuntime
import StormTestKit
import StormTopology
import StormWire
import Testing

private struct Broken: Error {}

/// Sends odd numbers to the last task and even ones to all.
private final class OddLast: CustomGrouping {
    private var targets: [TaskID] = []

    func prepare(source: TaskID, stream: GlobalStreamID, targets: [TaskID]) { self.targets = targets }
    func choose(_ values: [Value]) -> [TaskID] {
        guard case .int(let number) = values[0] else { return [] }
        return number % 2 == 1 ? [targets[targets.count - 1]] : targets
    }
}

private final class EngineHook: TaskHook {
    let log: Observed<[String: Int]>

    init(_ log: Observed<[String: Int]>) { self.log = log }

    private func count(_ what: String) { log.update { $0[what, default: 0] += 1 } }
    func emitted(_ values: [Value], stream: StreamID, to tasks: [TaskID]) { count("emitted") }
    func executed(_ tuple: Tuple) { count("executed") }
    func acked(_ tuple: Tuple) { count("acked") }
    func failed(_ tuple: Tuple) { count("failed") }
    func spoutAcked(_ id: MessageID) { count("spoutAcked") }
    func spoutFailed(_ id: MessageID, _ reason: FailureReason) { count("spoutFailed \(reason)") }
    func cleanup() { count("cleanup") }
}

/// Emits `0..<count` once each, with a hook.
private final class HookedSpout: Spout {
    static var outputs: Outputs { ["id"] }
    private let log: Observed<[String: Int]>
    private var next = 0

    init(_ log: Observed<[String: Int]>) { self.log = log }

    func open(_ context: TaskContext, _ out: SpoutCollector) throws { context.addHook(EngineHook(log)) }
    func nextTuple(_ out: SpoutCollector) throws {
        guard next < 100 else { return }
        out.emit(id: .int(next), next)
        next += 1
    }
}

@Suite struct StreamTests {
    @Test func directCustomAndNamedStreamsReachTheTasksMeant() throws {
        let check = DeliveryCheck()
        let arrivals = Observed<[String: Int]>([:])
        let topology = try makeTopology { topology in
            topology.spout("spout") { CheckingSpout(check, count: 300) }
            topology.bolt("router", outputs: Outputs().stream("named", ["id"]).directStream("aimed", ["id"])) {
                var named: OutputStream?
                var aimed: OutputStream?
                var targets: [TaskID] = []
                return BlockBolt(prepare: { context, out in
                    named = out.stream("named")
                    aimed = out.stream("aimed")
                    targets = context.tasks(of: "aimed")
                }) { tuple, out in
                    let id = tuple.int(0)
                    out.emit(named!, anchor: tuple, id)
                    out.emitDirect(to: targets[id % 3], aimed!, anchors: [tuple], id)
                    out.ack(tuple)
                }
            }.shuffle("spout")
            for (name, tasks) in [("aimed", 3), ("chosen", 2), ("plain", 2)] {
                let bolt = topology.bolt(name, parallelism: tasks) {
                    var index = 0
                    return BlockBolt(prepare: { context, _ in index = context.taskIndex }) { tuple, out in
                        arrivals.update { $0["\(name) \(index) \(tuple.sourceStream)", default: 0] += 1 }
                        out.ack(tuple)
                    }
                }
                switch name {
                case "aimed": bolt.direct("router", stream: "aimed")
                case "chosen": bolt.custom("router", stream: "named") { OddLast() }
                default: bolt.shuffle("router", stream: "named")
                }
            }
        }
        let stepped = try SteppedEngine(topology: topology)
        try stepped.run(seconds: 10) { check.state.value.ackedIDs.count == 300 }
        #expect(
            arrivals.value == [
                "aimed 0 aimed": 100, "aimed 1 aimed": 100, "aimed 2 aimed": 100,
                "chosen 0 named": 150, "chosen 1 named": 300,
                "plain 0 named": 150, "plain 1 named": 150,
            ])
        #expect(check.state.value.failed == 0)
    }

    @Test func hooksInTheEngineSeeEverythingOnce() throws {
        let spoutLog = Observed<[String: Int]>([:])
        let boltLog = Observed<[String: Int]>([:])
        let topology = try makeTopology { topology in
            topology.spout("spout") { HookedSpout(spoutLog) }
            topology.bolt("bolt") {
                BlockBolt(prepare: { context, _ in context.addHook(EngineHook(boltLog)) }) { tuple, out in
                    switch tuple.int(0) % 10 {
                    case 0: throw Broken()
                    case 1: out.fail(tuple)
                    default: out.ack(tuple)
                    }
                }
            }.shuffle("spout")
        }
        let stepped = try SteppedEngine(topology: topology)
        try stepped.run(seconds: 5)
        stepped.engine.endStepping()
        #expect(
            spoutLog.value == [
                "emitted": 100, "spoutAcked": 80, "spoutFailed a bolt threw an error": 10,
                "spoutFailed failed by a bolt": 10,
                "cleanup": 1,
            ])
        #expect(boltLog.value == ["executed": 100, "acked": 80, "failed": 20, "cleanup": 1])
    }

    @Test(.timeLimit(.minutes(1))) func aBoltThatCannotPrepareStopsTheStartAndIsNamed() async throws {
        await #expect {
            try await withEngine(build: { topology in
                topology.spout("spout") { CheckingSpout(DeliveryCheck(), count: 1) }
                topology.bolt("bad") { BlockBolt(prepare: { _, _ in throw Broken() }, execute: { _, _ in }) }
                    .shuffle("spout")
            }) { _ in }
        } throws: {
            ($0 as? ComponentStartError)?.component == "bad" && "\($0)".contains("Broken()")
        }
    }

    @Test(.timeLimit(.minutes(1))) func aComponentThatCannotBeMadeIsNamedToo() async throws {
        await #expect {
            try await withEngine(build: { topology in
                topology.spout("spout") { () throws -> CheckingSpout in throw Broken() }
                topology.bolt("sink") { CheckingSink(DeliveryCheck()) }.shuffle("spout")
            }) { _ in }
        } throws: {
            ($0 as? ComponentStartError)?.component == "spout"
        }
    }
}
