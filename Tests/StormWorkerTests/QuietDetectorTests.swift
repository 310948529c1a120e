import StormCluster
import StormRuntime
import Testing

@testable import StormWorker

@Suite struct QuietDetectorTests {
    private func activity(_ pending: Int, _ progress: Int, isComplete: Bool = true) -> EngineActivity {
        EngineActivity(pending: pending, progress: progress, isComplete: isComplete)
    }

    private func verdicts(_ activities: [EngineActivity]) -> [Bool] {
        var detector = QuietDetector()
        return activities.map { detector.observe($0) }
    }

    @Test func quietIsTwoEqualLooksWithoutAnOpenTree() {
        #expect(verdicts([activity(3, 10), activity(0, 13), activity(0, 13)]) == [false, false, true])
    }

    @Test func tuplesThatNobodyTracksKeepItFromBeingQuiet() {
        #expect(verdicts([1, 2, 3, 4, 4].map { activity(0, $0) }) == [false, false, false, false, true])
    }

    @Test func anOpenTreeKeepsItFromBeingQuiet() {
        #expect(verdicts([activity(1, 7), activity(1, 7), activity(1, 7)]) == [false, false, false])
    }

    @Test func anExecutorThatDidNotAnswerMayHaveAnything() {
        let unsure = activity(0, 7, isComplete: false)
        #expect(verdicts([unsure, unsure, unsure]) == [false, false, false])
    }
}

@Suite struct QuietLooksTests {
    private let quiet = EngineActivity(pending: 0, progress: 4, isComplete: true)

    /// Works through pauses as the worker does: each runs a timer's end or not, and tells how many timers run then.
    private func timers(_ turns: [(isNewPause: Bool, timerEnds: Bool)]) -> [Int] {
        var looks = QuietLooks()
        var running = 0
        return turns.map { turn in
            if turn.timerEnds {
                running -= 1
                looks.timerEnded()
            }
            if turn.isNewPause {
                looks.startOver()
                if looks.want() { running += 1 }
            }
            if turn.timerEnds {
                _ = looks.observe(quiet)
                if looks.want() { running += 1 }
            }
            return running
        }
    }

    @Test func anotherPauseGoesOnWithTheTimerOfTheOneBefore() {
        #expect(timers([(true, false), (true, false), (false, true), (false, true)]) == [1, 1, 1, 1])
    }

    @Test func aPauseThatComesAsTheTimerEndsHasOneTimerToo() {
        #expect(timers([(true, false), (true, true), (false, true)]) == [1, 1, 1])
    }

    @Test func whatWasSeenInThePauseBeforeDoesNotCount() {
        var looks = QuietLooks()
        let before = [looks.observe(quiet), looks.observe(quiet)]
        looks.startOver()
        let after = [looks.observe(quiet), looks.observe(quiet)]
        #expect(before == [false, true])
        #expect(after == [false, true])
    }
}

@Suite struct WorkerOrdersTests {
    private let here = WorkerSlot(node: "n1", port: 6700)

    private func orders(_ phase: PendingAction.Phase?, drain: Int?) -> WorkerOrders? {
        var base = StormBaseRecord(
            name: "wc", id: "wc-1-1", status: .rebalancing, owner: "me", submittedAtMilliseconds: 1, workers: 1,
            componentExecutors: [:], componentTasks: [:], blobs: [])
        base.action = PendingAction(kind: .move, waitSeconds: 1, deadlineMilliseconds: 1)
        base.action?.phase = phase
        base.action?.drain = drain
        let worker = WorkerAssignment(
            node: "n1", host: "h", port: 6700, executors: [], startedAtMilliseconds: 1, incarnation: 3)
        let assignment = AssignmentRecord(topologyID: "wc-1-1", generation: 5, codeSHA256: "00", workers: [worker])
        let duty = WorkerDuty(base: base, assignment: assignment, slot: here, incarnation: 3)
        if case .run(let orders) = duty { return orders }
        return nil
    }

    @Test func aPauseAsksForAReportUntilTheExecutorsHaveMoved() {
        #expect(orders(.draining, drain: 4) == WorkerOrders(isActive: false, peers: [:], drain: 4, generation: 5))
        #expect(orders(nil, drain: nil) == WorkerOrders(isActive: false, peers: [:], generation: 5))
        #expect(orders(.starting, drain: 4) == WorkerOrders(isActive: false, peers: [:], generation: 5))
    }
}
