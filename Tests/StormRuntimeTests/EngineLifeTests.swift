import StormCore
import StormRuntime
import StormTestKit
import StormTopology
import StormWire
import Testing

private struct Broken: Error {}

private final class BrokenSpout: Spout {
    static var outputs: Outputs { [] }

    func open(_ context: TaskContext, _ out: SpoutCollector) throws { throw Broken() }
    func nextTuple(_ out: SpoutCollector) throws {}
}

/// Emits one message while it is opened.
private final class EagerSpout: Spout {
    static var outputs: Outputs { ["id"] }
    let check: DeliveryCheck

    init(_ check: DeliveryCheck) { self.check = check }

    func open(_ context: TaskContext, _ out: SpoutCollector) throws {
        check.emitted(0)
        out.emit(id: 0, 0)
    }
    func nextTuple(_ out: SpoutCollector) throws {}
    func ack(_ id: MessageID) { check.acked(0) }
    func fail(_ id: MessageID, _ reason: FailureReason) { check.failed(0, reason) }
}

private struct RecordingHook: WorkerHook {
    let log: Observed<[String]>
    func start(_ resources: WorkerResources) throws {
        resources["shared"] = 7
        log.update { $0.append("start") }
    }
    func shutdown(_ resources: WorkerResources) { log.update { $0.append("shutdown") } }
}

@Suite struct EngineLifeTests {
    @Test(.timeLimit(.minutes(1))) func aComponentThatCannotOpenStopsEverythingThatWasStarted() async throws {
        let log = Observed<[String]>([])
        await #expect {
            try await withEngine(build: { topology in
                topology.addWorkerHook(RecordingHook(log: log))
                topology.spout("spout") { BrokenSpout() }
                topology.bolt("bolt") {
                    BlockBolt(
                        prepare: { _, _ in log.update { $0.append("prepare") } },
                        cleanup: { log.update { $0.append("cleanup") } }, execute: { _, _ in })
                }.all("source")
                topology.spout("source") { CheckingSpout(DeliveryCheck(), count: 0) }
            }) { _ in }
        } throws: { "\($0)".contains("component 'spout' could not start") }
        #expect(log.value == ["start", "prepare", "cleanup", "shutdown"])
    }

    @Test(.timeLimit(.minutes(1))) func aStoppedEngineAnswersAndStopsAgain() async throws {
        let check = DeliveryCheck()
        var kept: TopologyEngine?
        try await withEngine(build: { topology in
            topology.spout("spout") { CheckingSpout(check, count: 10) }
            topology.bolt("sink") { CheckingSink(check) }.shuffle("spout")
        }) { engine in
            try await check.wait(acked: 10)
            kept = engine
        }
        await kept?.stop()
        #expect(await kept?.statistics().isEmpty == true)
    }

    @Test(.timeLimit(.minutes(1))) func aMessageEmittedWhileOpeningIsDeliveredAndTracked() async throws {
        let check = DeliveryCheck()
        try await withEngine(build: { topology in
            topology.spout("spout") { EagerSpout(check) }
            topology.bolt("sink") { CheckingSink(check) }.shuffle("spout")
        }) { _ in _ = try await check.wait(acked: 1) }
        #expect(check.faults(messages: 1, exactlyOnce: true).isEmpty)
    }

    @Test(.timeLimit(.minutes(1))) func workerHooksSurroundTheComponentsAndShareResources() async throws {
        let log = Observed<[String]>([])
        try await withEngine(build: { topology in
            topology.addWorkerHook(RecordingHook(log: log))
            topology.spout("spout") { CheckingSpout(DeliveryCheck(), count: 0) }
            topology.bolt("bolt") {
                BlockBolt(
                    prepare: { context, _ in
                        let shared = (context.resources["shared"] as? Int) ?? 0
                        log.update { $0.append("prepare \(shared)") }
                    }, cleanup: { log.update { $0.append("cleanup") } }, execute: { _, _ in })
            }.shuffle("spout")
        }) { _ in }
        #expect(log.value == ["start", "prepare 7", "cleanup", "shutdown"])
    }

    @Test(.timeLimit(.minutes(1))) func aBatchOfTheWrongKindIsRefusedNotMisread() async throws {
        try await withEngine(build: { topology in
            topology.spout("spout") { CheckingSpout(DeliveryCheck(), count: 0) }
            topology.bolt("bolt") { CheckingSink(DeliveryCheck()) }.shuffle("spout")
        }) { engine in
            // Tasks in byte order of the names: __acker 1, bolt 2, spout 3.
            for (kind, task) in [(BatchKind.records, Int32(2)), (.tuples, 1), (.tuples, 3), (.tuples, 99)] {
                let batch = Batch(capacityBytes: 128, schema: engine.schema)
                batch.seal(kind, from: 3, to: task, count: 0, end: batch.payload, sequence: 1)
                let before = engine.undeliverableBatches
                engine.receive(batch)
                #expect(engine.undeliverableBatches == before + 1)
            }
        }
    }
}
