import Logging
import StormCluster
import StormCore
import StormThrift

/// Methods for the daemons and web pages of Storm. Ours meet in ZooKeeper: supervisors read their assignments there, workers
/// are alive as long as their sessions are, and their numbers are on their own pages. What is asked here is answered
/// truthfully; what is told here is not needed.
extension NimbusHandler {
    func getSupervisorAssignments(node: String) async throws -> Thrift.SupervisorAssignments? {
        var own: [String: Thrift.Assignment] = [:]
        for (id, stored) in try await readable(state.assignments).records
        where stored.record.workers.contains(where: { $0.node == node }) {
            let owner = try await readable(state.storms, id)?.owner
            own[id] = SummaryBuilder.assignment(stored.record, owner: owner, codeFolder: directory.root)
        }
        return Thrift.SupervisorAssignments(stormAssignment: own)
    }

    func sendSupervisorWorkerHeartbeats(_ heartbeats: Thrift.SupervisorWorkerHeartbeats) async throws {
        logger.debug("heartbeats of workers are not needed here", metadata: ["node": "\(heartbeats.supervisorID)"])
    }

    /// - Throws: `NotAliveException`: a worker of a topology that is gone should end.
    func sendSupervisorWorkerHeartbeat(_ heartbeat: Thrift.SupervisorWorkerHeartbeat) async throws {
        _ = try await topology(id: heartbeat.topologyID)
    }

    func processWorkerMetrics(_ metrics: Thrift.WorkerMetrics) async throws {
        logger.debug(
            "metrics are not collected here; workers show theirs at /metrics",
            metadata: ["topology.id": "\(metrics.topologyID)"])
    }

    func setWorkerProfiler(id: String, request: Thrift.ProfileRequest) async throws {
        _ = try await topology(id: id)
        throw ThriftApplicationException(
            .internalError,
            "setWorkerProfiler: workers here are no JVMs; look into one with perf or gdb by the pid in its znode, or "
                + "rebalance the topology")
    }

    /// None: there is nothing that could wait.
    func getComponentPendingProfileActions(
        id: String, componentID: String, action: Thrift.ProfileAction
    ) async throws -> [Thrift.ProfileRequest] { [] }

    /// - Throws: that there is no such download, as long as nobody has begun one.
    func downloadChunk(id: String) async throws -> [UInt8] { try await downloads.next(id) }

    // MARK: blobs

    /// Every nimbus holds every blob, and whoever reaches a nimbus may use it: settings that say this are taken.
    /// - Throws: `AuthorizationException` for settings that could not be kept.
    func setBlobMeta(key: String, meta: Thrift.SettableBlobMeta) async throws {
        _ = try await getBlobMeta(key: key)
        try checkAccess(key, meta)
        if let factor = meta.replicationFactor, factor > 0 {
            _ = try await updateBlobReplication(key: key, replication: factor)
        }
    }

    /// - Throws: `AuthorizationException` for an access list that does not give everybody everything, as that is what there is.
    func checkAccess(_ key: String, _ meta: Thrift.SettableBlobMeta) throws {
        let allRights: Int32 = 7
        guard meta.acl.isEmpty || meta.acl.contains(where: { $0.type == .other && $0.access == allRights }) else {
            throw Thrift.AuthorizationException(
                msg: "this cluster does not tell users apart, so access to '\(key)' cannot be limited")
        }
    }

    /// - Returns: the copies there are.
    /// - Throws: when others are asked for.
    func updateBlobReplication(key: String, replication: Int32) async throws -> Int32 {
        let copies = try await getBlobReplication(key: key)
        try checkCopies("updateBlobReplication", key, copies, wanted: replication)
        return copies
    }

    /// For a blob that is not there yet. - Parameter wanted: nil, 0 or less: as many as there are.
    func checkNewCopies(_ key: String, wanted: Int32?) async throws {
        guard let wanted, wanted > 0 else { return }
        try checkCopies("beginCreateBlob", key, Int32(try await state.nimbuses.ids().count), wanted: wanted)
    }

    private func checkCopies(_ method: String, _ key: String, _ copies: Int32, wanted: Int32) throws {
        guard copies != wanted else { return }
        throw ThriftApplicationException(
            .internalError,
            "\(method): every nimbus holds every blob; '\(key)' has \(copies) copies, and another number needs another "
                + "number of nimbuses")
    }
}

extension SummaryBuilder {
    static func assignment(
        _ record: AssignmentRecord, owner: String?, codeFolder: String
    ) -> Thrift.Assignment {
        var assignment = Thrift.Assignment()
        assignment.masterCodeDir = codeFolder
        assignment.owner = owner
        var hosts: [String: String] = [:]
        var places: [Thrift.TaskSpan: Thrift.NodeInfo] = [:]
        var starts: [Thrift.TaskSpan: Int64] = [:]
        for worker in record.workers {
            hosts[worker.node] = worker.host
            for executor in worker.executors.executors {
                let span = Thrift.TaskSpan(
                    first: Int64(executor.first.rawValue), last: Int64(executor.last.rawValue))
                places[span] = Thrift.NodeInfo(node: worker.node, ports: [Int64(worker.port)])
                starts[span] = worker.startedAtMilliseconds / 1000
            }
        }
        assignment.nodeHost = hosts
        assignment.executorNodePort = places
        assignment.executorStartTimeSecs = starts
        return assignment
    }
}
