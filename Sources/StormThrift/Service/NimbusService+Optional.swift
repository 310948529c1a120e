/// Methods that a service may leave out. A caller then sees what a server without the method answers: UNKNOWN_METHOD.
extension NimbusService {
    package func setLogConfig(name: String, config: Thrift.LogConfig) async throws {
        throw ThriftApplicationException.notServed("setLogConfig")
    }

    package func getLogConfig(name: String) async throws -> Thrift.LogConfig? {
        throw ThriftApplicationException.notServed("getLogConfig")
    }

    package func debug(name: String, component: String, enable: Bool, samplingPercentage: Double) async throws {
        throw ThriftApplicationException.notServed("debug")
    }

    package func uploadNewCredentials(name: String, credentials: Thrift.Credentials) async throws {
        throw ThriftApplicationException.notServed("uploadNewCredentials")
    }

    package func beginUpdateBlob(key: String) async throws -> String {
        throw ThriftApplicationException.notServed("beginUpdateBlob")
    }

    package func setBlobMeta(key: String, meta: Thrift.SettableBlobMeta) async throws {
        throw ThriftApplicationException.notServed("setBlobMeta")
    }

    package func updateBlobReplication(key: String, replication: Int32) async throws -> Int32 {
        throw ThriftApplicationException.notServed("updateBlobReplication")
    }

    package func getTopologyPageInfo(
        id: String, window: String, includeSystem: Bool
    ) async throws -> Thrift.TopologyPageInfo {
        throw ThriftApplicationException.notServed("getTopologyPageInfo")
    }

    package func getSupervisorPageInfo(
        id: String, host: String, includeSystem: Bool
    ) async throws -> Thrift.SupervisorPageInfo {
        throw ThriftApplicationException.notServed("getSupervisorPageInfo")
    }

    package func getComponentPageInfo(
        topologyID: String, componentID: String, window: String, includeSystem: Bool
    ) async throws -> Thrift.ComponentPageInfo {
        throw ThriftApplicationException.notServed("getComponentPageInfo")
    }

    package func getTopologyHistory(user: String?) async throws -> Thrift.TopologyHistoryInfo {
        throw ThriftApplicationException.notServed("getTopologyHistory")
    }

    package func getOwnerResourceSummaries(owner: String?) async throws -> [Thrift.OwnerResourceSummary] {
        throw ThriftApplicationException.notServed("getOwnerResourceSummaries")
    }

    package func setWorkerProfiler(id: String, request: Thrift.ProfileRequest) async throws {
        throw ThriftApplicationException.notServed("setWorkerProfiler")
    }

    package func getComponentPendingProfileActions(
        id: String, componentID: String, action: Thrift.ProfileAction
    ) async throws -> [Thrift.ProfileRequest] {
        throw ThriftApplicationException.notServed("getComponentPendingProfileActions")
    }

    package func downloadChunk(id: String) async throws -> [UInt8] {
        throw ThriftApplicationException.notServed("downloadChunk")
    }

    package func getSupervisorAssignments(node: String) async throws -> Thrift.SupervisorAssignments? {
        throw ThriftApplicationException.notServed("getSupervisorAssignments")
    }

    package func sendSupervisorWorkerHeartbeats(_ heartbeats: Thrift.SupervisorWorkerHeartbeats) async throws {
        throw ThriftApplicationException.notServed("sendSupervisorWorkerHeartbeats")
    }

    package func sendSupervisorWorkerHeartbeat(_ heartbeat: Thrift.SupervisorWorkerHeartbeat) async throws {
        throw ThriftApplicationException.notServed("sendSupervisorWorkerHeartbeat")
    }

    package func processWorkerMetrics(_ metrics: Thrift.WorkerMetrics) async throws {
        throw ThriftApplicationException.notServed("processWorkerMetrics")
    }
}

extension ThriftApplicationException {
    /// The answer of a server to a method it does not have.
    package static func notServed(_ method: String) -> ThriftApplicationException {
        ThriftApplicationException(.unknownMethod, "Invalid method name: '\(method)'")
    }
}
