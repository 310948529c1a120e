extension ThriftProcessor {
    /// Serves a nimbus.
    package static func nimbus(
        _ service: any NimbusService, limits: ThriftLimits = ThriftLimits(),
        observer: @escaping Observer = { _, _, _ in }
    ) -> ThriftProcessor {
        ThriftProcessor(service: service, methods: nimbusMethods, limits: limits, observer: observer)
    }
}

/// Every method that is served. A new one needs its line in `NimbusCalls`, here, in `NimbusService` and in
/// `NimbusClient`.
private let nimbusMethods: ThriftMethodTable<any NimbusService> = {
    var table = ThriftMethodTable<any NimbusService>()
    table.addTopologyMethods()
    table.addUploadMethods()
    table.addBlobMethods()
    table.addQueryMethods()
    table.addOptionalMethods()
    table.addForeignDaemonMethods()
    return table
}()

/// The window of who asks for none.
private let allTime = ":all-time"

extension ThriftMethodTable where Service == any NimbusService {
    fileprivate mutating func addTopologyMethods() {
        add(NimbusCalls.submitTopology) {
            try await $0.submitTopology(name: $1, location: $2, jsonConf: $3, topology: $4)
        }
        add(NimbusCalls.submitTopologyWithOpts) {
            try await $0.submitTopologyWithOpts(name: $1, location: $2, jsonConf: $3, topology: $4, options: $5)
        }
        add(NimbusCalls.killTopology) { try await $0.killTopology(name: $1) }
        add(NimbusCalls.killTopologyWithOpts) { try await $0.killTopologyWithOpts(name: $1, options: $2) }
        add(NimbusCalls.activate) { try await $0.activate(name: $1) }
        add(NimbusCalls.deactivate) { try await $0.deactivate(name: $1) }
        add(NimbusCalls.rebalance) { try await $0.rebalance(name: $1, options: $2) }
        add(NimbusCalls.isTopologyNameAllowed) { try await $0.isTopologyNameAllowed(name: $1) }
    }

    fileprivate mutating func addUploadMethods() {
        add(NimbusCalls.beginFileUpload) { try await $0.beginFileUpload() }
        add(NimbusCalls.uploadChunk) { try await $0.uploadChunk(location: $1, chunk: $2.bytes) }
        add(NimbusCalls.finishFileUpload) { try await $0.finishFileUpload(location: $1) }
    }

    fileprivate mutating func addBlobMethods() {
        add(NimbusCalls.beginCreateBlob) { try await $0.beginCreateBlob(key: $1, meta: $2) }
        add(NimbusCalls.uploadBlobChunk) { try await $0.uploadBlobChunk(session: $1, chunk: $2.bytes) }
        add(NimbusCalls.finishBlobUpload) { try await $0.finishBlobUpload(session: $1) }
        add(NimbusCalls.cancelBlobUpload) { try await $0.cancelBlobUpload(session: $1) }
        add(NimbusCalls.getBlobMeta) { try await $0.getBlobMeta(key: $1) }
        add(NimbusCalls.beginBlobDownload) { try await $0.beginBlobDownload(key: $1) }
        add(NimbusCalls.downloadBlobChunk) { ThriftBinary(try await $0.downloadBlobChunk(session: $1)) }
        add(NimbusCalls.deleteBlob) { try await $0.deleteBlob(key: $1) }
        add(NimbusCalls.listBlobs) { try await $0.listBlobs(session: $1 ?? "") }
        add(NimbusCalls.getBlobReplication) { try await $0.getBlobReplication(key: $1) }
        add(NimbusCalls.isRemoteBlobExists) { try await $0.isRemoteBlobExists(key: $1) }
        add(NimbusCalls.createStateInZookeeper) { try await $0.createStateInZookeeper(key: $1) }
    }

    fileprivate mutating func addQueryMethods() {
        add(NimbusCalls.getLeader) { try await $0.getLeader() }
        add(NimbusCalls.getNimbusConf) { try await $0.getNimbusConf() }
        add(NimbusCalls.getClusterInfo) { try await $0.getClusterInfo() }
        add(NimbusCalls.getTopologySummaries) { try await $0.getTopologySummaries() }
        add(NimbusCalls.getTopologySummaryByName) { try await $0.getTopologySummaryByName(name: $1) }
        add(NimbusCalls.getTopologySummary) { try await $0.getTopologySummary(id: $1) }
        add(NimbusCalls.getTopologyInfo) { try await $0.getTopologyInfo(id: $1) }
        add(NimbusCalls.getTopologyInfoByName) { try await $0.getTopologyInfoByName(name: $1) }
        add(NimbusCalls.getTopologyInfoWithOpts) { try await $0.getTopologyInfoWithOpts(id: $1, options: $2) }
        add(NimbusCalls.getTopologyInfoByNameWithOpts) {
            try await $0.getTopologyInfoByNameWithOpts(name: $1, options: $2)
        }
        add(NimbusCalls.getTopologyConf) { try await $0.getTopologyConf(id: $1) }
        add(NimbusCalls.getTopology) { try await $0.getTopology(id: $1) }
        add(NimbusCalls.getUserTopology) { try await $0.getUserTopology(id: $1) }
    }

    fileprivate mutating func addOptionalMethods() {
        add(NimbusCalls.setLogConfig) { try await $0.setLogConfig(name: $1, config: $2) }
        add(NimbusCalls.getLogConfig) { try await $0.getLogConfig(name: $1) }
        add(NimbusCalls.debug) {
            try await $0.debug(name: $1, component: $2 ?? "", enable: $3, samplingPercentage: $4)
        }
        add(NimbusCalls.uploadNewCredentials) { try await $0.uploadNewCredentials(name: $1, credentials: $2) }
        add(NimbusCalls.beginUpdateBlob) { try await $0.beginUpdateBlob(key: $1) }
        add(NimbusCalls.setBlobMeta) { try await $0.setBlobMeta(key: $1, meta: $2) }
        add(NimbusCalls.updateBlobReplication) { try await $0.updateBlobReplication(key: $1, replication: $2) }
        add(NimbusCalls.getTopologyPageInfo) {
            try await $0.getTopologyPageInfo(id: $1, window: $2 ?? allTime, includeSystem: $3)
        }
        add(NimbusCalls.getSupervisorPageInfo) {
            try await $0.getSupervisorPageInfo(id: $1 ?? "", host: $2 ?? "", includeSystem: $3)
        }
        add(NimbusCalls.getComponentPageInfo) {
            try await $0.getComponentPageInfo(topologyID: $1, componentID: $2, window: $3 ?? allTime, includeSystem: $4)
        }
        add(NimbusCalls.getTopologyHistory) { try await $0.getTopologyHistory(user: $1) }
        add(NimbusCalls.getOwnerResourceSummaries) { try await $0.getOwnerResourceSummaries(owner: $1) }
    }

    /// Called by Storm's own supervisors, workers and web pages.
    fileprivate mutating func addForeignDaemonMethods() {
        add(NimbusCalls.setWorkerProfiler) { try await $0.setWorkerProfiler(id: $1, request: $2) }
        add(NimbusCalls.getComponentPendingProfileActions) {
            try await $0.getComponentPendingProfileActions(id: $1, componentID: $2, action: $3)
        }
        add(NimbusCalls.downloadChunk) { ThriftBinary(try await $0.downloadChunk(id: $1)) }
        add(NimbusCalls.getSupervisorAssignments) { try await $0.getSupervisorAssignments(node: $1) }
        add(NimbusCalls.sendSupervisorWorkerHeartbeats) { try await $0.sendSupervisorWorkerHeartbeats($1) }
        add(NimbusCalls.sendSupervisorWorkerHeartbeat) { try await $0.sendSupervisorWorkerHeartbeat($1) }
        add(NimbusCalls.processWorkerMetrics) { try await $0.processWorkerMetrics($1) }
    }
}
