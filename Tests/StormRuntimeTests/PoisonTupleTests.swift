import StormCore
import StormTestKit
import StormTopology
import StormWire
import Testing

@testable import StormRuntime

/// The number that no attempt gets past the bolt.
private let poison = 7

/// Emits the numbers below ten; a poisoned one is given up after its third failure.
private final class PatientSpout: Spout {
    static var outputs: Outputs { ["id"] }
    let check: DeliveryCheck
    private var waiting = Array((0..<10).reversed())
    private var attempts: [Int: Int] = [:]

    init(_ check: DeliveryCheck) { self.check = check }

    func nextTuple(_ out: SpoutCollector) throws {
        guard let id = waiting.popLast() else { return }
        check.emitted(id)
        out.emit(id: .int(id), id)
    }
    func ack(_ id: MessageID) { check.acked(id.int ?? -1) }
    func fail(_ id: MessageID, _ reason: FailureReason) {
        let id = id.int ?? -1
        check.failed(id, reason)
        attempts[id, default: 0] += 1
        if attempts[id, default: 0] < 3 { waiting.append(id) }
    }
}

/// Emits one message that is larger than any frame, then small ones.
private final class OversizeSpout: Spout {
    static var outputs: Outputs { ["text"] }
    let check: DeliveryCheck
    private var next = 0

    init(_ check: DeliveryCheck) { self.check = check }

    func nextTuple(_ out: SpoutCollector) throws {
        guard next < 10 else { return }
        defer { next += 1 }
        check.emitted(next)
        out.emit(id: .int(next), String(repeating: "x", count: next == poison ? BatchLayout.maxFrameBytes : 10))
    }
    func ack(_ id: MessageID) { check.acked(id.int ?? -1) }
    func fail(_ id: MessageID, _ reason: FailureReason) { check.failed(id.int ?? -1, reason) }
}

private struct Thrown: Error {}

@Suite struct PoisonTupleTests {
    private let check = DeliveryCheck()

    private func engine(
        configure: (inout EngineConfiguration) -> Void = { _ in },
        _ execute: @escaping @Sendable (Tuple, Collector) throws -> Void
    ) throws -> SteppedEngine {
        let check = check
        return try SteppedEngine(
            configure: configure,
            topology: makeTopology { topology in
                topology.spout("source") { PatientSpout(check) }
                topology.bolt("work", outputs: ["id"]) { BlockBolt(execute: execute) }.shuffle("source")
                topology.bolt("sink") { CheckingSink(check) }.shuffle("work")
            })
    }

    /// The poisoned message failed three times for this reason, in task "work"; nothing else did.
    private func expectOnlyThePoisonFailed(_ stepped: SteppedEngine, _ reason: FailureReason) throws {
        let state = check.state.value
        #expect(state.ackedIDs == Set(0..<10).subtracting([poison]))
        #expect(state.failures == [reason: 3] && state.pending.isEmpty)
        let journal = try #require(stepped.engine.steppedJournals().first).journal
        let work = try #require(stepped.engine.schema.plan["work"]?.tasks.first)
        let cause = FailureCause(reason: reason, component: "work", task: Int(work.rawValue))
        var counted = try #require(journal.causes.first)
        #expect(journal.causes.count == 1 && counted.count == 3)
        // Spout and bolt are in one worker: what the bolt said is known.
        #expect(counted.cause.detail != nil)
        counted.cause.detail = nil
        #expect(counted.cause == cause)
        #expect(journal.examples.map(\.message) == ["7", "7", "7"])
    }

    @Test func aBadFieldFailsItsTupleEvenIfTheBoltAckedIt() throws {
        let stepped = try engine { tuple, out in
            if tuple.int(0) == poison { _ = tuple.string(0) }
            out.emit(anchor: tuple, tuple.int(0))
            out.ack(tuple)
        }
        try stepped.settle()
        try expectOnlyThePoisonFailed(stepped, .badField)
        #expect(stepped.errors.value.count == 3)
        #expect(
            stepped.errors.value.first?.message.hasPrefix(
                "field 0 'id' of stream source:default is not of type string: it is of type int (while executing")
                == true)
    }

    @Test func aBadFieldFailsItsTupleInABasicBolt() throws {
        final class Careless: BasicBolt {
            static var outputs: Outputs { ["id"] }
            func execute(_ tuple: Tuple, _ out: BasicCollector) throws {
                let id = tuple.int("id")
                out.emit(id == poison ? tuple.int("number") : id)
            }
        }
        let check = check
        let stepped = try SteppedEngine(
            topology: makeTopology { topology in
                topology.spout("source") { PatientSpout(check) }
                topology.bolt("work") { Careless() }.shuffle("source")
                topology.bolt("sink") { CheckingSink(check) }.shuffle("work")
            })
        try stepped.settle()
        try expectOnlyThePoisonFailed(stepped, .badField)
        #expect(stepped.errors.value.first?.message.contains("has no field 'number'; it has: id") == true)
    }

    @Test func whatIsThrownAfterABadFieldIsTakenForTheBadField() throws {
        let stepped = try engine { tuple, out in
            guard tuple.int(0) == poison else {
                out.emit(anchor: tuple, tuple.int(0))
                return out.ack(tuple)
            }
            if tuple.string(0).isEmpty { throw Thrown() }
        }
        try stepped.settle()
        try expectOnlyThePoisonFailed(stepped, .badField)
    }

    @Test func aKeptTupleWithABadFieldFailsTogetherWithTheOneInHand() throws {
        let check = check
        let stepped = try SteppedEngine(
            topology: makeTopology { topology in
                topology.spout("source") { PatientSpout(check) }
                topology.bolt("work", outputs: ["id"]) {
                    // Pairs: the second of each is read together with the first.
                    var first: Tuple?
                    return BlockBolt { tuple, out in
                        guard let other = first else { return first = tuple }
                        first = nil
                        if other.int(0) == poison || tuple.int(0) == poison { _ = other.string(0) }
                        out.emit(anchors: [other, tuple], tuple.int(0))
                        out.ack(other)
                        out.ack(tuple)
                    }
                }.shuffle("source")
                topology.bolt("sink") { CheckingSink(check) }.shuffle("work")
            })
        try stepped.settle()
        let state = check.state.value
        #expect(Set(state.failures.keys) == [.badField])
        #expect(!state.ackedIDs.contains(poison) && state.pending.count <= 1)
        #expect(state.emitted == state.acked + state.failed + state.pending.count)
    }

    @Test func anExceptionFailsItsTupleAndSaysWhere() throws {
        let stepped = try engine { tuple, out in
            if tuple.int(0) == poison { throw Thrown() }
            out.emit(anchor: tuple, tuple.int(0))
            out.ack(tuple)
        }
        try stepped.settle()
        try expectOnlyThePoisonFailed(stepped, .threw)
    }

    @Test func anEmitWithTheWrongNumberOfValuesFailsTheAnchor() throws {
        let stepped = try engine { tuple, out in
            if tuple.int(0) == poison { out.emit(anchor: tuple, 1, 2) } else { out.emit(anchor: tuple, tuple.int(0)) }
            out.ack(tuple)
        }
        try stepped.settle()
        try expectOnlyThePoisonFailed(stepped, .badEmit)
        let words = "component 'work' emitted 2 values on stream 'default'"
        #expect(stepped.errors.value.first?.message.contains(words) == true)
    }

    @Test func anEmitLargerThanAFrameFailsTheAnchor() throws {
        let stepped = try engine { tuple, out in
            if tuple.int(0) == poison {
                out.emit(anchor: tuple, String(repeating: "x", count: BatchLayout.maxFrameBytes))
            } else {
                out.emit(anchor: tuple, tuple.int(0))
            }
            out.ack(tuple)
        }
        try stepped.settle()
        try expectOnlyThePoisonFailed(stepped, .badEmit)
    }

    @Test(arguments: [0, 1]) func aMessageLargerThanAFrameFails(_ ackers: Int) throws {
        let check = check
        let stepped = try SteppedEngine(
            ackers: ackers,
            topology: makeTopology { topology in
                topology.spout("source") { OversizeSpout(check) }
                topology.bolt("sink") { BlockBolt { $1.ack($0) } }.shuffle("source")
            })
        try stepped.run(seconds: 1) { check.state.value.acked == 9 && check.state.value.failed == 1 }
        #expect(check.state.value.failures == [.badEmit: 1])
        let journal = try #require(stepped.engine.steppedJournals().first).journal
        #expect(journal.causes.first?.cause.component == "source" && journal.causes.first?.cause.reason == .badEmit)
        #expect(journal.causes.first?.cause.detail?.contains("emitted a tuple of 67108") == true)
        #expect(stepped.engine.steppedLedgers().map(\.balance) == [0])
        #expect(stepped.errors.value.count == 1)
    }

    @Test func withARetryPolicyAMessageThatCannotBeEmittedIsADeadLetterAtOnce() throws {
        let check = check
        let letters = InMemoryDeadLetterStore()
        let stepped = try SteppedEngine(
            configure: { $0.deadLetters = letters },
            topology: makeTopology { topology in
                topology.spout("source") { OversizeSpout(check) }.retry(.attempts(5))
                topology.bolt("sink") { BlockBolt { $1.ack($0) } }.shuffle("source")
            })
        // The spout hears of a dead letter as of an ack.
        try stepped.run(seconds: 1) { check.state.value.acked == 10 }
        let letter = try #require(letters.all.first)
        #expect(letters.all.count == 1 && letter.messageID == "7" && letter.attempts == 1 && letter.values.isEmpty)
        #expect(letter.history.first?.cause.detail?.contains("emitted a tuple of 67108") == true)
        let ledger = try #require(stepped.engine.steppedLedgers().first)
        #expect(ledger.balance == 0 && ledger.failed == 1 && ledger.acked == 9 && ledger.deadLettered == 1)
    }

    @Test func aStreamThatIsNotDeclaredStopsTheStart() throws {
        #expect {
            _ = try SteppedEngine(
                topology: makeTopology { topology in
                    topology.spout("source") { CheckingSpout(DeliveryCheck(), count: 0) }
                    topology.bolt("work", outputs: ["id"]) {
                        BlockBolt(prepare: { _, out in _ = out.stream("typo") }, execute: { _, _ in })
                    }.shuffle("source")
                })
        } throws: {
            "\($0)" == "component 'work' could not start: component 'work' has no stream 'typo'; it has: default"
        }
    }

    @Test func withCrashTheProcessIsEndedWithTheReason() throws {
        let crashes = Observed<[ComponentError]>([])
        let stepped = try engine(configure: {
            $0.values["topology.bolt.exception"] = .string("crash")
            $0.onCrash = { error in crashes.update { $0.append(error) } }
        }) { tuple, out in
            if tuple.int(0) == poison { throw Thrown() }
            out.ack(tuple)
        }
        try stepped.settle()
        #expect(crashes.value.first?.component == "work")
        #expect(crashes.value.first?.message.hasPrefix("Thrown() (while executing source:default#") == true)
    }

    @Test func theReasonOfACrashIsTheLastLineOfTheStandardError() async {
        let result = await #expect(processExitsWith: .exitCode(20), observing: [\.standardErrorContent]) {
            endProcess(
                because: ComponentError(
                    component: "work", task: TaskID(3), message: "Thrown()", epochMilliseconds: 0))
        }
        let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(said.hasSuffix("component 'work', task 3, ended the worker: Thrown()\n"))
    }

    @Test func aFailedErrorIsNoCrash() throws {
        let crashes = Observed<[ComponentError]>([])
        let stepped = try engine(configure: {
            $0.values["topology.bolt.exception"] = .string("crash")
            $0.onCrash = { error in crashes.update { $0.append(error) } }
        }) { tuple, out in
            if tuple.int(0) == poison { throw FailedError("not now") }
            out.ack(tuple)
        }
        try stepped.settle()
        #expect(crashes.value.isEmpty && check.state.value.failures == [.explicit: 3])
    }

    @Test(.timeLimit(.minutes(1))) func aBadFieldInAnAsyncBoltFailsItsTuple() async throws {
        final class Asking: AsyncBolt {
            static var outputs: Outputs { ["id"] }
            func execute(_ tuple: AsyncTuple, _ out: AsyncCollector) async throws {
                if tuple.int(0) == poison { out.emit(tuple.string(0)) } else { out.emit(tuple.int(0)) }
            }
        }
        let check = check
        try await withEngine(build: { topology in
            topology.spout("source") { PatientSpout(check) }
            topology.bolt("work") { Asking() }.shuffle("source")
            topology.bolt("sink") { CheckingSink(check) }.shuffle("work")
        }) { _ in
            try await check.state.wait("the end") { $0.acked == 9 && $0.failed == 3 }
        }
        #expect(check.state.value.failures == [.badField: 3])
        #expect(check.state.value.arrivals[poison] == nil)
    }
}
