import StormCore
import StormTestKit
import StormTopology
import StormWire
import Testing

@testable import StormRuntime

/// What a spout learns of trees that did not complete.
@Suite struct FailureCauseTests {
    private let check = DeliveryCheck()

    /// source → first → second; a message may get stuck in either.
    private func engine(_ stuckIn: String?, place: TaskPlace? = nil) throws -> SteppedEngine {
        let check = check
        return try SteppedEngine(
            configure: {
                $0.messageTimeoutSeconds = 5
                $0.place = place
            },
            topology: makeTopology { topology in
                topology.spout("source") { CheckingSpout(check, count: 1) }
                topology.bolt("first", outputs: ["id"]) {
                    BlockBolt { tuple, out in
                        out.emit(anchor: tuple, tuple.int(0))
                        if stuckIn != "first" { out.ack(tuple) }
                    }
                }.shuffle("source")
                topology.bolt("second") {
                    BlockBolt { tuple, out in if stuckIn != "second" { out.ack(tuple) } }
                }.shuffle("first")
            })
    }

    private func newest(_ stepped: SteppedEngine) throws -> FailureCause {
        try #require(stepped.engine.steppedJournals().first?.journal.examples.first).cause
    }

    @Test func aTimeOutNamesTheTaskThatSaidSomethingLast() throws {
        // The second bolt keeps its tuple: the first was heard of last.
        let stepped = try engine("second")
        stepped.engine.placed([TaskID(2): TaskPlace(host: "h1", port: 6700)])
        try stepped.run(seconds: 6) { check.state.value.failed > 0 }
        let plan = stepped.engine.schema.plan
        #expect(plan["first"]?.tasks == [TaskID(2)])
        #expect(
            try newest(stepped)
                == FailureCause(reason: .timeout, component: "first", task: 2, host: "h1", port: 6700))
        #expect(check.state.value.failures == [.timeout: 1])
    }

    /// Only failures in other workers had a place: of a topology with one worker none.
    @Test func aFailureInTheSpoutsOwnWorkerNamesThatWorker() throws {
        let stepped = try engine("second", place: TaskPlace(host: "here", port: 6701))
        stepped.engine.placed([TaskID(9): TaskPlace(host: "there", port: 6700)])
        try stepped.run(seconds: 6) { check.state.value.failed > 0 }
        #expect(
            try newest(stepped)
                == FailureCause(reason: .timeout, component: "first", task: 2, host: "here", port: 6701))
    }

    @Test func aTimeOutOfAMessageThatNobodyAckedNamesItsSpout() throws {
        let check = check
        let stepped = try SteppedEngine(
            configure: { $0.messageTimeoutSeconds = 5 },
            topology: makeTopology { topology in
                topology.spout("source") { CheckingSpout(check, count: 1) }
                topology.bolt("black hole") { BlockBolt { _, _ in } }.shuffle("source")
            })
        try stepped.run(seconds: 6) { check.state.value.failed > 0 }
        #expect(try newest(stepped).component == "source")
    }

    @Test func withoutAnAnswerATimeOutComesAQuarterOfASecondLater() throws {
        var trees = AbandonedTrees()
        for root in UInt64(1)...3000 { trees.add(root, now: Int64(root)) }
        #expect(trees.nextDue == 1 + AbandonedTrees.patienceNanoseconds)
        #expect(trees.takeDue(now: AbandonedTrees.patienceNanoseconds) == nil)
        for root in UInt64(1)...3000 {
            #expect(trees.takeDue(now: 3000 + AbandonedTrees.patienceNanoseconds) == root)
        }
        #expect(trees.nextDue == .max && trees.takeDue(now: .max) == nil)
    }

    @Test func aTreeThatEndsWhileItsAckerIsAskedEndsOnce() {
        var trees = PendingTrees(task: TaskID(3), generation: 5)
        let first = trees.insert(.int(1), now: 0, deadline: 10)
        let second = trees.insert(.int(2), now: 1, deadline: 11)
        let third = trees.insert(.int(3), now: 2, deadline: 12)
        #expect(trees.abandonExpired(now: 11) == first && trees.abandonExpired(now: 11) == second)
        #expect(trees.abandonExpired(now: 11) == nil)
        #expect(trees.count == 3 && trees.nextDeadline == 12 && trees.roots == [third])
        // One completes, one gets more time, one is given up.
        #expect(trees.remove(first)?.id == .int(1))
        #expect(trees.giveUp(first) == nil)
        trees.extend(second, deadline: 30)
        #expect(trees.giveUp(second) == nil && trees.roots == [third, second])
        #expect(trees.abandonExpired(now: 12) == third)
        #expect(trees.giveUp(third)?.id == .int(3))
        #expect(trees.count == 1)
    }

    @Test func anAckerForgetsAnAbandonedTreeAndSaysWhereItWas() {
        var ledger = AckLedger()
        var outcome = ledger.apply(AckRecord(.start, root: 9, value: 3, task: 4))
        #expect(outcome == nil)
        outcome = ledger.apply(AckRecord(.ack, root: 9, value: 1, task: 6))
        #expect(outcome == nil)
        outcome = ledger.apply(AckRecord(.abandon, root: 9, task: 4))
        #expect(
            outcome == AckLedger.Outcome(spout: 4, record: AckRecord(.failed, root: 9, task: 6, reason: .timeout)))
        let count = ledger.count
        #expect(count == 0)
        // Never heard of: nothing is known, and nothing is kept.
        outcome = ledger.apply(AckRecord(.abandon, root: 10, task: -4))
        #expect(
            outcome
                == AckLedger.Outcome(
                    spout: 65532, record: AckRecord(.failed, root: 10, task: 0, reason: .timeout)))
        let left = ledger.count
        #expect(left == 0)
    }

    @Test func reasonsHaveStableNames() {
        #expect(
            FailureReason.allCases.map(\.name) == [
                "none", "explicit", "timeout", "worker_lost", "threw", "bad_field", "bad_emit",
            ])
    }
}
