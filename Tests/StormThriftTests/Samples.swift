import StormThrift

/// One value of every struct, each field set and different from its neighbours.
enum Samples {
    static func stormTopology() -> Thrift.StormTopology {
        var value = Thrift.StormTopology()
        value.spouts = ["k1": Samples.spoutSpec(), "k2": Samples.spoutSpec()]
        value.bolts = ["k2": Samples.bolt(), "k3": Samples.bolt()]
        value.stateSpouts = ["k3": Samples.stateSpoutSpec(), "k4": Samples.stateSpoutSpec()]
        value.workerHooks = [[4, 251], [5, 250]]
        value.dependencyJars = ["v5", "v6"]
        value.dependencyArtifacts = ["v6", "v7"]
        value.stormVersion = "v7"
        value.jdkVersion = "v8"
        value.componentToSharedMemory = ["k10": ["v10", "v11"], "k9": ["v10", "v9"]]
        value.sharedMemory = ["k10": Samples.sharedMemory(), "k11": Samples.sharedMemory()]
        return value
    }

    static func spoutSpec() -> Thrift.SpoutSpec {
        var value = Thrift.SpoutSpec()
        value.spoutObject = .shell(Samples.shellComponent())
        value.common = Samples.componentCommon()
        return value
    }

    static func bolt() -> Thrift.Bolt {
        var value = Thrift.Bolt()
        value.boltObject = .shell(Samples.shellComponent())
        value.common = Samples.componentCommon()
        return value
    }

    static func stateSpoutSpec() -> Thrift.StateSpoutSpec {
        var value = Thrift.StateSpoutSpec()
        value.stateSpoutObject = .shell(Samples.shellComponent())
        value.common = Samples.componentCommon()
        return value
    }

    static func sharedMemory() -> Thrift.SharedMemory {
        var value = Thrift.SharedMemory()
        value.name = "v1"
        value.onHeapMB = 2.5
        value.offHeapWorkerMB = 3.5
        value.offHeapNodeMB = 4.5
        return value
    }

    static func componentCommon() -> Thrift.ComponentCommon {
        var value = Thrift.ComponentCommon()
        value.inputs = [
            .init(componentID: "c1", streamID: "s1"): .shuffle,
            .init(componentID: "c2", streamID: "s1"): .all,
        ]
        value.streams = ["k2": Samples.streamInfo(), "k3": Samples.streamInfo()]
        value.parallelismHint = 3000
        value.jsonConf = "v4"
        return value
    }

    static func streamInfo() -> Thrift.StreamInfo {
        var value = Thrift.StreamInfo()
        value.outputFields = ["v1", "v2"]
        value.direct = true
        return value
    }

    static func globalStreamId() -> Thrift.GlobalStreamId {
        var value = Thrift.GlobalStreamId()
        value.componentID = "v1"
        value.streamID = "v2"
        return value
    }

    static func shellComponent() -> Thrift.ShellComponent {
        var value = Thrift.ShellComponent()
        value.executionCommand = "v1"
        value.script = "v2"
        return value
    }

    static func javaObject() -> Thrift.JavaObject {
        var value = Thrift.JavaObject()
        value.fullClassName = "v1"
        value.argsList = [.stringArg("v3"), .boolArg(true)]
        return value
    }

    static func nullStruct() -> Thrift.NullStruct {
        Thrift.NullStruct()
    }

    static func submitOptions() -> Thrift.SubmitOptions {
        var value = Thrift.SubmitOptions()
        value.initialStatus = .inactive
        value.credentials = Samples.credentials()
        return value
    }

    static func credentials() -> Thrift.Credentials {
        var value = Thrift.Credentials()
        value.credentials = ["k1": "v1", "k2": "v2"]
        value.topologyOwner = "v2"
        return value
    }

    static func killOptions() -> Thrift.KillOptions {
        var value = Thrift.KillOptions()
        value.waitSecs = 1000
        return value
    }

    static func rebalanceOptions() -> Thrift.RebalanceOptions {
        var value = Thrift.RebalanceOptions()
        value.waitSecs = 1000
        value.numWorkers = 2000
        value.numExecutors = ["k3": 3000, "k4": 4000]
        value.topologyResourcesOverrides = ["k4": ["k4": 4.5], "k5": ["k5": 5.5]]
        value.topologyConfOverrides = "v5"
        value.principal = "v6"
        return value
    }

    static func getInfoOptions() -> Thrift.GetInfoOptions {
        var value = Thrift.GetInfoOptions()
        value.errorChoice = .one
        return value
    }

    static func logConfig() -> Thrift.LogConfig {
        var value = Thrift.LogConfig()
        value.namedLoggerLevel = ["k1": Samples.logLevel(), "k2": Samples.logLevel()]
        return value
    }

    static func logLevel() -> Thrift.LogLevel {
        var value = Thrift.LogLevel()
        value.action = .remove
        value.targetLogLevel = "v2"
        value.resetLogLevelTimeoutSecs = 3000
        value.resetLogLevelTimeoutEpoch = 1099511627780
        value.resetLogLevel = "v5"
        return value
    }

    static func debugOptions() -> Thrift.DebugOptions {
        var value = Thrift.DebugOptions()
        value.enable = true
        value.samplingPercent = 2.5
        return value
    }

    static func clusterSummary() -> Thrift.ClusterSummary {
        var value = Thrift.ClusterSummary()
        value.supervisors = [Samples.supervisorSummary(), Samples.supervisorSummary()]
        value.topologies = [Samples.topologySummary(), Samples.topologySummary()]
        value.nimbuses = [Samples.nimbusSummary(), Samples.nimbusSummary()]
        return value
    }

    static func supervisorSummary() -> Thrift.SupervisorSummary {
        var value = Thrift.SupervisorSummary()
        value.host = "v1"
        value.uptimeSecs = 2000
        value.numWorkers = 3000
        value.numUsedWorkers = 4000
        value.supervisorID = "v5"
        value.version = "v6"
        value.totalResources = ["k7": 7.5, "k8": 8.5]
        value.usedMemMB = 8.5
        value.usedCPUPercent = 9.5
        value.fragmentedMemMB = 10.5
        value.fragmentedCPUPercent = 11.5
        value.blacklisted = true
        value.usedGenericResources = ["k13": 13.5, "k14": 14.5]
        return value
    }

    static func nimbusSummary() -> Thrift.NimbusSummary {
        var value = Thrift.NimbusSummary()
        value.host = "v1"
        value.port = 2000
        value.uptimeSecs = 3000
        value.isLeader = true
        value.version = "v5"
        value.tlsPort = 6000
        return value
    }

    static func topologySummary() -> Thrift.TopologySummary {
        var value = Thrift.TopologySummary()
        value.id = "v1"
        value.name = "v2"
        value.numTasks = 3000
        value.numExecutors = 4000
        value.numWorkers = 5000
        value.uptimeSecs = 6000
        value.status = "v7"
        value.stormVersion = "v8"
        value.topologyVersion = "v9"
        value.schedStatus = "v10"
        value.owner = "v11"
        value.replicationCount = 12000
        value.requestedMemOnHeapMB = 13.5
        value.requestedMemOffHeapMB = 14.5
        value.requestedCPUPercent = 15.5
        value.assignedMemOnHeapMB = 16.5
        value.assignedMemOffHeapMB = 17.5
        value.assignedCPUPercent = 18.5
        value.requestedGenericResources = ["k19": 19.5, "k20": 20.5]
        value.assignedGenericResources = ["k20": 20.5, "k21": 21.5]
        return value
    }

    static func topologyInfo() -> Thrift.TopologyInfo {
        var value = Thrift.TopologyInfo()
        value.id = "v1"
        value.name = "v2"
        value.uptimeSecs = 3000
        value.executors = [Samples.executorSummary(), Samples.executorSummary()]
        value.status = "v5"
        value.errors = [
            "k6": [Samples.errorInfo(), Samples.errorInfo()],
            "k7": [Samples.errorInfo(), Samples.errorInfo()],
        ]
        value.componentDebug = ["k7": Samples.debugOptions(), "k8": Samples.debugOptions()]
        value.stormVersion = "v8"
        value.schedStatus = "v9"
        value.owner = "v10"
        value.replicationCount = 11000
        value.requestedMemOnHeapMB = 12.5
        value.requestedMemOffHeapMB = 13.5
        value.requestedCPUPercent = 14.5
        value.assignedMemOnHeapMB = 15.5
        value.assignedMemOffHeapMB = 16.5
        value.assignedCPUPercent = 17.5
        return value
    }

    static func errorInfo() -> Thrift.ErrorInfo {
        var value = Thrift.ErrorInfo()
        value.error = "v1"
        value.errorTimeSecs = 2000
        value.host = "v3"
        value.port = 4000
        return value
    }

    static func executorSummary() -> Thrift.ExecutorSummary {
        var value = Thrift.ExecutorSummary()
        value.executorInfo = Samples.executorInfo()
        value.componentID = "v2"
        value.host = "v3"
        value.port = 4000
        value.uptimeSecs = 5000
        value.stats = Samples.executorStats()
        return value
    }

    static func executorInfo() -> Thrift.ExecutorInfo {
        var value = Thrift.ExecutorInfo()
        value.taskStart = 1000
        value.taskEnd = 2000
        return value
    }

    static func executorStats() -> Thrift.ExecutorStats {
        var value = Thrift.ExecutorStats()
        value.emitted = ["k1": ["k1": 1099511627777], "k2": ["k2": 1099511627778]]
        value.transferred = ["k2": ["k2": 1099511627778], "k3": ["k3": 1099511627779]]
        value.specific = .spout(Samples.spoutStats())
        value.rate = 4.5
        return value
    }

    static func boltStats() -> Thrift.BoltStats {
        var value = Thrift.BoltStats()
        value.acked = [
            "k1": [.init(componentID: "c1", streamID: "s1"): 1099511627777],
            "k2": [.init(componentID: "c2", streamID: "s2"): 1099511627778],
        ]
        value.failed = [
            "k2": [.init(componentID: "c2", streamID: "s2"): 1099511627778],
            "k3": [.init(componentID: "c3", streamID: "s3"): 1099511627779],
        ]
        value.processMsAvg = [
            "k3": [.init(componentID: "c3", streamID: "s3"): 3.5],
            "k4": [.init(componentID: "c4", streamID: "s4"): 4.5],
        ]
        value.executed = [
            "k4": [.init(componentID: "c4", streamID: "s4"): 1099511627780],
            "k5": [.init(componentID: "c5", streamID: "s5"): 1099511627781],
        ]
        value.executeMsAvg = [
            "k5": [.init(componentID: "c5", streamID: "s5"): 5.5],
            "k6": [.init(componentID: "c6", streamID: "s6"): 6.5],
        ]
        return value
    }

    static func spoutStats() -> Thrift.SpoutStats {
        var value = Thrift.SpoutStats()
        value.acked = ["k1": ["k1": 1099511627777], "k2": ["k2": 1099511627778]]
        value.failed = ["k2": ["k2": 1099511627778], "k3": ["k3": 1099511627779]]
        value.completeMsAvg = ["k3": ["k3": 3.5], "k4": ["k4": 4.5]]
        return value
    }

    static func topologyPageInfo() -> Thrift.TopologyPageInfo {
        var value = Thrift.TopologyPageInfo()
        value.id = "v1"
        value.name = "v2"
        value.uptimeSecs = 3000
        value.status = "v4"
        value.numTasks = 5000
        value.numWorkers = 6000
        value.numExecutors = 7000
        value.topologyConf = "v8"
        value.idToSpoutAggStats = ["k10": Samples.componentAggregateStats(), "k9": Samples.componentAggregateStats()]
        value.idToBoltAggStats = ["k10": Samples.componentAggregateStats(), "k11": Samples.componentAggregateStats()]
        value.schedStatus = "v11"
        value.topologyStats = Samples.topologyStats()
        value.owner = "v13"
        value.debugOptions = Samples.debugOptions()
        value.replicationCount = 15000
        value.workers = [Samples.workerSummary(), Samples.workerSummary()]
        value.stormVersion = "v17"
        value.topologyVersion = "v18"
        value.requestedMemOnHeapMB = 19.5
        value.requestedMemOffHeapMB = 20.5
        value.requestedCPUPercent = 21.5
        value.assignedMemOnHeapMB = 22.5
        value.assignedMemOffHeapMB = 23.5
        value.assignedCPUPercent = 24.5
        value.requestedRegularOnHeapMemoryMB = 25.5
        value.requestedSharedOnHeapMemoryMB = 26.5
        value.requestedRegularOffHeapMemoryMB = 27.5
        value.requestedSharedOffHeapMemoryMB = 28.5
        value.assignedRegularOnHeapMemoryMB = 29.5
        value.assignedSharedOnHeapMemoryMB = 30.5
        value.assignedRegularOffHeapMemoryMB = 31.5
        value.assignedSharedOffHeapMemoryMB = 32.5
        value.requestedGenericResources = ["k33": 33.5, "k34": 34.5]
        value.assignedGenericResources = ["k34": 34.5, "k35": 35.5]
        return value
    }
}
