import StormThrift

extension Samples {
    static func topologyStats() -> Thrift.TopologyStats {
        var value = Thrift.TopologyStats()
        value.windowToEmitted = ["k1": 1099511627777, "k2": 1099511627778]
        value.windowToTransferred = ["k2": 1099511627778, "k3": 1099511627779]
        value.windowToCompleteLatenciesMs = ["k3": 3.5, "k4": 4.5]
        value.windowToAcked = ["k4": 1099511627780, "k5": 1099511627781]
        value.windowToFailed = ["k5": 1099511627781, "k6": 1099511627782]
        return value
    }

    static func componentPageInfo() -> Thrift.ComponentPageInfo {
        var value = Thrift.ComponentPageInfo()
        value.componentID = "v1"
        value.componentType = .spout
        value.topologyID = "v3"
        value.topologyName = "v4"
        value.numExecutors = 5000
        value.numTasks = 6000
        value.windowToStats = ["k7": Samples.componentAggregateStats(), "k8": Samples.componentAggregateStats()]
        value.gsidToInputStats = [
            .init(componentID: "c8", streamID: "s8"): Samples.componentAggregateStats(),
            .init(componentID: "c9", streamID: "s8"): Samples.componentAggregateStats(),
        ]
        value.sidToOutputStats = ["k10": Samples.componentAggregateStats(), "k9": Samples.componentAggregateStats()]
        value.execStats = [Samples.executorAggregateStats(), Samples.executorAggregateStats()]
        value.errors = [Samples.errorInfo(), Samples.errorInfo()]
        value.eventlogHost = "v12"
        value.eventlogPort = 13000
        value.debugOptions = Samples.debugOptions()
        value.topologyStatus = "v15"
        value.resourcesMap = ["k16": 16.5, "k17": 17.5]
        return value
    }

    static func executorAggregateStats() -> Thrift.ExecutorAggregateStats {
        var value = Thrift.ExecutorAggregateStats()
        value.execSummary = Samples.executorSummary()
        value.stats = Samples.componentAggregateStats()
        return value
    }

    static func componentAggregateStats() -> Thrift.ComponentAggregateStats {
        var value = Thrift.ComponentAggregateStats()
        value.type = .spout
        value.commonStats = Samples.commonAggregateStats()
        value.specificStats = .spout(Samples.spoutAggregateStats())
        value.lastError = Samples.errorInfo()
        return value
    }

    static func commonAggregateStats() -> Thrift.CommonAggregateStats {
        var value = Thrift.CommonAggregateStats()
        value.numExecutors = 1000
        value.numTasks = 2000
        value.emitted = 1099511627779
        value.transferred = 1099511627780
        value.acked = 1099511627781
        value.failed = 1099511627782
        value.resourcesMap = ["k7": 7.5, "k8": 8.5]
        return value
    }

    static func spoutAggregateStats() -> Thrift.SpoutAggregateStats {
        var value = Thrift.SpoutAggregateStats()
        value.completeLatencyMs = 1.5
        return value
    }

    static func boltAggregateStats() -> Thrift.BoltAggregateStats {
        var value = Thrift.BoltAggregateStats()
        value.executeLatencyMs = 1.5
        value.processLatencyMs = 2.5
        value.executed = 1099511627779
        value.capacity = 4.5
        return value
    }

    static func supervisorPageInfo() -> Thrift.SupervisorPageInfo {
        var value = Thrift.SupervisorPageInfo()
        value.supervisorSummaries = [Samples.supervisorSummary(), Samples.supervisorSummary()]
        value.workerSummaries = [Samples.workerSummary(), Samples.workerSummary()]
        return value
    }

    static func workerSummary() -> Thrift.WorkerSummary {
        var value = Thrift.WorkerSummary()
        value.supervisorID = "v1"
        value.host = "v2"
        value.port = 3000
        value.topologyID = "v4"
        value.topologyName = "v5"
        value.numExecutors = 6000
        value.componentToNumTasks = ["k7": 1099511627783, "k8": 1099511627784]
        value.timeSecs = 8000
        value.uptimeSecs = 9000
        value.requestedMemOnHeapMB = 10.5
        value.requestedMemOffHeapMB = 11.5
        value.requestedCPUPercent = 12.5
        value.assignedMemOnHeapMB = 13.5
        value.assignedMemOffHeapMB = 14.5
        value.assignedCPUPercent = 15.5
        value.owner = "v16"
        return value
    }

    static func ownerResourceSummary() -> Thrift.OwnerResourceSummary {
        var value = Thrift.OwnerResourceSummary()
        value.owner = "v1"
        value.totalTopologies = 2000
        value.totalExecutors = 3000
        value.totalWorkers = 4000
        value.memoryUsageMB = 5.5
        value.cpuUsagePercent = 6.5
        value.memoryGuaranteeMB = 7.5
        value.cpuGuaranteePercent = 8.5
        value.memoryGuaranteeRemainingMB = 9.5
        value.cpuGuaranteeRemainingPercent = 10.5
        value.isolatedNodeGuarantee = 11000
        value.totalTasks = 12000
        value.requestedOnHeapMemoryMB = 13.5
        value.requestedOffHeapMemoryMB = 14.5
        value.requestedTotalMemoryMB = 15.5
        value.requestedCPUPercent = 16.5
        value.assignedOnHeapMemoryMB = 17.5
        value.assignedOffHeapMemoryMB = 18.5
        return value
    }

    static func topologyHistoryInfo() -> Thrift.TopologyHistoryInfo {
        var value = Thrift.TopologyHistoryInfo()
        value.topologyIDs = ["v1", "v2"]
        return value
    }

    static func accessControl() -> Thrift.AccessControl {
        var value = Thrift.AccessControl()
        value.type = .user
        value.name = "v2"
        value.access = 3000
        return value
    }

    static func settableBlobMeta() -> Thrift.SettableBlobMeta {
        var value = Thrift.SettableBlobMeta()
        value.acl = [Samples.accessControl(), Samples.accessControl()]
        value.replicationFactor = 2000
        return value
    }

    static func readableBlobMeta() -> Thrift.ReadableBlobMeta {
        var value = Thrift.ReadableBlobMeta()
        value.settable = Samples.settableBlobMeta()
        value.version = 1099511627778
        return value
    }

    static func listBlobsResult() -> Thrift.ListBlobsResult {
        var value = Thrift.ListBlobsResult()
        value.keys = ["v1", "v2"]
        value.session = "v2"
        return value
    }

    static func beginDownloadResult() -> Thrift.BeginDownloadResult {
        var value = Thrift.BeginDownloadResult()
        value.version = 1099511627777
        value.session = "v2"
        value.dataSize = 1099511627779
        return value
    }

    static func alreadyAliveException() -> Thrift.AlreadyAliveException {
        var value = Thrift.AlreadyAliveException()
        value.msg = "v1"
        return value
    }

    static func notAliveException() -> Thrift.NotAliveException {
        var value = Thrift.NotAliveException()
        value.msg = "v1"
        return value
    }

    static func authorizationException() -> Thrift.AuthorizationException {
        var value = Thrift.AuthorizationException()
        value.msg = "v1"
        return value
    }

    static func invalidTopologyException() -> Thrift.InvalidTopologyException {
        var value = Thrift.InvalidTopologyException()
        value.msg = "v1"
        return value
    }

    static func keyNotFoundException() -> Thrift.KeyNotFoundException {
        var value = Thrift.KeyNotFoundException()
        value.msg = "v1"
        return value
    }

    static func keyAlreadyExistsException() -> Thrift.KeyAlreadyExistsException {
        var value = Thrift.KeyAlreadyExistsException()
        value.msg = "v1"
        return value
    }

    static func illegalStateException() -> Thrift.IllegalStateException {
        var value = Thrift.IllegalStateException()
        value.msg = "v1"
        return value
    }

    static func drpcRequest() -> Thrift.DRPCRequest {
        var value = Thrift.DRPCRequest()
        value.funcArgs = "v1"
        value.requestID = "v2"
        return value
    }

    static func drpcExecutionException() -> Thrift.DRPCExecutionException {
        var value = Thrift.DRPCExecutionException()
        value.msg = "v1"
        value.type = .failedRequest
        return value
    }
}
