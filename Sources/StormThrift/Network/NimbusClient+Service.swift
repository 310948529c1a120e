/// The service as seen from a client: each method is one call over the connection.
extension NimbusClient: NimbusService {
    package func submitTopology(
        name: String, location: String, jsonConf: String, topology: Thrift.StormTopology
    ) async throws {
        _ = try await call(NimbusCalls.submitTopology, name, location, jsonConf, topology)
    }

    package func submitTopologyWithOpts(
        name: String, location: String, jsonConf: String, topology: Thrift.StormTopology, options: Thrift.SubmitOptions
    ) async throws {
        _ = try await call(NimbusCalls.submitTopologyWithOpts, name, location, jsonConf, topology, options)
    }

    package func killTopology(name: String) async throws {
        _ = try await call(NimbusCalls.killTopology, name)
    }

    package func killTopologyWithOpts(name: String, options: Thrift.KillOptions) async throws {
        _ = try await call(NimbusCalls.killTopologyWithOpts, name, options)
    }

    package func activate(name: String) async throws {
        _ = try await call(NimbusCalls.activate, name)
    }

    package func deactivate(name: String) async throws {
        _ = try await call(NimbusCalls.deactivate, name)
    }

    package func rebalance(name: String, options: Thrift.RebalanceOptions) async throws {
        _ = try await call(NimbusCalls.rebalance, name, options)
    }

    package func isTopologyNameAllowed(name: String) async throws -> Bool {
        try await call(NimbusCalls.isTopologyNameAllowed, name)
    }

    package func beginFileUpload() async throws -> String {
        try await call(NimbusCalls.beginFileUpload)
    }

    package func uploadChunk(location: String, chunk: [UInt8]) async throws {
        _ = try await call(NimbusCalls.uploadChunk, location, ThriftBinary(chunk))
    }

    package func finishFileUpload(location: String) async throws {
        _ = try await call(NimbusCalls.finishFileUpload, location)
    }

    package func beginCreateBlob(key: String, meta: Thrift.SettableBlobMeta) async throws -> String {
        try await call(NimbusCalls.beginCreateBlob, key, meta)
    }

    package func uploadBlobChunk(session: String, chunk: [UInt8]) async throws {
        _ = try await call(NimbusCalls.uploadBlobChunk, session, ThriftBinary(chunk))
    }

    package func finishBlobUpload(session: String) async throws {
        _ = try await call(NimbusCalls.finishBlobUpload, session)
    }

    package func cancelBlobUpload(session: String) async throws {
        _ = try await call(NimbusCalls.cancelBlobUpload, session)
    }

    package func getBlobMeta(key: String) async throws -> Thrift.ReadableBlobMeta {
        try await call(NimbusCalls.getBlobMeta, key)
    }

    package func beginBlobDownload(key: String) async throws -> Thrift.BeginDownloadResult {
        try await call(NimbusCalls.beginBlobDownload, key)
    }

    package func downloadBlobChunk(session: String) async throws -> [UInt8] {
        try await call(NimbusCalls.downloadBlobChunk, session).bytes
    }

    package func deleteBlob(key: String) async throws {
        _ = try await call(NimbusCalls.deleteBlob, key)
    }

    package func listBlobs(session: String) async throws -> Thrift.ListBlobsResult {
        try await call(NimbusCalls.listBlobs, Optional(session))
    }

    package func getBlobReplication(key: String) async throws -> Int32 {
        try await call(NimbusCalls.getBlobReplication, key)
    }

    package func isRemoteBlobExists(key: String) async throws -> Bool {
        try await call(NimbusCalls.isRemoteBlobExists, key)
    }

    package func createStateInZookeeper(key: String) async throws {
        _ = try await call(NimbusCalls.createStateInZookeeper, key)
    }

    package func getLeader() async throws -> Thrift.NimbusSummary? {
        try await call(NimbusCalls.getLeader)
    }

    package func getNimbusConf() async throws -> String {
        try await call(NimbusCalls.getNimbusConf)
    }

    package func getClusterInfo() async throws -> Thrift.ClusterSummary {
        try await call(NimbusCalls.getClusterInfo)
    }

    package func getTopologySummaries() async throws -> [Thrift.TopologySummary] {
        try await call(NimbusCalls.getTopologySummaries)
    }

    package func getTopologySummaryByName(name: String) async throws -> Thrift.TopologySummary {
        try await call(NimbusCalls.getTopologySummaryByName, name)
    }

    package func getTopologySummary(id: String) async throws -> Thrift.TopologySummary {
        try await call(NimbusCalls.getTopologySummary, id)
    }

    package func getTopologyInfo(id: String) async throws -> Thrift.TopologyInfo {
        try await call(NimbusCalls.getTopologyInfo, id)
    }

    package func getTopologyInfoByName(name: String) async throws -> Thrift.TopologyInfo {
        try await call(NimbusCalls.getTopologyInfoByName, name)
    }

    package func getTopologyInfoWithOpts(
        id: String, options: Thrift.GetInfoOptions
    ) async throws -> Thrift.TopologyInfo {
        try await call(NimbusCalls.getTopologyInfoWithOpts, id, options)
    }

    package func getTopologyInfoByNameWithOpts(
        name: String, options: Thrift.GetInfoOptions
    ) async throws -> Thrift.TopologyInfo {
        try await call(NimbusCalls.getTopologyInfoByNameWithOpts, name, options)
    }

    package func getTopologyConf(id: String) async throws -> String {
        try await call(NimbusCalls.getTopologyConf, id)
    }

    package func getTopology(id: String) async throws -> Thrift.StormTopology {
        try await call(NimbusCalls.getTopology, id)
    }

    package func getUserTopology(id: String) async throws -> Thrift.StormTopology {
        try await call(NimbusCalls.getUserTopology, id)
    }

    package func setLogConfig(name: String, config: Thrift.LogConfig) async throws {
        _ = try await call(NimbusCalls.setLogConfig, name, config)
    }

    package func getLogConfig(name: String) async throws -> Thrift.LogConfig? {
        try await call(NimbusCalls.getLogConfig, name)
    }

    package func debug(name: String, component: String, enable: Bool, samplingPercentage: Double) async throws {
        _ = try await call(NimbusCalls.debug, name, Optional(component), enable, samplingPercentage)
    }

    package func uploadNewCredentials(name: String, credentials: Thrift.Credentials) async throws {
        _ = try await call(NimbusCalls.uploadNewCredentials, name, credentials)
    }

    package func beginUpdateBlob(key: String) async throws -> String {
        try await call(NimbusCalls.beginUpdateBlob, key)
    }

    package func setBlobMeta(key: String, meta: Thrift.SettableBlobMeta) async throws {
        _ = try await call(NimbusCalls.setBlobMeta, key, meta)
    }

    package func updateBlobReplication(key: String, replication: Int32) async throws -> Int32 {
        try await call(NimbusCalls.updateBlobReplication, key, replication)
    }

    package func getTopologyPageInfo(
        id: String, window: String, includeSystem: Bool
    ) async throws -> Thrift.TopologyPageInfo {
        try await call(NimbusCalls.getTopologyPageInfo, id, Optional(window), includeSystem)
    }

    package func getSupervisorPageInfo(
        id: String, host: String, includeSystem: Bool
    ) async throws -> Thrift.SupervisorPageInfo {
        try await call(NimbusCalls.getSupervisorPageInfo, Optional(id), Optional(host), includeSystem)
    }

    package func getComponentPageInfo(
        topologyID: String, componentID: String, window: String, includeSystem: Bool
    ) async throws -> Thrift.ComponentPageInfo {
        try await call(NimbusCalls.getComponentPageInfo, topologyID, componentID, Optional(window), includeSystem)
    }

    package func getTopologyHistory(user: String?) async throws -> Thrift.TopologyHistoryInfo {
        try await call(NimbusCalls.getTopologyHistory, user)
    }

    package func getOwnerResourceSummaries(owner: String?) async throws -> [Thrift.OwnerResourceSummary] {
        try await call(NimbusCalls.getOwnerResourceSummaries, owner)
    }

    package func setWorkerProfiler(id: String, request: Thrift.ProfileRequest) async throws {
        _ = try await call(NimbusCalls.setWorkerProfiler, id, request)
    }

    package func getComponentPendingProfileActions(
        id: String, componentID: String, action: Thrift.ProfileAction
    ) async throws -> [Thrift.ProfileRequest] {
        try await call(NimbusCalls.getComponentPendingProfileActions, id, componentID, action)
    }

    package func downloadChunk(id: String) async throws -> [UInt8] {
        try await call(NimbusCalls.downloadChunk, id).bytes
    }

    package func getSupervisorAssignments(node: String) async throws -> Thrift.SupervisorAssignments? {
        try await call(NimbusCalls.getSupervisorAssignments, node)
    }

    package func sendSupervisorWorkerHeartbeats(_ heartbeats: Thrift.SupervisorWorkerHeartbeats) async throws {
        _ = try await call(NimbusCalls.sendSupervisorWorkerHeartbeats, heartbeats)
    }

    package func sendSupervisorWorkerHeartbeat(_ heartbeat: Thrift.SupervisorWorkerHeartbeat) async throws {
        _ = try await call(NimbusCalls.sendSupervisorWorkerHeartbeat, heartbeat)
    }

    package func processWorkerMetrics(_ metrics: Thrift.WorkerMetrics) async throws {
        _ = try await call(NimbusCalls.processWorkerMetrics, metrics)
    }
}
