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

    enum CodingKeys: String, CodingKey {
        case node, host, port, executors, incarnation
        case startedAtMilliseconds = "started_at_ms"
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
    package var unknownFields: [String: ConfigValue] = [:]

    package init(topologyID: String, generation: Int = 1, codeSHA256: String, workers: [WorkerAssignment]) {
        self.topologyID = topologyID
        self.generation = generation
        self.codeSHA256 = codeSHA256
        self.workers = workers.sorted { $0.slot < $1.slot }
    }

    package subscript(slot: WorkerSlot) -> WorkerAssignment? { workers.first { $0.slot == slot } }

    enum CodingKeys: String, CodingKey {
        case version, generation, workers
        case topologyID = "topology_id"
        case codeSHA256 = "code_sha256"
    }
}
