import StormCluster
import StormCore
import StormProcess
import StormSupervisor
import Testing

/// The slot's transitions one by one.
struct SlotTests {
    private let a = SlotWorld.a
    private let b = SlotWorld.b

    private func runningWorld() -> SlotWorld {
        var world = SlotWorld()
        for event in [.wantA, .fetchWorks, .launchWorks] as [SlotWorld.Event] { world.apply(event) }
        return world
    }

    @Test
    func assignmentLeadsToDownloadStartRun() {
        var slot = Slot()
        var observed = SlotObservation(freshWorkerID: "w1")
        #expect(slot.step(wanted: a, observed: observed, now: .zero) == [.fetch(a, attempt: 1)])
        #expect(slot.phase == .downloading(a, attempt: 1, retryAt: nil))
        observed.code = .ready
        #expect(slot.step(wanted: a, observed: observed, now: .seconds(1)) == [.launch(a, worker: "w1")])
        #expect(slot.worker == "w1")
        observed.worker = .alive
        #expect(slot.step(wanted: a, observed: observed, now: .seconds(2)) == [])
        #expect(slot.phase == .running(a, worker: "w1", since: .seconds(2)))
        #expect(slot.deadline == nil)
    }

    @Test
    func removedAssignmentStopsWithGraceThenKill() {
        var slot = Slot(adopting: "w1", for: a, now: .zero)
        var observed = SlotObservation(worker: .alive, freshWorkerID: "w2")
        #expect(slot.step(wanted: nil, observed: observed, now: .seconds(1)) == [.terminate(worker: "w1")])
        #expect(slot.deadline == .seconds(4))
        #expect(slot.step(wanted: nil, observed: observed, now: .milliseconds(3999)) == [])
        #expect(slot.step(wanted: nil, observed: observed, now: .seconds(4)) == [.kill(worker: "w1")])
        #expect(slot.step(wanted: nil, observed: observed, now: .seconds(9)) == [.kill(worker: "w1")])
        observed.worker = .gone(.signaled(.kill, coreDumped: false))
        #expect(slot.step(wanted: nil, observed: observed, now: .seconds(10)) == [.forget(worker: "w1")])
        #expect(slot.isEmpty)
    }

    @Test(arguments: [
        SlotWorld.b,
        WantedWorker(topologyID: "a-1-1", codeSHA256: "aa", executors: ExecutorList([]), incarnation: 2),
        WantedWorker(topologyID: "a-1-1", codeSHA256: "other", executors: ExecutorList([]), incarnation: 1),
        WantedWorker(
            topologyID: "a-1-1", codeSHA256: "aa", executors: ExecutorList([ExecutorRange(TaskID(1), TaskID(1))]),
            incarnation: 1),
    ])
    func otherAssignmentReplacesTheWorkerAfterItsEnd(other: WantedWorker) {
        var slot = Slot(adopting: "w1", for: a, now: .zero)
        var observed = SlotObservation(worker: .alive, freshWorkerID: "w2")
        #expect(slot.step(wanted: other, observed: observed, now: .seconds(1)) == [.terminate(worker: "w1")])
        // Even if the old wish comes back: it was told to stop.
        #expect(slot.step(wanted: a, observed: observed, now: .seconds(2)) == [])
        observed.worker = .gone(.exited(code: 0))
        #expect(
            slot.step(wanted: other, observed: observed, now: .seconds(2))
                == [.forget(worker: "w1"), .fetch(other, attempt: 1)])
    }

    @Test
    func firstCrashIsRestartedAtOnceFurtherOnesWithBackoff() {
        var world = runningWorld()
        var waits: [Duration] = []
        for _ in 0..<9 {
            world.apply(.processDies)
            let begin = world.now
            for _ in 0..<100 where world.fetching == nil { world.apply(.secondPasses) }
            waits.append(world.now - begin)
            world.apply(.fetchWorks)
            world.apply(.launchWorks)
        }
        #expect(waits == [0, 1, 2, 4, 8, 16, 32, 60, 60].map { .seconds($0) })
        #expect(world.reports.map(\.failures) == Array(1...9))
        #expect(world.reports.map(\.retryIn) == waits)
        #expect(world.violations == [])
    }

    @Test
    func orderlyEndIsAFailureOnlyIfTheWorkerIsStillWantedAMomentLater() {
        var world = runningWorld()
        world.apply(.processEndsInOrder)
        #expect(world.reports.isEmpty && world.fetching == nil)
        world.apply(.secondPasses)
        #expect(world.reports.map(\.cause) == [.exited(.exited(code: 0))])
        #expect(world.fetching == SlotWorld.a)

        world = runningWorld()
        world.apply(.processEndsInOrder)
        world.apply(.wantNothing)
        #expect(world.slot.isEmpty && world.reports.isEmpty && world.violations == [])
        world = runningWorld()
        world.apply(.processEndsInOrder)
        world.apply(.wantB)
        #expect(world.fetching == SlotWorld.b && world.reports.isEmpty && world.violations == [])
    }

    @Test
    func stableMinuteForgetsFormerCrashes() {
        var world = runningWorld()
        for _ in 0..<5 {
            world.apply(.minutePasses)
            world.apply(.processDies)
            #expect(world.fetching == SlotWorld.a)
            world.apply(.fetchWorks)
            world.apply(.launchWorks)
        }
        #expect(world.reports.map(\.failures) == [1, 1, 1, 1, 1])
    }

    @Test
    func otherAssignmentDoesNotInheritCrashes() {
        var world = runningWorld()
        for _ in 0..<3 {
            world.apply(.processDies)
            world.apply(.minutePasses)
            world.apply(.fetchWorks)
            world.apply(.launchWorks)
        }
        world.apply(.processDies)
        #expect(world.slot.failures > 1)
        world.apply(.wantB)
        #expect(world.slot.failures == 0)
        #expect(world.fetching == SlotWorld.b)
    }

    @Test
    func failedStartCountsAsCrash() {
        var world = SlotWorld()
        for event in [.wantA, .fetchWorks, .launchFails] as [SlotWorld.Event] { world.apply(event) }
        #expect(world.reports.map(\.cause) == [.notStarted("no luck")])
        #expect(world.slot.failures == 1)
        #expect(world.fetching == SlotWorld.a)
    }

    @Test
    func failedDownloadIsTriedAgainWithBackoff() {
        var world = SlotWorld()
        world.apply(.wantA)
        var waits: [Duration] = []
        for _ in 0..<4 {
            world.apply(.fetchFails)
            let begin = world.now
            for _ in 0..<100 where world.fetching == nil { world.apply(.secondPasses) }
            waits.append(world.now - begin)
        }
        #expect(waits == [1, 2, 4, 8].map { .seconds($0) })
        #expect(world.reports.map(\.cause) == Array(repeating: .downloadFailed("no luck"), count: 4))
    }

    @Test
    func workerThatEndsBecauseItIsNotWantedIsNoFailure() {
        var slot = Slot(adopting: "w1", for: a, now: .zero)
        let observed = SlotObservation(worker: .gone(.exited(code: 1)), freshWorkerID: "w2")
        #expect(slot.step(wanted: nil, observed: observed, now: .seconds(1)) == [.forget(worker: "w1")])
        #expect(slot.isEmpty)
    }

    @Test
    func workerThatHangsIsKilledAndStartedAgainWithTheReason() {
        var slot = Slot(adopting: "w1", for: a, now: .zero)
        var observed = SlotObservation(worker: .hung(.seconds(30)), freshWorkerID: "w2")
        #expect(slot.step(wanted: a, observed: observed, now: .seconds(31)) == [.kill(worker: "w1")])
        #expect(slot.deadline == .seconds(36))
        // Until the process is gone, whatever it takes; nothing starts beside it.
        #expect(slot.step(wanted: a, observed: observed, now: .seconds(36)) == [.kill(worker: "w1")])
        observed.worker = .gone(.signaled(.kill, coreDumped: false))
        let failure = SlotFailure(
            wanted: a, worker: "w1", cause: .hung(.seconds(30)), failures: 1, retryIn: .zero)
        #expect(
            slot.step(wanted: a, observed: observed, now: .seconds(37))
                == [.report(failure), .forget(worker: "w1"), .fetch(a, attempt: 1)])
    }

    @Test
    func workersThatHangAgainAndAgainBackOff() {
        var world = runningWorld()
        for _ in 0..<3 {
            world.apply(.processHangs)
            world.apply(.processDies)
            for _ in 0..<100 where world.fetching == nil { world.apply(.secondPasses) }
            world.apply(.fetchWorks)
            world.apply(.launchWorks)
        }
        #expect(world.reports.map(\.failures) == [1, 2, 3])
        #expect(world.reports.map(\.retryIn) == [.zero, .seconds(1), .seconds(2)])
        #expect(world.violations == [])
    }

    @Test
    func adoptedWorkerThatEndedMeanwhileIsRestartedAtOnce() {
        var slot = Slot(adopting: "w1", for: a, now: .zero)
        let observed = SlotObservation(worker: .gone(.unknown), freshWorkerID: "w2")
        let actions = slot.step(wanted: a, observed: observed, now: .zero)
        #expect(actions.contains(.fetch(a, attempt: 1)))
    }

    @Test
    func hugeCountsDoNotOverflow() {
        let policy = RestartPolicy()
        #expect(policy.restartDelay(failures: .max) == .seconds(60))
        #expect(policy.downloadDelay(attempt: .max) == .seconds(60))
        #expect(policy.restartDelay(failures: 0) == .zero)
    }
}
