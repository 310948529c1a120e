package import StormCore

/// One worker of a topology: where it runs and which executors it has.
package struct WorkerAssignment: Hashable, Sendable, Codable {
    /// The supervisor's id.
    package var node: String
    package var host: String
    package var port: Int
    package var executors: ExecutorList
    /// When this worker got these executors, epoch milliseconds.
    package var startedAtMilliseconds: Int64
    /// The record's generation in which this slot got these executors: never twice the same for a topology, so a worker
    /// that was started for another number is the wrong one.
    package var incarnation: Int

    package init(
        node: String, host: String, port: Int, executors: [ExecutorRange], startedAtMilliseconds: Int64,
        incarnation: Int
    ) {
        self.node = node
        self.host = host
        self.port = port
        self.executors = ExecutorList(executors)
        self.startedAtMilliseconds = startedAtMilliseconds
        self.incarnation = incarnation
    }

    package var slot: WorkerSlot { WorkerSlot(node: node, port: port) }

    package enum CodingKeys: String, RecordKey {
        case node, host, port, executors, incarnation
        case startedAtMilliseconds = "started_at_ms"

        package var note: FieldNote {
            switch self {
            case .node: .text("the supervisor's id")
            case .host: .text("the supervisor's host")
            case .port: .integer("the slot's port")
            case .executors: .text(ExecutorList.form)
            case .incarnation:
                .integer(
                    "the generation in which this slot got these executors: never twice the same, so a process that "
                        + "was started for another one is the wrong one"
                )
            case .startedAtMilliseconds: .time("when it got them")
            }
        }
    }
}

/// `/assignments/<id>`: who runs what. Written by the leading nimbus only; watched by supervisors and workers.
package struct AssignmentRecord: ClusterRecord {
    package var version = 1
    package var topologyID: String
    /// One more with every change.
    package var generation: Int
    /// Hash of the submitted code, so that a supervisor knows what to fetch without reading `/storms`.
    package var codeSHA256: String
    /// Sorted by slot; one entry per worker, no slot twice.
    package var workers: [WorkerAssignment]
    /// The topology's `settings` as these workers were started with; here too, so that a supervisor has both from one
    /// moment.
    package var settings: [String: ConfigValue]?
    /// Why: of the generations that still have a worker, and the last one; oldest first. Nil: written by an older nimbus.
    package var decisions: [PlacementRecord]?
    package var unknownFields: [String: ConfigValue] = [:]

    package init(topologyID: String, generation: Int = 1, codeSHA256: String, workers: [WorkerAssignment]) {
        self.topologyID = topologyID
        self.generation = generation
        self.codeSHA256 = codeSHA256
        self.workers = workers.sorted { $0.slot < $1.slot }
    }

    /// O(workers).
    package subscript(slot: WorkerSlot) -> WorkerAssignment? { workers.first { $0.slot == slot } }

    /// For many questions.
    package var bySlot: [WorkerSlot: WorkerAssignment] {
        Dictionary(workers.map { ($0.slot, $0) }, uniquingKeysWith: { first, _ in first })
    }

    package enum CodingKeys: String, RecordKey {
        case version, generation, workers, settings, decisions
        case topologyID = "topology_id"
        case codeSHA256 = "code_sha256"

        package var note: FieldNote {
            switch self {
            case .version: .version
            case .generation: .integer("one more with every change")
            case .workers: .list(of: WorkerAssignment.CodingKeys.self, "one for each worker, sorted by node and port")
            case .settings: .map("key to value", "what rebalances had set when they started").optional
            case .decisions: .list(of: PlacementRecord.CodingKeys.self, "why they are where they are").optional
            case .topologyID: .text("the topology's id")
            case .codeSHA256: .text("hash of the submitted code, so that a supervisor knows what to fetch")
            }
        }
    }
}
