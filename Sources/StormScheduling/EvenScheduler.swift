import StormCore

/// Storm's EvenScheduler: what is unassigned is dealt, in task order and in turn, to new slots spread over the nodes.
/// Existing slots are never touched, so a topology that once got too few slots stays uneven.
package struct EvenScheduler: Scheduler {
    package init() {}

    package func schedule(_ cluster: ClusterSnapshot) -> SchedulingResult {
        SchedulingRound(cluster, keepsUnevenSlots: true).run()
    }
}

/// Storm's DefaultScheduler: as EvenScheduler, but when a topology needs scheduling, slots whose number of executors
/// does not fit the even distribution are freed and dealt again. Nothing moves merely for balance between machines.
package struct DefaultScheduler: Scheduler {
    package init() {}

    package func schedule(_ cluster: ClusterSnapshot) -> SchedulingResult {
        SchedulingRound(cluster, keepsUnevenSlots: false).run()
    }
}

/// One round over all topologies.
struct SchedulingRound {
    private let cluster: ClusterSnapshot
    private let keepsUnevenSlots: Bool
    private var kept: [String: [Slot: [ExecutorRange]]] = [:]
    private var pool: SlotPool

    init(_ cluster: ClusterSnapshot, keepsUnevenSlots: Bool) {
        self.cluster = cluster
        self.keepsUnevenSlots = keepsUnevenSlots
        let exposed = Set(cluster.supervisors.flatMap { node in node.ports.map { Slot(node: node.id, port: $0) } })
        var used: Set<Slot> = []
        for topology in cluster.topologies {
            let usable = Self.usable(topology, cluster, exposed: exposed, taken: used)
            kept[topology.id] = usable
            used.formUnion(usable.keys)
        }
        pool = SlotPool(cluster.supervisors, used: used, dead: cluster.deadSlots)
    }

    /// The part of the present assignment that still stands: slots that exist, live and belong to nobody else, each
    /// executor once and only if the topology (still) has it.
    private static func usable(
        _ topology: SchedulableTopology, _ cluster: ClusterSnapshot, exposed: Set<Slot>, taken: Set<Slot>
    ) -> [Slot: [ExecutorRange]] {
        guard let present = cluster.assignments[topology.id] else { return [:] }
        if topology.isFrozen { return present.slots.filter { !taken.contains($0.key) } }
        if topology.replacement == .rebalance { return [:] }
        let emptied = Set(topology.replacement == .move ? cluster.supervisors.filter(\.isDraining).map(\.id) : [])
        var left = Set(topology.executors)
        var usable: [Slot: [ExecutorRange]] = [:]
        for (slot, executors) in present.slots.sorted(by: { $0.key < $1.key }) {
            guard exposed.contains(slot), !cluster.deadSlots.contains(slot), !taken.contains(slot),
                !emptied.contains(slot.node)
            else { continue }
            let standing = executors.filter { left.remove($0) != nil }
            if !standing.isEmpty { usable[slot] = standing }
        }
        return usable
    }

    consuming func run() -> SchedulingResult {
        var assignments: [Assignment] = []
        var statuses: [String: String] = [:]
        var decisions: [String: PlacementDecision] = [:]
        for topology in cluster.topologies {
            let free = (slots: pool.freeCount, machines: pool.freeMachineCount)
            var rule = PlacementDecision.Rule.inTurn
            let slots = topology.isFrozen ? kept[topology.id]! : place(topology, &rule)
            if !topology.isFrozen {
                decisions[topology.id] = Self.decision(
                    topology, cluster, kept: kept[topology.id]!, now: slots, rule: rule, free: free)
            }
            assignments.append(Assignment(topologyID: topology.id, slots: slots))
            statuses[topology.id] = status(of: topology, slots)
        }
        return SchedulingResult(assignments: assignments, statuses: statuses, decisions: decisions)
    }

    /// - Parameter rule: how executors without a place got one.
    private mutating func place(
        _ topology: SchedulableTopology, _ rule: inout PlacementDecision.Rule
    ) -> [Slot: [ExecutorRange]] {
        if topology.replacement != .none {
            rule = .fewestOfComponent
            return replace(topology)
        }
        var slots = kept[topology.id]!
        // More workers than executors would stay empty.
        let wanted = max(0, min(topology.wantedWorkers, topology.executors.count))
        let total = min(wanted, slots.count + pool.freeCount)
        let assigned = slots.values.reduce(0) { $0 + $1.count }
        guard slots.count < wanted || assigned < topology.executors.count else { return slots }
        var freed: Set<Slot> = []
        if !keepsUnevenSlots, total > slots.count || assigned < topology.executors.count {
            freed = unfitting(slots, executorCount: topology.executors.count, slotCount: total)
            for slot in freed {
                slots[slot] = nil
                pool.release(slot)
            }
        }
        let placed = Set(slots.values.joined())
        let unassigned = topology.executors.filter { !placed.contains($0) }.sorted()
        if unassigned.isEmpty { return slots }
        let fresh = pool.take(max(0, min(total - slots.count, unassigned.count)), preferred: freed)
        if fresh.isEmpty {
            rule = .emptiestOwn
            return dealToExisting(unassigned, slots)
        }
        for (index, executor) in unassigned.enumerated() {
            slots[fresh[index % fresh.count], default: []].append(executor)
        }
        return slots
    }

    /// A topology at rest: as many slots as it wants and there are, evenly filled; executors stay where they can.
    private mutating func replace(_ topology: SchedulableTopology) -> [Slot: [ExecutorRange]] {
        let present = cluster.assignments[topology.id]?.slots ?? [:]
        let wanted = max(0, min(topology.wantedWorkers, topology.executors.count))
        // Fuller slots first: what has to go moves the fewest executors.
        var chosen = kept[topology.id]!.sorted {
            $0.value.count == $1.value.count ? $0.key < $1.key : $0.value.count > $1.value.count
        }.map(\.key)
        while chosen.count > wanted, let last = chosen.popLast() { pool.release(last) }
        chosen += pool.take(wanted - chosen.count, preferred: Set(present.keys))
        return StickyDeal.deal(topology.executors, to: chosen, present: present, components: topology.components)
    }

    /// No slot is left but the topology has some: nobody is served by executors that run nowhere, so the emptiest of
    /// its own slots take them. (Storm leaves them unassigned.) Happens only with `EvenScheduler`, or when executors were
    /// added and every own slot fits.
    private func dealToExisting(
        _ executors: [ExecutorRange], _ slots: [Slot: [ExecutorRange]]
    ) -> [Slot: [ExecutorRange]] {
        let order = slots.keys.sorted()
        var contents = order.map { slots[$0] ?? [] }
        var heap = MinHeap(contents.indices.map { Filling(count: contents[$0].count, index: $0) })
        for executor in executors {
            guard let emptiest = heap.first else { return slots }
            contents[emptiest.index].append(executor)
            heap.replaceFirst(Filling(count: emptiest.count + 1, index: emptiest.index))
        }
        return Dictionary(uniqueKeysWithValues: zip(order, contents))
    }

    /// How full a slot is, and its place among the slots.
    private struct Filling: Comparable {
        let count: Int
        let index: Int

        static func < (a: Filling, b: Filling) -> Bool { (a.count, a.index) < (b.count, b.index) }
    }

    /// Slots that do not fit an even distribution over `slotCount` slots: sizes q and q+1, with as many of each as there
    /// must be. Fuller slots are looked at first, then in slot order.
    private func unfitting(_ slots: [Slot: [ExecutorRange]], executorCount: Int, slotCount: Int) -> Set<Slot> {
        guard slotCount > 0 else { return [] }
        let (size, bigger) = executorCount.quotientAndRemainder(dividingBy: slotCount)
        var places = [size + 1: bigger, size: slotCount - bigger]
        var unfitting: Set<Slot> = []
        for slot in slots.keys.sorted() {
            let count = slots[slot]!.count
            if let left = places[count], left > 0 { places[count] = left - 1 } else { unfitting.insert(slot) }
        }
        return unfitting
    }

    private func status(of topology: SchedulableTopology, _ slots: [Slot: [ExecutorRange]]) -> String {
        let placed = slots.values.reduce(0) { $0 + $1.count }
        let wanted = min(topology.wantedWorkers, topology.executors.count)
        if topology.isFrozen { return "Not scheduled any more: the topology is being killed" }
        let room = "the cluster has \(pool.totalCount) slots, \(pool.freeCount) of them free"
        if placed < topology.executors.count {
            return
                "Not scheduled - \(topology.executors.count - placed) of \(topology.executors.count) executors have no "
                + "slot; \(room)"
        }
        if slots.count < wanted { return "Running - \(slots.count) of \(wanted) workers: no free slot; \(room)" }
        return "Fully Scheduled"
    }
}
