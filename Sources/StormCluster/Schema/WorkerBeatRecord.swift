package import StormCore

/// Numbers of one executor over one window of time. Keys are stream names for what is emitted and for a spout's acks,
/// `component:stream` of the input for what a bolt executes, acks and fails.
package struct ExecutorCounts: Hashable, Sendable, Codable {
    package var emitted: [String: Int64] = [:]
    package var transferred: [String: Int64] = [:]
    package var executed: [String: Int64] = [:]
    package var acked: [String: Int64] = [:]
    package var failed: [String: Int64] = [:]
    /// Spouts: from emit to the end of the tree.
    package var completeMilliseconds: [String: Double] = [:]
    /// Bolts: time in `execute`.
    package var executeMilliseconds: [String: Double] = [:]
    /// Bolts: from the start of `execute` to the ack.
    package var processMilliseconds: [String: Double] = [:]

    package init() {}

    package enum CodingKeys: String, RecordKey {
        case emitted, transferred, executed, acked, failed
        case completeMilliseconds = "complete_ms"
        case executeMilliseconds = "execute_ms"
        case processMilliseconds = "process_ms"

        package var note: FieldNote {
            switch self {
            case .emitted: .map("stream to integer", "tuples emitted")
            case .transferred: .map("stream to integer", "tuples sent, one for each receiving task")
            case .executed: .map("`component:stream` to integer", "tuples executed")
            case .acked:
                .map(
                    "stream to integer", "of a spout: its messages; of a bolt (`component:stream`): input tuples acked")
            case .failed: .map("stream to integer", "as `acked`, but failed")
            case .completeMilliseconds:
                .map("stream to number, milliseconds", "spouts: mean time from emit to the end of the tree")
            case .executeMilliseconds: .map("`component:stream` to number, milliseconds", "bolts: mean time in execute")
            case .processMilliseconds:
                .map("`component:stream` to number, milliseconds", "bolts: mean time from execute to ack")
            }
        }
    }
}

/// One executor as its worker reports it.
package struct ExecutorBeat: Hashable, Sendable, Codable {
    /// Exactly one.
    package var executor: ExecutorList
    package var component: String
    package var isSpout: Bool
    package var uptimeSeconds: Int
    /// By window: seconds as text ("600", "10800", "86400") or ":all-time", as in Storm's interface. ":all-time" is
    /// always there.
    package var windows: [String: ExecutorCounts]

    package static let allTime = ":all-time"

    package init(
        executor: ExecutorRange, component: String, isSpout: Bool, uptimeSeconds: Int,
        windows: [String: ExecutorCounts] = [:]
    ) {
        self.executor = ExecutorList([executor])
        self.component = component
        self.isSpout = isSpout
        self.uptimeSeconds = uptimeSeconds
        self.windows = windows
    }

    package enum CodingKeys: String, RecordKey {
        case executor, component, windows
        case isSpout = "is_spout"
        case uptimeSeconds = "uptime_secs"

        package var note: FieldNote {
            switch self {
            case .executor: .text("the range of its tasks: `4-7`, or `4`")
            case .component: .text("the component")
            case .windows:
                .map(
                    "window (`:all-time`, or seconds as text)", of: ExecutorCounts.CodingKeys.self,
                    "numbers of that time")
            case .isSpout: .flag("whether it is a spout")
            case .uptimeSeconds: .seconds("since its start")
            }
        }
    }
}

package enum WorkerState: String, Hashable, Sendable, Codable, CaseIterable {
    /// Not all executors and connections are ready.
    case starting
    case running
    /// Spouts stopped; trees finish.
    case draining
}

/// `/workerbeats/<topology>/<node>-<port>`, ephemeral and owned by the worker's own session: it is there while the
/// worker lives, and its data says how it is doing, written at a low rate.
package struct WorkerBeatRecord: ClusterRecord {
    package var version = 1
    package var topologyID: String
    package var node: String
    package var host: String
    package var port: Int
    package var pid: Int
    /// The assignment's number for this slot that the worker was started for.
    package var incarnation: Int
    package var state: WorkerState
    /// The pause (`PendingAction.drain`) for which nothing is under way here any more.
    package var drained: Int?
    /// The newest assignment's `generation` that this worker acts by: whose places of tasks it knows.
    package var generation: Int?
    /// When this was written, epoch milliseconds.
    package var timeMilliseconds: Int64
    package var uptimeSeconds: Int
    package var executors: [ExecutorBeat]
    package var residentBytes: Int64
    /// User and system time since the worker's start.
    package var cpuSeconds: Double
    package var unknownFields: [String: ConfigValue] = [:]

    package init(
        topologyID: String, node: String, host: String, port: Int, pid: Int, incarnation: Int, state: WorkerState,
        timeMilliseconds: Int64, uptimeSeconds: Int, executors: [ExecutorBeat] = [], residentBytes: Int64 = 0,
        cpuSeconds: Double = 0
    ) {
        self.topologyID = topologyID
        self.node = node
        self.host = host
        self.port = port
        self.pid = pid
        self.incarnation = incarnation
        self.state = state
        self.timeMilliseconds = timeMilliseconds
        self.uptimeSeconds = uptimeSeconds
        self.executors = executors
        self.residentBytes = residentBytes
        self.cpuSeconds = cpuSeconds
    }

    package var slot: WorkerSlot { WorkerSlot(node: node, port: port) }

    package enum CodingKeys: String, RecordKey {
        case version, node, host, port, pid, incarnation, state, drained, generation, executors
        case topologyID = "topology_id"
        case timeMilliseconds = "time_ms"
        case uptimeSeconds = "uptime_secs"
        case residentBytes = "rss_bytes"
        case cpuSeconds = "cpu_secs"

        package var note: FieldNote {
            switch self {
            case .version: .version
            case .node: .text("the supervisor's id")
            case .host: .text("the supervisor's host")
            case .port: .integer("the slot's port")
            case .pid: .integer("the worker's process")
            case .incarnation: .integer("the assignment's number for this slot that it was started for")
            case .state: .word(WorkerState.self, "how far it is")
            case .drained:
                .integer("the pause (`drain` of the topology) for which nothing is under way here any more").optional
            case .generation: .integer("of the newest assignment that it acts by").optional
            case .executors: .list(of: ExecutorBeat.CodingKeys.self, "one for each executor")
            case .topologyID: .text("the topology's id")
            case .timeMilliseconds: .time("when this was written")
            case .uptimeSeconds: .seconds("since its start")
            case .residentBytes: .bytes("resident memory")
            case .cpuSeconds: .number("seconds", "user and system time since its start")
            }
        }
    }
}
