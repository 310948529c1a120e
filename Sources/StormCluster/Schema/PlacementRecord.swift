import StormCore

/// One entry of `AssignmentRecord.decisions`: why the scheduler gave workers their executors in one generation of the
/// assignment. A worker's entry is the one whose `generation` is its `incarnation`.
package struct PlacementRecord: Hashable, Sendable, Codable {
    package var generation: Int
    /// Epoch milliseconds.
    package var timeMilliseconds: Int64
    /// What made a change necessary: `first`, `workers_dead`, `machines_gone`, `executors_changed`, `workers_missing`,
    /// `rebalance`, `machines_emptied`, `move`.
    package var cause: String
    /// The machines of `machines_gone` and `machines_emptied`, at most 8.
    package var nodes: [String]?
    /// How executors got their places: `in_turn`, `fewest_of_component`, `emptiest_own`.
    package var rule: String
    package var wantedWorkers: Int
    /// Before the choice.
    package var freeSlots: Int
    package var freeMachines: Int
    /// Slots that the topology had not before.
    package var newSlots: Int
    /// How many executors did not run where they were put.
    package var movedCount: Int
    /// Which; nil: all of the topology's, or too many to name.
    package var moved: ExecutorList?

    /// More are only counted.
    package static let movedMax = 256
    /// Entries of one assignment.
    package static let entriesMax = 16

    package init(
        generation: Int, timeMilliseconds: Int64, cause: String, nodes: [String]?, rule: String, wantedWorkers: Int,
        freeSlots: Int, freeMachines: Int, newSlots: Int, movedCount: Int, moved: ExecutorList?
    ) {
        self.generation = generation
        self.timeMilliseconds = timeMilliseconds
        self.cause = cause
        self.nodes = nodes
        self.rule = rule
        self.wantedWorkers = wantedWorkers
        self.freeSlots = freeSlots
        self.freeMachines = freeMachines
        self.newSlots = newSlots
        self.movedCount = movedCount
        self.moved = moved
    }

    package enum CodingKeys: String, RecordKey {
        case generation, cause, nodes, rule, moved
        case timeMilliseconds = "time_ms"
        case wantedWorkers = "wanted_workers"
        case freeSlots = "free_slots"
        case freeMachines = "free_machines"
        case newSlots = "new_slots"
        case movedCount = "moved_count"

        package var note: FieldNote {
            switch self {
            case .generation: .integer("of the assignment that it made")
            case .cause: .text("what made a change necessary, such as `first`, `workers_dead`, `rebalance`")
            case .nodes: .list(of: "texts", "the machines that were lost or emptied").optional
            case .rule: .text("how executors got their places")
            case .moved: .text("executors that did not run where they were put; missing: all, or too many").optional
            case .timeMilliseconds: .time("when it was made")
            case .wantedWorkers: .integer("workers wanted")
            case .freeSlots: .integer("free slots before the choice")
            case .freeMachines: .integer("machines with a free slot before the choice")
            case .newSlots: .integer("slots that the topology had not before")
            case .movedCount: .integer("executors that did not run where they were put")
            }
        }
    }
}
