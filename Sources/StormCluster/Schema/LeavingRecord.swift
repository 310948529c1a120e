package import StormCore

/// `/leaving/<topology>:<node>-<port>:<incarnation>`, ephemeral and owned by a worker that somebody asked to stop: it goes
/// on until its topology was paused and its slot has got a new process, so that no tree fails.
package struct LeavingRecord: ClusterRecord {
    package var version = 1
    package var topologyID: String
    package var node: String
    package var port: Int
    /// The assignment's number for this slot that the worker was started for.
    package var incarnation: Int
    /// When it was asked, epoch milliseconds.
    package var timeMilliseconds: Int64
    package var unknownFields: [String: ConfigValue] = [:]

    package init(topologyID: String, slot: WorkerSlot, incarnation: Int, timeMilliseconds: Int64) {
        self.topologyID = topologyID
        node = slot.node
        port = slot.port
        self.incarnation = incarnation
        self.timeMilliseconds = timeMilliseconds
    }

    package var slot: WorkerSlot { WorkerSlot(node: node, port: port) }

    package enum CodingKeys: String, RecordKey {
        case version, node, port, incarnation
        case topologyID = "topology_id"
        case timeMilliseconds = "time_ms"

        package var note: FieldNote {
            switch self {
            case .version: .version
            case .node: .text("the supervisor's id")
            case .port: .integer("the slot's port")
            case .incarnation: .integer("the assignment's number for this slot that the worker was started for")
            case .topologyID: .text("the topology's id")
            case .timeMilliseconds: .time("when it was asked")
            }
        }
    }
}
