import CAllocationCount
import StormCluster
import StormCore
import StormNimbus
import StormScheduling
import Synchronization

/// Times what nimbus computes to schedule a cluster, without any store.
struct SchedulingMeasurement {
    let shape: ClusterShape
    let rounds: Int

    func run() throws -> SchedulingReport {
        var seen = ClusterObservation()
        for index in 0..<shape.supervisors {
            let record = shape.supervisor(index)
            seen.supervisors[record.id] = record
        }
        for base in shape.bases() { seen.storms[base.id] = Stored(record: base, storeVersion: 0) }
        let alive = LivenessTracker.Result()
        let first = step(seen, alive)
        for change in first.plan.changes {
            seen.assignments[change.new.topologyID] = Stored(record: change.new, storeVersion: 0)
            seen.beats[change.new.topologyID] = Set(change.new.workers.map(\.slot))
        }
        try check(seen)
        let unchanged = step(seen, alive)
        let lost = step(without(0, seen), lostSlots(0, seen))
        let rebalance = step(
            seen, alive,
            .init(topologyID: ClusterShape.topologyID(0), isAfresh: true, renewed: []))
        let (sizes, encodeSeconds, decodeSeconds) = try codec(seen)
        return SchedulingReport(
            shape: shape, first: first.step, unchanged: unchanged.step, lostSupervisor: lost.step,
            rebalance: rebalance.step, largestAssignmentBytes: sizes.max() ?? 0,
            allAssignmentsBytes: sizes.reduce(0, +), encodeSeconds: encodeSeconds, decodeSeconds: decodeSeconds)
    }

    private func step(
        _ seen: ClusterObservation, _ life: LivenessTracker.Result,
        _ replacement: SchedulingPlanner.Replacement? = nil
    ) -> (plan: SchedulingPlanner.Plan, step: SchedulingReport.Step) {
        var best: (plan: SchedulingPlanner.Plan, step: SchedulingReport.Step)?
        for _ in 0..<max(1, rounds) {
            let scheduler = TimedScheduler(base: DefaultScheduler())
            let clock = ContinuousClock()
            let start = clock.now
            let bytes = storm_thread_allocated_bytes()
            let plan = SchedulingPlanner.plan(
                seen, life, scheduler: scheduler, replacement: replacement, nowMilliseconds: 1_700_000_000_000)
            let allocated = storm_thread_allocated_bytes() - bytes
            let seconds = (clock.now - start).inSeconds
            if let best, best.step.planSeconds <= seconds { continue }
            let step = SchedulingReport.Step(
                planSeconds: seconds, schedulerSeconds: scheduler.seconds, changes: plan.changes.count,
                movedExecutors: plan.changes.reduce(0) { $0 + moved($1) }, allocatedBytes: allocated)
            best = (plan, step)
        }
        return best!
    }

    private func moved(_ change: SchedulingPlanner.Change) -> Int {
        var places: [ExecutorRange: WorkerSlot] = [:]
        for worker in change.old?.record.workers ?? [] {
            for executor in worker.executors.executors { places[executor] = worker.slot }
        }
        return change.new.workers.reduce(0) { count, worker in
            count + worker.executors.executors.count { places[$0] != worker.slot }
        }
    }

    /// So that nothing is measured that schedules less than it should.
    private func check(_ seen: ClusterObservation) throws {
        let executors = seen.assignments.values.flatMap { $0.record.workers }.reduce(0) {
            $0 + $1.executors.executors.count
        }
        guard executors == shape.executors else {
            throw PerfError("\(executors) of \(shape.executors) executors were scheduled; are there enough slots?")
        }
    }

    private func without(_ index: Int, _ seen: ClusterObservation) -> ClusterObservation {
        var seen = seen
        let id = ClusterShape.supervisorID(index)
        seen.supervisors[id] = nil
        seen.beats = seen.beats.mapValues { $0.filter { $0.node != id } }
        return seen
    }

    private func lostSlots(_ index: Int, _ seen: ClusterObservation) -> LivenessTracker.Result {
        var result = LivenessTracker.Result()
        let id = ClusterShape.supervisorID(index)
        let slots = seen.assignments.values.flatMap { $0.record.workers }.map(\.slot)
        result.lostSlots = Set(slots.filter { $0.node == id })
        return result
    }

    private func codec(_ seen: ClusterObservation) throws -> (sizes: [Int], encode: Double, decode: Double) {
        let clock = ContinuousClock()
        let start = clock.now
        let encoded = try seen.assignments.values.map { try RecordCodec.encode($0.record) }
        let middle = clock.now
        var workers = 0
        for bytes in encoded {
            workers += try RecordCodec.decode(AssignmentRecord.self, bytes, path: "/").workers.count
        }
        let end = clock.now
        guard workers == shape.workers else { throw PerfError("\(workers) of \(shape.workers) workers were read") }
        return (encoded.map(\.count), (middle - start).inSeconds, (end - middle).inSeconds)
    }
}

/// How long a scheduler takes.
private struct TimedScheduler: Scheduler {
    private final class Box: Sendable {
        let elapsed = Mutex(Duration.zero)
    }

    let base: any Scheduler
    private let box = Box()

    init(base: any Scheduler) { self.base = base }

    var seconds: Double { box.elapsed.withLock { $0.inSeconds } }

    func schedule(_ cluster: ClusterSnapshot) -> SchedulingResult {
        let clock = ContinuousClock()
        let start = clock.now
        let result = base.schedule(cluster)
        let elapsed = clock.now - start
        box.elapsed.withLock { $0 += elapsed }
        return result
    }
}

extension Duration {
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
