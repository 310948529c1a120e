package import StormCore

/// A place for a worker: a port of a supervisor.
package struct Slot: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The supervisor's id.
    package let node: String
    package let port: Int

    package init(node: String, port: Int) {
        self.node = node
        self.port = port
    }

    package static func < (a: Slot, b: Slot) -> Bool { a.node == b.node ? a.port < b.port : a.node < b.node }

    package var description: String { "\(node)-\(port)" }
}

/// A machine as the scheduler sees it.
package struct SchedulableSupervisor: Hashable, Sendable {
    package let id: String
    package let ports: [Int]
    /// False keeps what runs there and puts nothing new on it: the supervisor is away for a moment, or not trusted.
    package let acceptsWork: Bool
    /// True is also `acceptsWork` false, and a topology that moves leaves it: the supervisor is about to stop.
    package let isDraining: Bool

    package init(id: String, ports: [Int], acceptsWork: Bool = true, isDraining: Bool = false) {
        self.id = id
        self.ports = ports
        self.acceptsWork = acceptsWork && !isDraining
        self.isDraining = isDraining
    }
}

/// A topology as the scheduler sees it.
package struct SchedulableTopology: Hashable, Sendable {
    package let id: String
    package let wantedWorkers: Int
    package let executors: [ExecutorRange]
    /// True leaves the present assignment alone, whatever it lacks (a killed topology that waits for its end).
    package let isFrozen: Bool
    /// What happens to executors that run already.
    package let replacement: Replacement
    /// Number of each executor's component, so that the executors of one are spread; one that is missing belongs to 0.
    package let components: [ExecutorRange: Int]

    /// How freely the scheduler may move executors that run.
    package enum Replacement: Hashable, Sendable {
        /// Nothing is known to be at rest: they move only where the scheduler's own rules want it.
        case none
        /// Its spouts are off and its trees are done. Executors leave machines that are to be emptied, and go where
        /// missing workers can be made; as few as possible move.
        case move
        /// As `move`, but slots are chosen anew, as if the topology had none: spread over the machines of today.
        case rebalance
    }

    package init(
        id: String, wantedWorkers: Int, executors: [ExecutorRange], isFrozen: Bool = false,
        replacement: Replacement = .none, components: [ExecutorRange: Int] = [:]
    ) {
        self.id = id
        self.wantedWorkers = wantedWorkers
        self.executors = executors
        self.isFrozen = isFrozen
        self.replacement = replacement
        self.components = components
    }
}

/// Which slots a topology has and what runs in them. No slot without executors.
package struct Assignment: Hashable, Sendable {
    package let topologyID: String
    /// Executors sorted by first task.
    package let slots: [Slot: [ExecutorRange]]

    package init(topologyID: String, slots: [Slot: [ExecutorRange]]) {
        self.topologyID = topologyID
        self.slots = slots.filter { !$0.value.isEmpty }.mapValues { $0.sorted() }
    }

    package var executorCount: Int { slots.values.reduce(0) { $0 + $1.count } }
}

/// All the scheduler knows.
package struct ClusterSnapshot: Hashable, Sendable {
    package let supervisors: [SchedulableSupervisor]
    /// Served in this order: who comes first gets slots first.
    package let topologies: [SchedulableTopology]
    /// Present assignments by topology id.
    package let assignments: [String: Assignment]
    /// Slots whose worker is dead: not used this round.
    package let deadSlots: Set<Slot>

    package init(
        supervisors: [SchedulableSupervisor], topologies: [SchedulableTopology],
        assignments: [String: Assignment] = [:],
        deadSlots: Set<Slot> = []
    ) {
        self.supervisors = supervisors
        self.topologies = topologies
        self.assignments = assignments
        self.deadSlots = deadSlots
    }
}

/// What the scheduler wants.
package struct SchedulingResult: Hashable, Sendable {
    /// One per topology of the snapshot, in its order; without slots when there is no room.
    package let assignments: [Assignment]
    /// Why each topology is, or is not, fully scheduled; by topology id. For people.
    package let statuses: [String: String]
    /// What was decided about the topologies whose slots changed, by topology id.
    package let decisions: [String: PlacementDecision]

    package init(
        assignments: [Assignment], statuses: [String: String], decisions: [String: PlacementDecision] = [:]
    ) {
        self.assignments = assignments
        self.statuses = statuses
        self.decisions = decisions
    }
}

/// Decides where executors run. Pure: the same snapshot always gives the same result.
package protocol Scheduler: Sendable {
    func schedule(_ cluster: ClusterSnapshot) -> SchedulingResult
}
