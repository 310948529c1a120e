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

    enum CodingKeys: String, CodingKey {
        case emitted, transferred, executed, acked, failed
        case completeMilliseconds = "complete_ms"
        case executeMilliseconds = "execute_ms"
        case processMilliseconds = "process_ms"
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

    enum CodingKeys: String, CodingKey {
        case executor, component, windows
        case isSpout = "is_spout"
        case uptimeSeconds = "uptime_secs"
    }
}

package enum WorkerState: String, Hashable, Sendable, Codable {
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

    enum CodingKeys: String, CodingKey {
        case version, node, host, port, pid, incarnation, state, drained, generation, executors
        case topologyID = "topology_id"
        case timeMilliseconds = "time_ms"
        case uptimeSeconds = "uptime_secs"
        case residentBytes = "rss_bytes"
        case cpuSeconds = "cpu_secs"
    }
}
