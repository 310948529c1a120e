import StormCore
import StormTestKit
import StormTopology
import StormWire
import Testing

@testable import StormRuntime

@Suite struct SuspectTreesTests {
    private let second: Int64 = 1_000_000_000

    @Test func theGraceIsTwiceTheLatencyWithinBounds() {
        func due(latencyMilliseconds: Int64, ago: Int64 = 0) -> Int64 {
            var suspects = SuspectTrees()
            suspects.add(
                before: 100 * second - ago, now: 100 * second, latency: latencyMilliseconds * 1_000_000,
                timeout: 30 * second, place: nil)
            return (suspects.nextDue - 100 * second) / 1_000_000
        }
        #expect(due(latencyMilliseconds: 0) == 300)
        #expect(due(latencyMilliseconds: 400) == 800)
        #expect(due(latencyMilliseconds: 60_000) == 30_000)
        // Noticed late: what trees had to wait since the loss counts, but for the least.
        #expect(due(latencyMilliseconds: 400, ago: second / 2) == 300)
        #expect(due(latencyMilliseconds: 1000, ago: second) == 1000)
    }

    @Test func lossesComeUpInTheOrderOfTheirGrace() {
        var suspects = SuspectTrees()
        suspects.add(before: 5, now: 5, latency: second, timeout: 30 * second, place: nil)
        suspects.add(before: 6, now: 6, latency: 0, timeout: 30 * second, place: TaskPlace(host: "h", port: 1))
        #expect(suspects.takeDue(now: 5) == nil)
        #expect(suspects.takeDue(now: 10 * second)?.place?.host == "h")
        #expect(suspects.takeDue(now: 10 * second)?.before == 5)
        #expect(suspects.nextDue == .max)
    }

    @Test func moreLossesThanAreToldApartAreTakenForOne() {
        var suspects = SuspectTrees()
        for number in Int64(1)...100 {
            suspects.add(before: number, now: number, latency: 0, timeout: 30 * second, place: nil)
        }
        #expect(suspects.losses.count == SuspectTrees.lossesMax)
        #expect(suspects.losses.last?.before == 100)
    }

    @Test func onlyTreesEmittedBeforeTheLossAreTaken() {
        var trees = PendingTrees(task: TaskID(3), generation: 5)
        for number in 0..<6 {
            _ = trees.insert(.int(number), now: Int64(number), deadline: Int64(number) + 100)
        }
        let early = trees.roots[1]
        // Heard of again after the loss: it lives.
        trees.extend(early, deadline: 4 + 100)
        var taken: [Int?] = []
        while let tree = trees.popEmitted(notAfter: 3, timeout: 100) { taken.append(tree.tree.id.int) }
        #expect(taken == [0, 2, 3])
        #expect(trees.count == 3)
    }

    /// The bolt swallows what it gets before `forget` is over, as a worker that dies with confirmed tuples.
    private func lossy(_ check: DeliveryCheck) throws -> (SteppedEngine, Observed<Bool>) {
        let isDying = Observed(true)
        let stepped = try SteppedEngine(
            topology: makeTopology { topology in
                topology.spout("source") { CheckingSpout(check, count: 20) }
                topology.bolt("sink") {
                    BlockBolt { tuple, out in
                        check.arrived(tuple.int(0))
                        if !isDying.value { out.ack(tuple) }
                    }
                }.shuffle("source")
            })
        return (stepped, isDying)
    }

    @Test func treesThatALostWorkerHadConfirmedAreReplayedWithinASecond() throws {
        let check = DeliveryCheck()
        let (stepped, isDying) = try lossy(check)
        try stepped.settle()
        isDying.update { $0 = false }
        let sink = stepped.engine.schema.plan["sink"]?.tasks ?? []
        stepped.engine.processLost(ProcessLoss(of: sink, at: TaskPlace(host: "h2", port: 6701)))
        let start = stepped.clock.monotonicNanoseconds()
        try stepped.run(seconds: 1) { check.state.value.ackedIDs.count == 20 }
        #expect(stepped.clock.monotonicNanoseconds() - start <= 400_000_000)
        #expect(check.state.value.failures == [.workerLost: 20])
        let causes = stepped.engine.steppedJournals().first?.journal.causes
        #expect(causes?.map(\.cause) == [FailureCause(reason: .workerLost, host: "h2", port: 6701)])
    }

    @Test func treesOfAWorkerThatHadOnlySpoutsAreNotSuspect() throws {
        let check = DeliveryCheck()
        let (stepped, _) = try lossy(check)
        try stepped.settle()
        stepped.engine.processLost(of: stepped.engine.schema.plan["source"]?.tasks ?? [])
        try stepped.run(seconds: 5)
        #expect(check.state.value.failed == 0 && check.state.value.pending.count == 20)
    }
}
