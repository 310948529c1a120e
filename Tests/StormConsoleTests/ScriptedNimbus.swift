import StormThrift
import Synchronization

/// A nimbus that knows some topologies by name, and records the calls that the command line makes. Everything else is
/// answered as by a server without the method.
final class ScriptedNimbus: NimbusService {
    private let topologies: Set<String>
    private let held = Mutex<[String]>([])

    /// What `getTopologyInfoByNameWithOpts` answers, by name; of a list the last one stays.
    private let infos: Mutex<[String: [Thrift.TopologyInfo]]>

    /// Tasks of components, whatever the topology; of others it does not know.
    private let tasks = Mutex<[String: Int32]>([:])
    func set(tasks: [String: Int32]) { self.tasks.withLock { $0 = tasks } }

    init(topologies: Set<String>, infos: [String: [Thrift.TopologyInfo]] = [:]) {
        self.topologies = topologies
        self.infos = Mutex(infos)
    }

    var calls: [String] { held.withLock { $0 } }

    private func record(_ call: String, _ name: String) throws {
        held.withLock { $0.append(call) }
        guard topologies.contains(name) else { throw Thrift.NotAliveException(msg: "\(name) is not alive") }
    }

    func killTopologyWithOpts(name: String, options: Thrift.KillOptions) async throws {
        try record("kill \(name) \(options.waitSecs.map { "\($0)" } ?? "nil")", name)
    }

    func activate(name: String) async throws { try record("activate \(name)", name) }
    func deactivate(name: String) async throws { try record("deactivate \(name)", name) }

    func rebalance(name: String, options: Thrift.RebalanceOptions) async throws {
        let executors = (options.numExecutors ?? [:]).sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }
        let numbers = [options.waitSecs, options.numWorkers].map { $0.map { "\($0)" } ?? "nil" }
        try record("rebalance \(name) \(numbers[0]) \(numbers[1])\(executors.joined())", name)
    }
}

extension ScriptedNimbus {
    func getComponentPageInfo(
        topologyID: String, componentID: String, window: String, includeSystem: Bool
    ) async throws -> Thrift.ComponentPageInfo {
        guard let count = tasks.withLock({ $0[componentID] }) else { return try notServed() }
        var page = Thrift.ComponentPageInfo()
        page.numTasks = count
        return page
    }

    func submitTopology(
        name: String, location: String, jsonConf: String, topology: Thrift.StormTopology
    ) async throws { try notServed() }
    func submitTopologyWithOpts(
        name: String, location: String, jsonConf: String, topology: Thrift.StormTopology, options: Thrift.SubmitOptions
    ) async throws { try notServed() }
    func killTopology(name: String) async throws { try notServed() }
    func isTopologyNameAllowed(name: String) async throws -> Bool { try notServed() }
    func beginFileUpload() async throws -> String { try notServed() }
    func uploadChunk(location: String, chunk: [UInt8]) async throws { try notServed() }
    func finishFileUpload(location: String) async throws { try notServed() }
    func beginCreateBlob(key: String, meta: Thrift.SettableBlobMeta) async throws -> String { try notServed() }
    func uploadBlobChunk(session: String, chunk: [UInt8]) async throws { try notServed() }
    func finishBlobUpload(session: String) async throws { try notServed() }
    func cancelBlobUpload(session: String) async throws { try notServed() }
    func getBlobMeta(key: String) async throws -> Thrift.ReadableBlobMeta { try notServed() }
    func beginBlobDownload(key: String) async throws -> Thrift.BeginDownloadResult { try notServed() }
    func downloadBlobChunk(session: String) async throws -> [UInt8] { try notServed() }
    func deleteBlob(key: String) async throws { try notServed() }
    func listBlobs(session: String) async throws -> Thrift.ListBlobsResult { try notServed() }
    func getBlobReplication(key: String) async throws -> Int32 { try notServed() }
    func isRemoteBlobExists(key: String) async throws -> Bool { try notServed() }
    func createStateInZookeeper(key: String) async throws { try notServed() }
    func getLeader() async throws -> Thrift.NimbusSummary? { try notServed() }
    func getNimbusConf() async throws -> String { try notServed() }
    func getClusterInfo() async throws -> Thrift.ClusterSummary { try notServed() }
    func getTopologySummaries() async throws -> [Thrift.TopologySummary] { try notServed() }
    func getTopologySummaryByName(name: String) async throws -> Thrift.TopologySummary { try notServed() }
    func getTopologySummary(id: String) async throws -> Thrift.TopologySummary { try notServed() }
    func getTopologyInfo(id: String) async throws -> Thrift.TopologyInfo { try notServed() }
    func getTopologyInfoByName(name: String) async throws -> Thrift.TopologyInfo { try notServed() }
    func getTopologyInfoWithOpts(
        id: String, options: Thrift.GetInfoOptions
    ) async throws -> Thrift.TopologyInfo { try notServed() }
    func getTopologyInfoByNameWithOpts(
        name: String, options: Thrift.GetInfoOptions
    ) async throws -> Thrift.TopologyInfo {
        try infos.withLock { infos in
            guard let first = infos[name]?.first else { throw Thrift.NotAliveException(msg: "\(name) is not alive") }
            if infos[name, default: []].count > 1 { infos[name]?.removeFirst() }
            return first
        }
    }
    func getTopologyConf(id: String) async throws -> String { try notServed() }
    func getTopology(id: String) async throws -> Thrift.StormTopology { try notServed() }
    func getUserTopology(id: String) async throws -> Thrift.StormTopology { try notServed() }

    private func notServed(_ method: String = #function) throws {
        throw ThriftApplicationException.notServed(method)
    }

    private func notServed<Answer>(_ method: String = #function) throws -> Answer {
        throw ThriftApplicationException.notServed(method)
    }
}
