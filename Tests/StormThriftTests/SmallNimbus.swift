import StormThrift

/// A nimbus with the required methods only.
struct SmallNimbus: NimbusService {
    private let samples = RecordingNimbus()

    func submitTopology(
        name: String, location: String, jsonConf: String, topology: Thrift.StormTopology
    ) async throws {
        try await samples.submitTopology(name: name, location: location, jsonConf: jsonConf, topology: topology)
    }

    func submitTopologyWithOpts(
        name: String, location: String, jsonConf: String, topology: Thrift.StormTopology, options: Thrift.SubmitOptions
    ) async throws {
        try await samples.submitTopologyWithOpts(
            name: name, location: location, jsonConf: jsonConf, topology: topology, options: options)
    }

    func killTopology(name: String) async throws {
        try await samples.killTopology(name: name)
    }

    func killTopologyWithOpts(name: String, options: Thrift.KillOptions) async throws {
        try await samples.killTopologyWithOpts(name: name, options: options)
    }

    func activate(name: String) async throws {
        try await samples.activate(name: name)
    }

    func deactivate(name: String) async throws {
        try await samples.deactivate(name: name)
    }

    func rebalance(name: String, options: Thrift.RebalanceOptions) async throws {
        try await samples.rebalance(name: name, options: options)
    }

    func isTopologyNameAllowed(name: String) async throws -> Bool {
        try await samples.isTopologyNameAllowed(name: name)
    }

    func beginFileUpload() async throws -> String {
        try await samples.beginFileUpload()
    }

    func uploadChunk(location: String, chunk: [UInt8]) async throws {
        try await samples.uploadChunk(location: location, chunk: chunk)
    }

    func finishFileUpload(location: String) async throws {
        try await samples.finishFileUpload(location: location)
    }

    func beginCreateBlob(key: String, meta: Thrift.SettableBlobMeta) async throws -> String {
        try await samples.beginCreateBlob(key: key, meta: meta)
    }

    func uploadBlobChunk(session: String, chunk: [UInt8]) async throws {
        try await samples.uploadBlobChunk(session: session, chunk: chunk)
    }

    func finishBlobUpload(session: String) async throws {
        try await samples.finishBlobUpload(session: session)
    }

    func cancelBlobUpload(session: String) async throws {
        try await samples.cancelBlobUpload(session: session)
    }

    func getBlobMeta(key: String) async throws -> Thrift.ReadableBlobMeta {
        try await samples.getBlobMeta(key: key)
    }

    func beginBlobDownload(key: String) async throws -> Thrift.BeginDownloadResult {
        try await samples.beginBlobDownload(key: key)
    }

    func downloadBlobChunk(session: String) async throws -> [UInt8] {
        try await samples.downloadBlobChunk(session: session)
    }

    func deleteBlob(key: String) async throws {
        try await samples.deleteBlob(key: key)
    }

    func listBlobs(session: String) async throws -> Thrift.ListBlobsResult {
        try await samples.listBlobs(session: session)
    }

    func getBlobReplication(key: String) async throws -> Int32 {
        try await samples.getBlobReplication(key: key)
    }

    func isRemoteBlobExists(key: String) async throws -> Bool {
        try await samples.isRemoteBlobExists(key: key)
    }

    func createStateInZookeeper(key: String) async throws {
        try await samples.createStateInZookeeper(key: key)
    }

    func getLeader() async throws -> Thrift.NimbusSummary? {
        try await samples.getLeader()
    }

    func getNimbusConf() async throws -> String {
        try await samples.getNimbusConf()
    }

    func getClusterInfo() async throws -> Thrift.ClusterSummary {
        try await samples.getClusterInfo()
    }

    func getTopologySummaries() async throws -> [Thrift.TopologySummary] {
        try await samples.getTopologySummaries()
    }

    func getTopologySummaryByName(name: String) async throws -> Thrift.TopologySummary {
        try await samples.getTopologySummaryByName(name: name)
    }

    func getTopologySummary(id: String) async throws -> Thrift.TopologySummary {
        try await samples.getTopologySummary(id: id)
    }

    func getTopologyInfo(id: String) async throws -> Thrift.TopologyInfo {
        try await samples.getTopologyInfo(id: id)
    }

    func getTopologyInfoByName(name: String) async throws -> Thrift.TopologyInfo {
        try await samples.getTopologyInfoByName(name: name)
    }

    func getTopologyInfoWithOpts(id: String, options: Thrift.GetInfoOptions) async throws -> Thrift.TopologyInfo {
        try await samples.getTopologyInfoWithOpts(id: id, options: options)
    }

    func getTopologyInfoByNameWithOpts(
        name: String, options: Thrift.GetInfoOptions
    ) async throws -> Thrift.TopologyInfo {
        try await samples.getTopologyInfoByNameWithOpts(name: name, options: options)
    }

    func getTopologyConf(id: String) async throws -> String {
        try await samples.getTopologyConf(id: id)
    }

    func getTopology(id: String) async throws -> Thrift.StormTopology {
        try await samples.getTopology(id: id)
    }

    func getUserTopology(id: String) async throws -> Thrift.StormTopology {
        try await samples.getUserTopology(id: id)
    }
}
