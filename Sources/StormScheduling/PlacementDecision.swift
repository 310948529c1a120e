package import StormCore

/// Why the scheduler changed a topology's slots, and what it chose from: said by the scheduler in the round that did it.
package struct PlacementDecision: Hashable, Sendable {
    /// What made a change necessary.
    package enum Cause: Hashable, Sendable {
        /// It had no slot yet.
        case first
        /// Workers of it are dead.
        case workersDead
        /// Machines, by node, that offer their slots no more.
        case machinesGone([String])
        /// It has other executors than before.
        case executorsChanged
        /// It had fewer workers than it wants, and slots are free.
        case workersMissing
        /// At rest, spread anew over the machines of today.
        case rebalance
        /// At rest, to leave machines that are about to stop, by node.
        case machinesEmptied([String])
        /// At rest, to go where missing workers can be made, or to renew some.
        case move
    }

    /// How executors without a place got one.
    package enum Rule: String, Hashable, Sendable {
        /// In task order, one after the other, to the new slots in turn: those of machines with most free slots first.
        case inTurn = "in_turn"
        /// To the slot with the fewest executors of their component, then the fewest of all; slots evenly filled.
        case fewestOfComponent = "fewest_of_component"
        /// No slot was free: to the emptiest of its own slots.
        case emptiestOwn = "emptiest_own"
    }

    package var cause: Cause
    package var rule: Rule
    package var wantedWorkers: Int
    /// Free slots, and machines that have some, before the choice.
    package var freeSlots: Int
    package var freeMachines: Int
    /// Slots that it has now and had not before.
    package var newSlots: Int
    /// Executors that did not run where they are now, in task order.
    package var moved: [ExecutorRange]

    package init(
        cause: Cause, rule: Rule, wantedWorkers: Int, freeSlots: Int, freeMachines: Int, newSlots: Int,
        moved: [ExecutorRange]
    ) {
        self.cause = cause
        self.rule = rule
        self.wantedWorkers = wantedWorkers
        self.freeSlots = freeSlots
        self.freeMachines = freeMachines
        self.newSlots = newSlots
        self.moved = moved
    }
}

extension SchedulingRound {
    /// What to say of a topology's new slots; nil when they are those it had.
    static func decision(
        _ topology: SchedulableTopology, _ cluster: ClusterSnapshot, kept: [Slot: [ExecutorRange]],
        now: [Slot: [ExecutorRange]], rule: PlacementDecision.Rule, free: (slots: Int, machines: Int)
    ) -> PlacementDecision? {
        let before = cluster.assignments[topology.id]?.slots ?? [:]
        // The usual case first: nothing is sorted.
        if topology.replacement == .none, now == before { return nil }
        let slots = now.filter { !$0.value.isEmpty }
        guard topology.replacement != .none || slots.mapValues({ $0.sorted() }) != before, !slots.isEmpty else {
            return nil
        }
        let moved = slots.flatMap { slot, executors in
            let here = Set(before[slot] ?? [])
            return executors.filter { !here.contains($0) }
        }
        return PlacementDecision(
            cause: cause(topology, cluster, before: before, kept: kept), rule: rule,
            wantedWorkers: topology.wantedWorkers, freeSlots: free.slots, freeMachines: free.machines,
            newSlots: slots.keys.count { before[$0] == nil }, moved: moved.sorted())
    }

    private static func cause(
        _ topology: SchedulableTopology, _ cluster: ClusterSnapshot, before: [Slot: [ExecutorRange]],
        kept: [Slot: [ExecutorRange]]
    ) -> PlacementDecision.Cause {
        if before.isEmpty { return .first }
        let nodes = Set(before.keys.map(\.node))
        switch topology.replacement {
        case .rebalance: return .rebalance
        case .move:
            let emptied = cluster.supervisors.filter { $0.isDraining && nodes.contains($0.id) }.map(\.id)
            return emptied.isEmpty ? .move : .machinesEmptied(emptied.sorted())
        case .none: break
        }
        let gone = nodes.subtracting(cluster.supervisors.map(\.id))
        if !gone.isEmpty { return .machinesGone(gone.sorted()) }
        if before.keys.contains(where: { kept[$0] == nil && cluster.deadSlots.contains($0) }) { return .workersDead }
        return Set(before.values.joined()) == Set(topology.executors) ? .workersMissing : .executorsChanged
    }
}
