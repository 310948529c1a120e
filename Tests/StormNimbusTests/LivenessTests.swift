import StormCluster
import StormCore
import StormNimbus
import Testing

@Suite struct LivenessTests {
    let slot = WorkerSlot(node: "n", port: 6700)
    let assignment = AssignmentRecord(
        topologyID: "t", codeSHA256: "",
        workers: [
            WorkerAssignment(
                node: "n", host: "h", port: 6700, executors: [ExecutorRange(TaskID(1), TaskID(1))],
                startedAtMilliseconds: 0, incarnation: 1)
        ])

    func seen(supervisor isUp: Bool, worker isAlive: Bool) -> ClusterObservation {
        var seen = ClusterObservation()
        seen.assignments = ["t": Stored(record: assignment, storeVersion: 0)]
        if isUp { seen.supervisors = ["n": supervisor("n")] }
        seen.beats = ["t": isAlive ? [slot] : []]
        return seen
    }

    @Test func deadWorkerIsLeftToItsSupervisorForAWhile() {
        var tracker = LivenessTracker(limits: .init())
        _ = tracker.observe(seen(supervisor: true, worker: true), nowMilliseconds: 0)
        let first = tracker.observe(seen(supervisor: true, worker: false), nowMilliseconds: 1_000)
        #expect(first.failedSlots.isEmpty && first.nextChangeMilliseconds == 31_000)
        #expect(tracker.observe(seen(supervisor: true, worker: false), nowMilliseconds: 30_999).failedSlots.isEmpty)
        #expect(tracker.observe(seen(supervisor: true, worker: false), nowMilliseconds: 31_000).failedSlots == [slot])
    }

    @Test func newWorkerHasTimeToLaunch() {
        var tracker = LivenessTracker(limits: .init())
        let first = tracker.observe(seen(supervisor: true, worker: false), nowMilliseconds: 0)
        #expect(first.nextChangeMilliseconds == 120_000)
        #expect(tracker.observe(seen(supervisor: true, worker: false), nowMilliseconds: 119_999).failedSlots.isEmpty)
        #expect(tracker.observe(seen(supervisor: true, worker: false), nowMilliseconds: 120_000).failedSlots == [slot])
    }

    @Test func lostMachineIsGivenUpAfterAShortGrace() {
        var tracker = LivenessTracker(limits: .init())
        _ = tracker.observe(seen(supervisor: true, worker: true), nowMilliseconds: 0)
        let first = tracker.observe(seen(supervisor: false, worker: false), nowMilliseconds: 100)
        #expect(first.lostSlots.isEmpty && first.keptPorts == ["n": [6700]])
        let later = tracker.observe(seen(supervisor: false, worker: false), nowMilliseconds: 1_100)
        #expect(later.lostSlots == [slot] && later.keptPorts.isEmpty)
    }

    @Test func livingWorkerOutlivesItsSupervisor() {
        var tracker = LivenessTracker(limits: .init())
        for now in stride(from: Int64(0), to: 1_000_000, by: 10_000) {
            let result = tracker.observe(seen(supervisor: false, worker: true), nowMilliseconds: now)
            #expect(result.lostSlots.isEmpty && result.keptPorts == ["n": [6700]])
        }
    }

    @Test func returningSupervisorStartsItsGraceAnew() {
        var tracker = LivenessTracker(limits: .init())
        _ = tracker.observe(seen(supervisor: true, worker: true), nowMilliseconds: 0)
        _ = tracker.observe(seen(supervisor: false, worker: true), nowMilliseconds: 1_000)
        _ = tracker.observe(seen(supervisor: true, worker: true), nowMilliseconds: 2_000)
        _ = tracker.observe(seen(supervisor: false, worker: false), nowMilliseconds: 100_000)
        let result = tracker.observe(seen(supervisor: false, worker: false), nowMilliseconds: 100_900)
        #expect(result.lostSlots.isEmpty)
    }

    @Test func nobodyIsLostSoonAfterAnInterruption() {
        // Nodes of dead sessions may still have been there, and gone since.
        var tracker = LivenessTracker(
            limits: .init(), settling: .init(untilMilliseconds: 25_000, trustsPresence: false))
        _ = tracker.observe(seen(supervisor: true, worker: true), nowMilliseconds: 0)
        let waiting = tracker.observe(seen(supervisor: false, worker: false), nowMilliseconds: 3_000)
        #expect(waiting.lostSlots.isEmpty && waiting.nextChangeMilliseconds == 25_000)
        #expect(tracker.observe(seen(supervisor: false, worker: false), nowMilliseconds: 24_999).lostSlots.isEmpty)
        #expect(tracker.observe(seen(supervisor: false, worker: false), nowMilliseconds: 25_000).lostSlots == [slot])
    }

    @Test func whoWasSeenAfterAStartIsLostWhenItGoes() {
        var tracker = LivenessTracker(
            limits: .init(), settling: .init(untilMilliseconds: 25_000, trustsPresence: true))
        _ = tracker.observe(seen(supervisor: false, worker: false), nowMilliseconds: 0)
        #expect(tracker.observe(seen(supervisor: false, worker: false), nowMilliseconds: 9_000).lostSlots.isEmpty)
        _ = tracker.observe(seen(supervisor: true, worker: true), nowMilliseconds: 10_000)
        _ = tracker.observe(seen(supervisor: false, worker: false), nowMilliseconds: 11_000)
        #expect(tracker.observe(seen(supervisor: false, worker: false), nowMilliseconds: 12_000).lostSlots == [slot])
    }
}
