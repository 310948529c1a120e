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

    package init(id: String, ports: [Int], acceptsWork: Bool = true) {
        self.id = id
        self.ports = ports
        self.acceptsWork = acceptsWork
    }
}

/// A topology as the scheduler sees it.
package struct SchedulableTopology: Hashable, Sendable {
    package let id: String
    package let wantedWorkers: Int
    package let executors: [ExecutorRange]
    /// True leaves the present assignment alone, whatever it lacks (a killed topology that waits for its end).
    package let isFrozen: Bool
    /// True forgets the present assignment; its slots count as free (a rebalance).
    package let startsFresh: Bool

    package init(
        id: String, wantedWorkers: Int, executors: [ExecutorRange], isFrozen: Bool = false, startsFresh: Bool = false
    ) {
        self.id = id
        self.wantedWorkers = wantedWorkers
        self.executors = executors
        self.isFrozen = isFrozen
        self.startsFresh = startsFresh
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

    package init(assignments: [Assignment], statuses: [String: String]) {
        self.assignments = assignments
        self.statuses = statuses
    }
}

/// Decides where executors run. Pure: the same snapshot always gives the same result.
package protocol Scheduler: Sendable {
    func schedule(_ cluster: ClusterSnapshot) -> SchedulingResult
}
