/// What a nimbus offers on its Thrift port: the methods of Storm's `Nimbus` service under their names.
///
/// A nimbus implements it and `ThriftProcessor.nimbus` serves it; `NimbusClient` implements it by calling a nimbus, so
/// that code written against it runs in one process as well as over the network. Arguments called `name` are topology
/// names, those called `id` topology ids. Configurations are texts of JSON objects.
///
/// Which exceptions each method may throw to be understood by the caller is in `NimbusCalls`; every other error arrives
/// as a `ThriftApplicationException` with its text.
package protocol NimbusService: Sendable {
    // MARK: topologies

    /// As `submitTopologyWithOpts` with the topology started at once. `location` is what `beginFileUpload` gave.
    func submitTopology(name: String, location: String, jsonConf: String, topology: Thrift.StormTopology) async throws
    func submitTopologyWithOpts(
        name: String, location: String, jsonConf: String, topology: Thrift.StormTopology, options: Thrift.SubmitOptions
    ) async throws
    /// The topology ends after its message timeout.
    func killTopology(name: String) async throws
    /// The topology ends after the wait given in `options`.
    func killTopologyWithOpts(name: String, options: Thrift.KillOptions) async throws
    func activate(name: String) async throws
    func deactivate(name: String) async throws
    func rebalance(name: String, options: Thrift.RebalanceOptions) async throws
    /// True when the name is valid and no live topology has it.
    func isTopologyNameAllowed(name: String) async throws -> Bool

    // MARK: code upload

    /// Starts an upload of code; returns its location, to be named in the calls that follow.
    func beginFileUpload() async throws -> String
    /// Appends to an upload. Clients send 307200 bytes at a time.
    func uploadChunk(location: String, chunk: [UInt8]) async throws
    func finishFileUpload(location: String) async throws

    // MARK: blobs

    /// Starts a new blob; returns a session.
    func beginCreateBlob(key: String, meta: Thrift.SettableBlobMeta) async throws -> String
    func uploadBlobChunk(session: String, chunk: [UInt8]) async throws
    func finishBlobUpload(session: String) async throws
    func cancelBlobUpload(session: String) async throws
    func getBlobMeta(key: String) async throws -> Thrift.ReadableBlobMeta
    /// Starts a download; the result has session, version and size.
    func beginBlobDownload(key: String) async throws -> Thrift.BeginDownloadResult
    /// The next bytes; none at all at the end, which also ends the session.
    func downloadBlobChunk(session: String) async throws -> [UInt8]
    func deleteBlob(key: String) async throws
    /// The next page of keys. The first call passes an empty session; an empty page is the end.
    func listBlobs(session: String) async throws -> Thrift.ListBlobsResult
    func getBlobReplication(key: String) async throws -> Int32
    func isRemoteBlobExists(key: String) async throws -> Bool
    /// Registers this nimbus as a holder of the blob.
    func createStateInZookeeper(key: String) async throws

    // MARK: what runs

    /// The leading nimbus; nil while there is none.
    func getLeader() async throws -> Thrift.NimbusSummary?
    func getNimbusConf() async throws -> String
    func getClusterInfo() async throws -> Thrift.ClusterSummary
    func getTopologySummaries() async throws -> [Thrift.TopologySummary]
    func getTopologySummaryByName(name: String) async throws -> Thrift.TopologySummary
    func getTopologySummary(id: String) async throws -> Thrift.TopologySummary
    func getTopologyInfo(id: String) async throws -> Thrift.TopologyInfo
    func getTopologyInfoByName(name: String) async throws -> Thrift.TopologyInfo
    func getTopologyInfoWithOpts(id: String, options: Thrift.GetInfoOptions) async throws -> Thrift.TopologyInfo
    func getTopologyInfoByNameWithOpts(
        name: String, options: Thrift.GetInfoOptions
    ) async throws -> Thrift.TopologyInfo
    /// The configuration saved with the topology, without the cluster's under it.
    func getTopologyConf(id: String) async throws -> String
    /// The topology with its system components.
    func getTopology(id: String) async throws -> Thrift.StormTopology
    /// The topology as it was submitted.
    func getUserTopology(id: String) async throws -> Thrift.StormTopology

    // MARK: not every service has these: see NimbusService+Optional

    /// `name` is a topology id here, as in Storm.
    func setLogConfig(name: String, config: Thrift.LogConfig) async throws
    /// `name` is a topology id here, as in Storm.
    func getLogConfig(name: String) async throws -> Thrift.LogConfig?
    /// Sampling of tuples of one component, or of all when `component` is empty. The percentage is 0 to 100.
    func debug(name: String, component: String, enable: Bool, samplingPercentage: Double) async throws
    func uploadNewCredentials(name: String, credentials: Thrift.Credentials) async throws
    /// Starts a new version of a blob; returns a session.
    func beginUpdateBlob(key: String) async throws -> String
    func setBlobMeta(key: String, meta: Thrift.SettableBlobMeta) async throws
    func updateBlobReplication(key: String, replication: Int32) async throws -> Int32
    /// `window`: seconds as text, or `:all-time`.
    func getTopologyPageInfo(id: String, window: String, includeSystem: Bool) async throws -> Thrift.TopologyPageInfo
    /// By supervisor id, or by host.
    func getSupervisorPageInfo(
        id: String, host: String, includeSystem: Bool
    ) async throws -> Thrift.SupervisorPageInfo
    func getComponentPageInfo(
        topologyID: String, componentID: String, window: String, includeSystem: Bool
    ) async throws -> Thrift.ComponentPageInfo
    /// Ids the user may see; all without a user.
    func getTopologyHistory(user: String?) async throws -> Thrift.TopologyHistoryInfo
    /// Of one owner; of all without an owner.
    func getOwnerResourceSummaries(owner: String?) async throws -> [Thrift.OwnerResourceSummary]

    // MARK: for Storm's own supervisors and workers, and for its web pages

    /// `id` is a topology's. Java's profiler, dumps, and the restart of a worker.
    func setWorkerProfiler(id: String, request: Thrift.ProfileRequest) async throws
    func getComponentPendingProfileActions(
        id: String, componentID: String, action: Thrift.ProfileAction
    ) async throws -> [Thrift.ProfileRequest]
    /// The next bytes of an old kind of download, which nothing starts any more.
    func downloadChunk(id: String) async throws -> [UInt8]
    /// What the supervisor of that id runs; nil where that is not known.
    func getSupervisorAssignments(node: String) async throws -> Thrift.SupervisorAssignments?
    func sendSupervisorWorkerHeartbeats(_ heartbeats: Thrift.SupervisorWorkerHeartbeats) async throws
    func sendSupervisorWorkerHeartbeat(_ heartbeat: Thrift.SupervisorWorkerHeartbeat) async throws
    func processWorkerMetrics(_ metrics: Thrift.WorkerMetrics) async throws
}
