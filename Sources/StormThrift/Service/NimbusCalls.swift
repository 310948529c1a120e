/// The methods of Storm's `Nimbus` service: arguments, results, declared exceptions with their field ids. An argument is optional
/// where clients may send null, which is no field at all on the wire.
package enum NimbusCalls {
    // MARK: topologies

    package static let submitTopology = ThriftCall<ThriftVoid, String, String, String, Thrift.StormTopology>(
        "submitTopology", throws: [.alreadyAlive(1), .invalidTopology(2), .authorization(3)])
    package static let submitTopologyWithOpts = ThriftCall<
        ThriftVoid, String, String, String, Thrift.StormTopology, Thrift.SubmitOptions
    >(
        "submitTopologyWithOpts", throws: [.alreadyAlive(1), .invalidTopology(2), .authorization(3)])
    package static let killTopology = ThriftCall<ThriftVoid, String>(
        "killTopology", throws: [.notAlive(1), .authorization(2)])
    package static let killTopologyWithOpts = ThriftCall<ThriftVoid, String, Thrift.KillOptions>(
        "killTopologyWithOpts", throws: [.notAlive(1), .authorization(2)])
    package static let activate = ThriftCall<ThriftVoid, String>("activate", throws: [.notAlive(1), .authorization(2)])
    package static let deactivate = ThriftCall<ThriftVoid, String>(
        "deactivate", throws: [.notAlive(1), .authorization(2)])
    package static let rebalance = ThriftCall<ThriftVoid, String, Thrift.RebalanceOptions>(
        "rebalance", throws: [.notAlive(1), .invalidTopology(2), .authorization(3)])
    package static let isTopologyNameAllowed = ThriftCall<Bool, String>(
        "isTopologyNameAllowed", throws: [.authorization(1)])

    // MARK: code upload

    package static let beginFileUpload = ThriftCall<String>("beginFileUpload", throws: [.authorization(1)])
    package static let uploadChunk = ThriftCall<ThriftVoid, String, ThriftBinary>(
        "uploadChunk", throws: [.authorization(1)])
    package static let finishFileUpload = ThriftCall<ThriftVoid, String>(
        "finishFileUpload", throws: [.authorization(1)])

    // MARK: blobs

    package static let beginCreateBlob = ThriftCall<String, String, Thrift.SettableBlobMeta>(
        "beginCreateBlob", throws: [.authorization(1), .keyAlreadyExists(2)])
    package static let uploadBlobChunk = ThriftCall<ThriftVoid, String, ThriftBinary>(
        "uploadBlobChunk", throws: [.authorization(1)])
    package static let finishBlobUpload = ThriftCall<ThriftVoid, String>(
        "finishBlobUpload", throws: [.authorization(1)])
    package static let cancelBlobUpload = ThriftCall<ThriftVoid, String>(
        "cancelBlobUpload", throws: [.authorization(1)])
    package static let getBlobMeta = ThriftCall<Thrift.ReadableBlobMeta, String>(
        "getBlobMeta", throws: [.authorization(1), .keyNotFound(2)])
    package static let beginBlobDownload = ThriftCall<Thrift.BeginDownloadResult, String>(
        "beginBlobDownload", throws: [.authorization(1), .keyNotFound(2)])
    package static let downloadBlobChunk = ThriftCall<ThriftBinary, String>(
        "downloadBlobChunk", throws: [.authorization(1)])
    package static let deleteBlob = ThriftCall<ThriftVoid, String>(
        "deleteBlob", throws: [.authorization(1), .keyNotFound(2), .illegalState(3)])
    package static let listBlobs = ThriftCall<Thrift.ListBlobsResult, String?>("listBlobs")
    package static let getBlobReplication = ThriftCall<Int32, String>(
        "getBlobReplication", throws: [.authorization(1), .keyNotFound(2)])
    package static let isRemoteBlobExists = ThriftCall<Bool, String>("isRemoteBlobExists", throws: [.authorization(1)])
    package static let createStateInZookeeper = ThriftCall<ThriftVoid, String>("createStateInZookeeper")

    // MARK: what runs

    package static let getLeader = ThriftCall<Thrift.NimbusSummary?>("getLeader", throws: [.authorization(1)])
    package static let getNimbusConf = ThriftCall<String>("getNimbusConf", throws: [.authorization(1)])
    package static let getClusterInfo = ThriftCall<Thrift.ClusterSummary>("getClusterInfo", throws: [.authorization(1)])
    package static let getTopologySummaries = ThriftCall<[Thrift.TopologySummary]>(
        "getTopologySummaries", throws: [.authorization(1)])
    package static let getTopologySummaryByName = ThriftCall<Thrift.TopologySummary, String>(
        "getTopologySummaryByName", throws: [.notAlive(1), .authorization(2)])
    package static let getTopologySummary = ThriftCall<Thrift.TopologySummary, String>(
        "getTopologySummary", throws: [.notAlive(1), .authorization(2)])
    package static let getTopologyInfo = ThriftCall<Thrift.TopologyInfo, String>(
        "getTopologyInfo", throws: [.notAlive(1), .authorization(2)])
    package static let getTopologyInfoByName = ThriftCall<Thrift.TopologyInfo, String>(
        "getTopologyInfoByName", throws: [.notAlive(1), .authorization(2)])
    package static let getTopologyInfoWithOpts = ThriftCall<Thrift.TopologyInfo, String, Thrift.GetInfoOptions>(
        "getTopologyInfoWithOpts", throws: [.notAlive(1), .authorization(2)])
    package static let getTopologyInfoByNameWithOpts = ThriftCall<Thrift.TopologyInfo, String, Thrift.GetInfoOptions>(
        "getTopologyInfoByNameWithOpts", throws: [.notAlive(1), .authorization(2)])
    package static let getTopologyConf = ThriftCall<String, String>(
        "getTopologyConf", throws: [.notAlive(1), .authorization(2)])
    package static let getTopology = ThriftCall<Thrift.StormTopology, String>(
        "getTopology", throws: [.notAlive(1), .authorization(2)])
    package static let getUserTopology = ThriftCall<Thrift.StormTopology, String>(
        "getUserTopology", throws: [.notAlive(1), .authorization(2)])

    // MARK: optional

    package static let setLogConfig = ThriftCall<ThriftVoid, String, Thrift.LogConfig>("setLogConfig")
    package static let getLogConfig = ThriftCall<Thrift.LogConfig?, String>("getLogConfig")
    package static let debug = ThriftCall<ThriftVoid, String, String?, Bool, Double>(
        "debug", throws: [.notAlive(1), .authorization(2)])
    package static let uploadNewCredentials = ThriftCall<ThriftVoid, String, Thrift.Credentials>(
        "uploadNewCredentials", throws: [.notAlive(1), .invalidTopology(2), .authorization(3)])
    package static let beginUpdateBlob = ThriftCall<String, String>(
        "beginUpdateBlob", throws: [.authorization(1), .keyNotFound(2)])
    package static let setBlobMeta = ThriftCall<ThriftVoid, String, Thrift.SettableBlobMeta>(
        "setBlobMeta", throws: [.authorization(1), .keyNotFound(2)])
    package static let updateBlobReplication = ThriftCall<Int32, String, Int32>(
        "updateBlobReplication", throws: [.authorization(1), .keyNotFound(2)])
    package static let getTopologyPageInfo = ThriftCall<Thrift.TopologyPageInfo, String, String?, Bool>(
        "getTopologyPageInfo", throws: [.notAlive(1), .authorization(2)])
    package static let getSupervisorPageInfo = ThriftCall<Thrift.SupervisorPageInfo, String?, String?, Bool>(
        "getSupervisorPageInfo", throws: [.notAlive(1), .authorization(2)])
    package static let getComponentPageInfo = ThriftCall<Thrift.ComponentPageInfo, String, String, String?, Bool>(
        "getComponentPageInfo", throws: [.notAlive(1), .authorization(2)])
    package static let getTopologyHistory = ThriftCall<Thrift.TopologyHistoryInfo, String?>(
        "getTopologyHistory", throws: [.authorization(1)])
    package static let getOwnerResourceSummaries = ThriftCall<[Thrift.OwnerResourceSummary], String?>(
        "getOwnerResourceSummaries", throws: [.authorization(1)])

    // MARK: for Storm's own supervisors and workers, and for its web pages

    package static let setWorkerProfiler = ThriftCall<ThriftVoid, String, Thrift.ProfileRequest>("setWorkerProfiler")
    package static let getComponentPendingProfileActions = ThriftCall<
        [Thrift.ProfileRequest], String, String, Thrift.ProfileAction
    >("getComponentPendingProfileActions")
    package static let downloadChunk = ThriftCall<ThriftBinary, String>("downloadChunk", throws: [.authorization(1)])
    package static let getSupervisorAssignments = ThriftCall<Thrift.SupervisorAssignments?, String>(
        "getSupervisorAssignments", throws: [.authorization(1)])
    package static let sendSupervisorWorkerHeartbeats = ThriftCall<ThriftVoid, Thrift.SupervisorWorkerHeartbeats>(
        "sendSupervisorWorkerHeartbeats", throws: [.authorization(1)])
    package static let sendSupervisorWorkerHeartbeat = ThriftCall<ThriftVoid, Thrift.SupervisorWorkerHeartbeat>(
        "sendSupervisorWorkerHeartbeat", throws: [.authorization(1), .notAlive(2)])
    package static let processWorkerMetrics = ThriftCall<ThriftVoid, Thrift.WorkerMetrics>("processWorkerMetrics")
}

extension ThriftDeclaredException {
    static func alreadyAlive(_ id: Int16) -> Self { .init(id, Thrift.AlreadyAliveException.self) }
    static func authorization(_ id: Int16) -> Self { .init(id, Thrift.AuthorizationException.self) }
    static func illegalState(_ id: Int16) -> Self { .init(id, Thrift.IllegalStateException.self) }
    static func invalidTopology(_ id: Int16) -> Self { .init(id, Thrift.InvalidTopologyException.self) }
    static func keyAlreadyExists(_ id: Int16) -> Self { .init(id, Thrift.KeyAlreadyExistsException.self) }
    static func keyNotFound(_ id: Int16) -> Self { .init(id, Thrift.KeyNotFoundException.self) }
    static func notAlive(_ id: Int16) -> Self { .init(id, Thrift.NotAliveException.self) }
}
