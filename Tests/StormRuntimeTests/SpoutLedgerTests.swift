import StormCore
import StormTestKit
import StormTopology
import StormWire
import Testing

@testable import StormRuntime

/// The ledger against what a checking spout saw, whatever ends the messages.
@Suite struct SpoutLedgerTests {
    private static let spout = "source"

    /// A source of so many messages, and one bolt that does with each what it is told by a closure made for it.
    private func engine(
        _ check: DeliveryCheck, count: Int = 20, ackers: Int = 1, isTracked: Bool = true,
        _ execute: @escaping @Sendable () -> (Tuple, Collector) throws -> Void
    ) throws -> SteppedEngine {
        try SteppedEngine(
            ackers: ackers,
            topology: try makeTopology { topology in
                topology.spout(Self.spout) { CheckingSpout(check, count: count, isTracked: isTracked) }
                topology.bolt("bolt") { BlockBolt(execute: execute()) }.shuffle(Self.spout)
            })
    }

    /// Lets it work turn by turn, and looks at the ledger after each.
    private func run(_ stepped: SteppedEngine, _ check: DeliveryCheck, seconds: Int = 0) throws {
        let end = stepped.clock.monotonicNanoseconds() + Int64(seconds) * 1_000_000_000
        while true {
            let worked = stepped.engine.step()
            let ledger = try #require(stepped.engine.steppedLedgers().first)
            let seen = check.state.value
            #expect(ledger.isBalanced && ledger.emitted == seen.emitted && ledger.acked == seen.acked)
            #expect(ledger.failed == seen.failed && ledger.inFlight == seen.pending.count)
            if worked { continue }
            guard stepped.engine.nextDeadline <= end else { return }
            stepped.clock.advance(to: stepped.engine.nextDeadline)
        }
    }

    @Test func ackedMessagesBalance() throws {
        let check = DeliveryCheck()
        let stepped = try engine(check) { { $1.ack($0) } }
        try run(stepped, check, seconds: 1)
        let ledger = try #require(stepped.engine.steppedLedgers().first)
        #expect(ledger.component == Self.spout && ledger.emitted == 20 && ledger.acked == 20 && ledger.inFlight == 0)
        #expect(ledger.untracked == 0 && ledger.droppedByReason == [:])
    }

    @Test func failedAndReplayedMessagesBalance() throws {
        let check = DeliveryCheck()
        let stepped = try engine(check) {
            var failed: Set<Int> = []
            return { tuple, out in
                if failed.insert(tuple.int(0)).inserted { out.fail(tuple) } else { out.ack(tuple) }
            }
        }
        try run(stepped, check, seconds: 1)
        let ledger = try #require(stepped.engine.steppedLedgers().first)
        #expect(ledger.emitted == 40 && ledger.acked == 20 && ledger.failed == 20)
        let journal = try #require(stepped.engine.steppedJournals().first?.journal)
        #expect(journal.causes.map(\.count) == [20])
        #expect(journal.causes.first?.cause.reason == .explicit && journal.causes.first?.cause.component == "bolt")
    }

    @Test func thrownErrorsBalance() throws {
        struct Broken: Error {}
        let check = DeliveryCheck()
        let stepped = try engine(check) {
            var seen: Set<Int> = []
            return { tuple, out in
                if seen.insert(tuple.int(0)).inserted { throw Broken() }
                out.ack(tuple)
            }
        }
        try run(stepped, check, seconds: 1)
        let ledger = try #require(stepped.engine.steppedLedgers().first)
        #expect(ledger.failed == 20 && ledger.acked == 20)
        #expect(stepped.engine.steppedJournals().first?.journal.causes.first?.cause.reason == .threw)
    }

    /// A bolt that acks the first attempts only after the second ones: they are in flight, then failed, and the acker has
    /// forgotten them when the acks come.
    @Test func messagesThatTimeOutBalanceAndWhatComesLateIsNotTold() throws {
        let check = DeliveryCheck()
        let stepped = try engine(check) {
            var kept: [Tuple] = []
            return { tuple, out in
                if kept.count < 20 { return kept.append(tuple) }
                out.ack(tuple)
                for first in kept { out.ack(first) }
            }
        }
        try run(stepped, check, seconds: 10)
        #expect(stepped.engine.steppedLedgers().first?.inFlight == 20)
        try run(stepped, check, seconds: 40)
        let ledger = try #require(stepped.engine.steppedLedgers().first)
        #expect(ledger.emitted == 40 && ledger.failed == 20 && ledger.acked == 20 && ledger.inFlight == 0)
        #expect(ledger.droppedByReason == [:])
        #expect(stepped.engine.steppedJournals().first?.journal.causes.first?.cause.reason == .timeout)
    }

    @Test func messagesOfALostAckerBalance() throws {
        let check = DeliveryCheck()
        let isKeeping = Observed(true)
        let stepped = try engine(check) { { tuple, out in if !isKeeping.value { out.ack(tuple) } } }
        try run(stepped, check)
        isKeeping.update { $0 = false }
        stepped.engine.processLost(of: stepped.engine.schema.plan[TopologyPlan.ackerComponent]?.tasks ?? [])
        try run(stepped, check, seconds: 1)
        let ledger = try #require(stepped.engine.steppedLedgers().first)
        #expect(ledger.failed == 20 && ledger.acked == 20)
        #expect(stepped.engine.steppedJournals().first?.journal.causes.first?.cause.reason == .workerLost)
    }

    @Test func messagesWithoutAckersBalance() throws {
        let check = DeliveryCheck()
        let stepped = try engine(check, ackers: 0) { { $1.ack($0) } }
        try run(stepped, check, seconds: 1)
        let ledger = try #require(stepped.engine.steppedLedgers().first)
        #expect(ledger.emitted == 20 && ledger.acked == 20 && ledger.untracked == 0)
    }

    @Test(arguments: [0, 1]) func whatIsEmittedWithoutAnIdIsCountedApart(_ ackers: Int) throws {
        let check = DeliveryCheck()
        let stepped = try engine(check, ackers: ackers, isTracked: false) { { $1.ack($0) } }
        try run(stepped, check, seconds: 1)
        let ledger = try #require(stepped.engine.steppedLedgers().first)
        #expect(ledger.emitted == 0 && ledger.untracked == 20 && ledger.isBalanced)
    }

    @Test func whatComesForATaskThatIsNotHereIsCounted() throws {
        let check = DeliveryCheck()
        let stepped = try engine(check) { { $1.ack($0) } }
        let schema = stepped.engine.schema
        let batch = Batch(capacityBytes: BatchLayout.headerBytes + AckRecord.byteCount, schema: schema)
        AckRecord(.completed, root: 1).write(at: batch.payload)
        batch.seal(.records, from: 1, to: 99, count: 1, end: batch.payload + AckRecord.byteCount, sequence: 1)
        stepped.engine.receive(batch)
        #expect(stepped.engine.dropped == [DropReason.notHere.rawValue: 1])
    }

    /// A message sent to a task that does not listen is over at once, and what was not delivered is counted.
    @Test func whatIsEmittedToATaskThatDoesNotListenIsCounted() throws {
        final class Misdirecting: Spout {
            static let outputs = Outputs().directStream("reply", ["id"])
            private var left = 3
            private var stream: OutputStream?
            func open(_ context: TaskContext, _ out: SpoutCollector) { stream = out.stream("reply") }
            func nextTuple(_ out: SpoutCollector) {
                guard left > 0, let stream else { return }
                left -= 1
                out.emitDirect(to: TaskID(1), stream, id: .int(left), left)
            }
        }
        let stepped = try SteppedEngine(
            topology: try makeTopology { topology in
                topology.spout("source") { Misdirecting() }
                topology.bolt("bolt") { BlockBolt { $1.ack($0) } }.direct("source", stream: "reply")
            })
        try stepped.run(seconds: 1)
        #expect(stepped.engine.dropped == [DropReason.misdirected.rawValue: 3])
        let ledger = try #require(stepped.engine.steppedLedgers().first)
        #expect(ledger.emitted == 3 && ledger.acked == 3 && ledger.isBalanced)
    }

    /// A table that forgets a message, or ends one twice, shows in the balance.
    @Test func aBrokenLedgerIsDetected() throws {
        let check = DeliveryCheck()
        let stepped = try engine(check) { { _, _ in } }
        try run(stepped, check)
        let executor = try #require(stepped.engine.executors.compactMap { $0 as? SpoutExecutor }.first)
        let tracking = try #require(executor.tasks.first).collector.tracking
        let root = try #require(tracking.pointee.trees.roots.first)
        _ = tracking.pointee.trees.remove(root)
        let lost = try #require(stepped.engine.steppedLedgers().first)
        #expect(lost.balance == 1 && !lost.isBalanced)
        tracking.pointee.acked += 2
        let twice = try #require(stepped.engine.steppedLedgers().first)
        #expect(twice.balance == -1 && !twice.isBalanced)
    }

    @Test func aRunningEngineAnswersWithTheLedgersOfAllItsSpoutTasks() async throws {
        let check = DeliveryCheck()
        try await withEngine { topology in
            topology.spout("source", parallelism: 3) { CheckingSpout(check, count: 300) }
            topology.bolt("sink") { CheckingSink(check) }.shuffle("source")
        } _: { engine in
            try await check.wait(acked: 300)
            let ledgers = await engine.ledgers()
            #expect(ledgers.map(\.task) == engine.spoutTasks.map { Int($0.rawValue) })
            #expect(ledgers.allSatisfy { $0.isBalanced })
            #expect(ledgers.reduce(0) { $0 + $1.acked } == 300)
            #expect(await engine.journals().map(\.task) == ledgers.map(\.task))
        }
    }

    @Test func theNamesInJSONAreStable() throws {
        var ledger = SpoutLedger(component: "lines", task: TaskID(3))
        ledger.emitted = 10
        ledger.acked = 1
        ledger.failed = 2
        ledger.inFlight = 3
        ledger.retrying = 4
        ledger.deadLettered = 5
        ledger.replayed = 6
        ledger.untracked = 7
        ledger.droppedByReason = ["late_outcome": 8]
        let text = String(decoding: Page.json(ledger).body, as: UTF8.self)
        #expect(
            text == """
                {"acked":1,"balance":4,"component":"lines","dead_lettered":5,"dropped_by_reason":{"late_outcome":8},\
                "emitted":10,"failed":2,"in_flight":3,"replayed":6,"retrying":4,"task":3,"untracked":7}

                """)
    }
}
