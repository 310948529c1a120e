import StormThrift

extension RecordingNimbus {
    func submitTopology(
        name: String, location: String, jsonConf: String, topology: Thrift.StormTopology
    ) async throws {
        try record("submitTopology", name, location, jsonConf, topology)
    }

    func submitTopologyWithOpts(
        name: String, location: String, jsonConf: String, topology: Thrift.StormTopology, options: Thrift.SubmitOptions
    ) async throws {
        try record("submitTopologyWithOpts", name, location, jsonConf, topology, options)
    }

    func killTopology(name: String) async throws {
        try record("killTopology", name)
    }

    func killTopologyWithOpts(name: String, options: Thrift.KillOptions) async throws {
        try record("killTopologyWithOpts", name, options)
    }

    func activate(name: String) async throws {
        try record("activate", name)
    }

    func deactivate(name: String) async throws {
        try record("deactivate", name)
    }

    func rebalance(name: String, options: Thrift.RebalanceOptions) async throws {
        try record("rebalance", name, options)
    }

    func isTopologyNameAllowed(name: String) async throws -> Bool {
        try record("isTopologyNameAllowed", name)
        return true
    }

    func beginFileUpload() async throws -> String {
        try record("beginFileUpload")
        return "a98"
    }

    func uploadChunk(location: String, chunk: [UInt8]) async throws {
        try record("uploadChunk", location, chunk)
    }

    func finishFileUpload(location: String) async throws {
        try record("finishFileUpload", location)
    }

    func beginCreateBlob(key: String, meta: Thrift.SettableBlobMeta) async throws -> String {
        try record("beginCreateBlob", key, meta)
        return "a101"
    }

    func uploadBlobChunk(session: String, chunk: [UInt8]) async throws {
        try record("uploadBlobChunk", session, chunk)
    }

    func finishBlobUpload(session: String) async throws {
        try record("finishBlobUpload", session)
    }

    func cancelBlobUpload(session: String) async throws {
        try record("cancelBlobUpload", session)
    }

    func getBlobMeta(key: String) async throws -> Thrift.ReadableBlobMeta {
        try record("getBlobMeta", key)
        return Samples.readableBlobMeta()
    }

    func beginBlobDownload(key: String) async throws -> Thrift.BeginDownloadResult {
        try record("beginBlobDownload", key)
        return Samples.beginDownloadResult()
    }

    func downloadBlobChunk(session: String) async throws -> [UInt8] {
        try record("downloadBlobChunk", session)
        return [107, 0, 255]
    }

    func deleteBlob(key: String) async throws {
        try record("deleteBlob", key)
    }

    func listBlobs(session: String) async throws -> Thrift.ListBlobsResult {
        try record("listBlobs", session)
        return Samples.listBlobsResult()
    }

    func getBlobReplication(key: String) async throws -> Int32 {
        try record("getBlobReplication", key)
        return 110
    }

    func isRemoteBlobExists(key: String) async throws -> Bool {
        try record("isRemoteBlobExists", key)
        return true
    }

    func createStateInZookeeper(key: String) async throws {
        try record("createStateInZookeeper", key)
    }

    func getLeader() async throws -> Thrift.NimbusSummary? {
        try record("getLeader")
        return Samples.nimbusSummary()
    }

    func getNimbusConf() async throws -> String {
        try record("getNimbusConf")
        return "a114"
    }

    func getClusterInfo() async throws -> Thrift.ClusterSummary {
        try record("getClusterInfo")
        return Samples.clusterSummary()
    }

    func getTopologySummaries() async throws -> [Thrift.TopologySummary] {
        try record("getTopologySummaries")
        return [Samples.topologySummary()]
    }

    func getTopologySummaryByName(name: String) async throws -> Thrift.TopologySummary {
        try record("getTopologySummaryByName", name)
        return Samples.topologySummary()
    }

    func getTopologySummary(id: String) async throws -> Thrift.TopologySummary {
        try record("getTopologySummary", id)
        return Samples.topologySummary()
    }

    func getTopologyInfo(id: String) async throws -> Thrift.TopologyInfo {
        try record("getTopologyInfo", id)
        return Samples.topologyInfo()
    }

    func getTopologyInfoByName(name: String) async throws -> Thrift.TopologyInfo {
        try record("getTopologyInfoByName", name)
        return Samples.topologyInfo()
    }

    func getTopologyInfoWithOpts(id: String, options: Thrift.GetInfoOptions) async throws -> Thrift.TopologyInfo {
        try record("getTopologyInfoWithOpts", id, options)
        return Samples.topologyInfo()
    }

    func getTopologyInfoByNameWithOpts(
        name: String, options: Thrift.GetInfoOptions
    ) async throws -> Thrift.TopologyInfo {
        try record("getTopologyInfoByNameWithOpts", name, options)
        return Samples.topologyInfo()
    }

    func getTopologyConf(id: String) async throws -> String {
        try record("getTopologyConf", id)
        return "a123"
    }

    func getTopology(id: String) async throws -> Thrift.StormTopology {
        try record("getTopology", id)
        return Samples.stormTopology()
    }

    func getUserTopology(id: String) async throws -> Thrift.StormTopology {
        try record("getUserTopology", id)
        return Samples.stormTopology()
    }

    func setLogConfig(name: String, config: Thrift.LogConfig) async throws {
        try record("setLogConfig", name, config)
    }

    func getLogConfig(name: String) async throws -> Thrift.LogConfig? {
        try record("getLogConfig", name)
        return Samples.logConfig()
    }

    func debug(name: String, component: String, enable: Bool, samplingPercentage: Double) async throws {
        try record("debug", name, component, enable, samplingPercentage)
    }

    func uploadNewCredentials(name: String, credentials: Thrift.Credentials) async throws {
        try record("uploadNewCredentials", name, credentials)
    }

    func beginUpdateBlob(key: String) async throws -> String {
        try record("beginUpdateBlob", key)
        return "a130"
    }

    func setBlobMeta(key: String, meta: Thrift.SettableBlobMeta) async throws {
        try record("setBlobMeta", key, meta)
    }

    func updateBlobReplication(key: String, replication: Int32) async throws -> Int32 {
        try record("updateBlobReplication", key, replication)
        return 132
    }

    func getTopologyPageInfo(
        id: String, window: String, includeSystem: Bool
    ) async throws -> Thrift.TopologyPageInfo {
        try record("getTopologyPageInfo", id, window, includeSystem)
        return Samples.topologyPageInfo()
    }

    func getSupervisorPageInfo(
        id: String, host: String, includeSystem: Bool
    ) async throws -> Thrift.SupervisorPageInfo {
        try record("getSupervisorPageInfo", id, host, includeSystem)
        return Samples.supervisorPageInfo()
    }

    func getComponentPageInfo(
        topologyID: String, componentID: String, window: String, includeSystem: Bool
    ) async throws -> Thrift.ComponentPageInfo {
        try record("getComponentPageInfo", topologyID, componentID, window, includeSystem)
        return Samples.componentPageInfo()
    }

    func getTopologyHistory(user: String?) async throws -> Thrift.TopologyHistoryInfo {
        try record("getTopologyHistory", user)
        return Samples.topologyHistoryInfo()
    }

    func getOwnerResourceSummaries(owner: String?) async throws -> [Thrift.OwnerResourceSummary] {
        try record("getOwnerResourceSummaries", owner)
        return [Samples.ownerResourceSummary()]
    }
}
