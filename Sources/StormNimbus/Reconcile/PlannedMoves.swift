package import StormCluster
import StormCore

/// What nimbus itself wants moved, and whether a change of an assignment may be written without a pause. Pure.
package enum PlannedMoves {
    /// Why the topology's executors should move; nil: there is no reason.
    package static func reason(_ base: StormBaseRecord, _ seen: ClusterObservation) -> String? {
        guard base.status == .active || base.status == .inactive, let assignment = seen.assignments[base.id]?.record
        else { return nil }
        let draining = assignment.workers.filter { seen.supervisors[$0.node]?.isDraining ?? false }
        if let first = draining.first {
            return "supervisor \(first.node) on \(first.host) is about to stop"
        }
        // Nearly always there is none.
        let leaving = seen.leaving.isEmpty ? [] : renewed(assignment, seen)
        if let first = leaving.min() { return "the worker on \(first) was asked to stop" }
        return nil
    }

    /// Slots whose worker wants another process in its place.
    package static func renewed(_ assignment: AssignmentRecord, _ seen: ClusterObservation) -> Set<WorkerSlot> {
        Set(
            seen.leaving.filter { leaving in
                leaving.topologyID == assignment.topologyID
                    && assignment[leaving.slot]?.incarnation == leaving.incarnation
            }.map(\.slot))
    }

    /// Whether the change takes executors from workers that run, although every executor of the topology has one: then it
    /// has time, and the trees that pass through them should finish first. When executors are without a worker, theirs
    /// fail anyway, and soon is best.
    package static func needsPause(
        from old: AssignmentRecord, to new: AssignmentRecord, base: StormBaseRecord, _ seen: ClusterObservation,
        dead: Set<WorkerSlot>
    ) -> Bool {
        let living = seen.beats[base.id] ?? []
        func runs(_ worker: WorkerAssignment) -> Bool { living.contains(worker.slot) && !dead.contains(worker.slot) }
        let running = Set(old.workers.filter(runs).flatMap(\.executors.executors))
        guard running.isSuperset(of: ExecutorLayout.executors(of: base)) else { return false }
        let bySlot = new.bySlot
        return old.workers.contains { runs($0) && bySlot[$0.slot]?.incarnation != $0.incarnation }
    }
}
