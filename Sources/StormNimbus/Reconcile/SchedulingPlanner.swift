package import StormCluster
import StormCore
package import StormScheduling

/// From what is seen to the assignments that should be written. Pure.
package enum SchedulingPlanner {
    /// A record to write in place of the one that was read (nil: to create).
    package struct Change: Sendable {
        package let old: Stored<AssignmentRecord>?
        package let new: AssignmentRecord

        /// Whether it takes no slot that another topology still has.
        package func takesOnlyFree(_ holders: [WorkerSlot: String]) -> Bool {
            new.workers.allSatisfy { holders[$0.slot, default: new.topologyID] == new.topologyID }
        }
    }

    package struct Plan: Sendable {
        /// By submit time: a slot that one topology gives up goes to a later one only.
        package let changes: [Change]
        /// Scheduling status by topology id, for people; not of those withheld.
        package let statuses: [String: String]
    }

    /// A topology at rest, whose executors may move.
    package struct Replacement: Sendable {
        package let topologyID: String
        /// Slots are chosen as if it had none.
        package let isAfresh: Bool
        /// Slots that get another process, whatever their executors are.
        package let renewed: Set<WorkerSlot>

        package init(topologyID: String, isAfresh: Bool, renewed: Set<WorkerSlot>) {
            self.topologyID = topologyID
            self.isAfresh = isAfresh
            self.renewed = renewed
        }
    }

    /// - Parameters:
    ///   - replacement: the topology that may be moved about now.
    ///   - withheld: topologies that keep what they have for now; the others have to do without it.
    ///   - nowMilliseconds: epoch.
    package static func plan(
        _ seen: ClusterObservation, _ liveness: LivenessTracker.Result, scheduler: any Scheduler,
        replacement: Replacement? = nil, withheld: Set<String> = [], nowMilliseconds: Int64
    ) -> Plan {
        let bases = seen.storms.filter { !seen.isUnreadable($0.key) }.map(\.value.record).sorted {
            ($0.submittedAtMilliseconds, $0.id) < ($1.submittedAtMilliseconds, $1.id)
        }
        let result = scheduler.schedule(snapshot(seen, liveness, bases, replacement, withheld))
        let byID = Dictionary(uniqueKeysWithValues: result.assignments.map { ($0.topologyID, $0) })
        let changes = bases.compactMap { base in
            change(
                base, seen.assignments[base.id], byID[base.id], result.decisions[base.id], seen,
                renewed: replacement?.topologyID == base.id ? replacement?.renewed ?? [] : [], nowMilliseconds)
        }
        return Plan(changes: changes, statuses: result.statuses.filter { !withheld.contains($0.key) })
    }

    /// What one topology at rest gets when its record alone is written, the others' in a later round: it must not count on
    /// slots that they would give up.
    /// - Returns: its change, nil when everything stays, and its scheduling status.
    package static func planAlone(
        _ seen: ClusterObservation, _ liveness: LivenessTracker.Result, scheduler: any Scheduler,
        _ replacement: Replacement, nowMilliseconds: Int64
    ) -> (change: Change?, status: String) {
        let id = replacement.topologyID
        func attempt(withheld: Set<String>) -> (change: Change?, status: String) {
            let plan = plan(
                seen, liveness, scheduler: scheduler, replacement: replacement, withheld: withheld,
                nowMilliseconds: nowMilliseconds)
            return (plan.changes.first { $0.new.topologyID == id }, plan.statuses[id] ?? "")
        }
        let first = attempt(withheld: [])
        guard let change = first.change, !change.takesOnlyFree(holders(seen)) else { return first }
        return attempt(withheld: Set(seen.storms.keys).subtracting([id]))
    }

    /// Which topology has which slot.
    package static func holders(_ seen: ClusterObservation) -> [WorkerSlot: String] {
        var holders: [WorkerSlot: String] = [:]
        for (id, assignment) in seen.assignments.sorted(by: { $0.key < $1.key }) {
            for worker in assignment.record.workers { holders[worker.slot] = id }
        }
        return holders
    }

    private static func snapshot(
        _ seen: ClusterObservation, _ liveness: LivenessTracker.Result, _ bases: [StormBaseRecord],
        _ replacement: Replacement?, _ withheld: Set<String>
    ) -> ClusterSnapshot {
        let failing = failingNodes(seen, liveness)
        var supervisors = seen.supervisors.values.sorted { $0.id < $1.id }.map {
            SchedulableSupervisor(
                id: $0.id, ports: $0.ports, acceptsWork: !failing.contains($0.id), isDraining: $0.isDraining)
        }
        for (node, ports) in liveness.keptPorts.sorted(by: { $0.key < $1.key }) {
            supervisors.append(SchedulableSupervisor(id: node, ports: ports.sorted(), acceptsWork: false))
        }
        let topologies = bases.map { base in
            let layout = ExecutorLayout.components(of: base)
            let isReplaced = replacement?.topologyID == base.id
            return SchedulableTopology(
                id: base.id, wantedWorkers: base.workers, executors: layout.flatMap(\.executors),
                isFrozen: base.status == .killed || withheld.contains(base.id),
                replacement: isReplaced ? (replacement?.isAfresh == true ? .rebalance : .move) : .none,
                components: isReplaced ? numbers(layout) : [:])
        }
        let assignments = seen.assignments.mapValues { stored in
            Assignment(
                topologyID: stored.record.topologyID,
                slots: Dictionary(
                    stored.record.workers.map { (Slot(node: $0.node, port: $0.port), $0.executors.executors) },
                    uniquingKeysWith: { first, _ in first }))
        }
        return ClusterSnapshot(
            supervisors: supervisors, topologies: topologies, assignments: assignments,
            deadSlots: deadSlots(seen, liveness))
    }

    private static func numbers(_ layout: [ExecutorLayout.Component]) -> [ExecutorRange: Int] {
        Dictionary(
            uniqueKeysWithValues: layout.enumerated().flatMap { index, component in
                component.executors.map { ($0, index) }
            })
    }

    /// Machines that do not bring up a worker get no other one while there is room elsewhere for what has to move: the
    /// reason is rather the machine (its disk, a library that it lacks) than the port.
    private static func failingNodes(_ seen: ClusterObservation, _ liveness: LivenessTracker.Result) -> Set<String> {
        if liveness.failedSlots.isEmpty { return [] }
        let nodes = Set(liveness.failedSlots.map(\.node))
        let roomElsewhere = freeSlots(seen).count { !nodes.contains($0.node) }
        return roomElsewhere >= liveness.failedSlots.count ? nodes : []
    }

    private static func freeSlots(_ seen: ClusterObservation) -> Set<WorkerSlot> {
        let used = Set(seen.assignments.values.flatMap { $0.record.workers.map(\.slot) })
        let all = Set(
            seen.supervisors.values.filter { !$0.isDraining }.flatMap { node in
                node.ports.map { WorkerSlot(node: node.id, port: $0) }
            })
        return all.subtracting(used)
    }

    /// Lost slots are dead. A worker that a living supervisor does not bring up is moved only when there is another
    /// place for it; else its supervisor keeps trying, which is better than to pack it onto workers that are fine.
    private static func deadSlots(_ seen: ClusterObservation, _ liveness: LivenessTracker.Result) -> Set<Slot> {
        let failed = liveness.failedSlots.sorted().prefix(freeSlots(seen).count)
        return Set(liveness.lostSlots.union(failed).map { Slot(node: $0.node, port: $0.port) })
    }

    private static func change(
        _ base: StormBaseRecord, _ old: Stored<AssignmentRecord>?, _ wanted: Assignment?,
        _ decision: PlacementDecision?, _ seen: ClusterObservation,
        renewed: Set<WorkerSlot>, _ now: Int64
    ) -> Change? {
        guard let wanted, old != nil || !wanted.slots.isEmpty else { return nil }
        let generation = (old?.record.generation ?? 0) + 1
        let hosts = Dictionary(
            old?.record.workers.map { ($0.node, $0.host) } ?? [], uniquingKeysWith: { first, _ in first })
        let bySlot = old?.record.bySlot ?? [:]
        let workers = wanted.slots.map { slot, executors in
            let present = bySlot[WorkerSlot(node: slot.node, port: slot.port)]
            if let present, present.executors.executors == executors, !renewed.contains(present.slot) { return present }
            return WorkerAssignment(
                node: slot.node, host: seen.supervisors[slot.node]?.host ?? hosts[slot.node] ?? slot.node,
                port: slot.port, executors: executors, startedAtMilliseconds: now, incarnation: generation)
        }.sorted { $0.slot < $1.slot }
        if let old, old.record.workers == workers { return nil }
        var record =
            old?.record
            ?? AssignmentRecord(topologyID: base.id, codeSHA256: base.blobs.first?.sha256 ?? "", workers: [])
        record.generation = generation
        record.codeSHA256 = base.blobs.first?.sha256 ?? ""
        record.workers = workers
        record.settings = base.settings
        if let decision {
            let entry = PlacementRecord(
                decision, generation: generation, nowMilliseconds: now, of: wanted.executorCount)
            record.decisions = entry.added(to: old?.record.decisions ?? [], workers: workers)
        }
        return Change(old: old, new: record)
    }
}
