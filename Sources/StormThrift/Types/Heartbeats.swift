extension Thrift {
    /// A worker that its supervisor, or the worker itself, says is alive.
    package struct SupervisorWorkerHeartbeat: ThriftStruct {
        package var topologyID: String = ""
        package var executors: [ExecutorInfo] = []
        /// Seconds since 1970. Storm before 3.0 sent an `i32`, which counts as missing.
        package var timeSecs: Int64 = 0

        package init() {}

        package init(topologyID: String, executors: [ExecutorInfo], timeSecs: Int64) {
            self.topologyID = topologyID
            self.executors = executors
            self.timeSecs = timeSecs
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "storm_id", \.topologyID),
            .required(2, "executors", \.executors),
            .required(3, "time_secs", \.timeSecs),
        ]
    }

    /// The living workers of one supervisor.
    package struct SupervisorWorkerHeartbeats: ThriftStruct {
        package var supervisorID: String = ""
        package var workerHeartbeats: [SupervisorWorkerHeartbeat] = []

        package init() {}

        package init(supervisorID: String, workerHeartbeats: [SupervisorWorkerHeartbeat]) {
            self.supervisorID = supervisorID
            self.workerHeartbeats = workerHeartbeats
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "supervisor_id", \.supervisorID),
            .required(2, "worker_heartbeats", \.workerHeartbeats),
        ]
    }

    /// Numbers that a worker pushes to nimbus.
    package struct WorkerMetrics: ThriftStruct {
        package var topologyID: String = ""
        package var port: Int32 = 0
        package var hostname: String = ""
        package var metricList: WorkerMetricList = WorkerMetricList()

        package init() {}

        package static let fields: [ThriftField<Self>] = [
            .required(1, "topologyId", \.topologyID),
            .required(2, "port", \.port),
            .required(3, "hostname", \.hostname),
            .required(4, "metricList", \.metricList),
        ]
    }

    package struct WorkerMetricList: ThriftStruct {
        package var metrics: [WorkerMetricPoint]?

        package init() {}

        package init(metrics: [WorkerMetricPoint]?) { self.metrics = metrics }

        package static let fields: [ThriftField<Self>] = [
            .optional(1, "metrics", \.metrics)
        ]
    }

    /// One number of one executor at one time.
    package struct WorkerMetricPoint: ThriftStruct {
        package var metricName: String = ""
        package var timestamp: Int64 = 0
        package var metricValue: Double = 0
        package var componentID: String = ""
        package var executorID: String = ""
        package var streamID: String = ""

        package init() {}

        package static let fields: [ThriftField<Self>] = [
            .required(1, "metricName", \.metricName),
            .required(2, "timestamp", \.timestamp),
            .required(3, "metricValue", \.metricValue),
            .required(4, "componentId", \.componentID),
            .required(5, "executorId", \.executorID),
            .required(6, "streamId", \.streamID),
        ]
    }

    /// What a worker's JVM is asked for; `node` of `nodeInfo` is a host here.
    package struct ProfileRequest: ThriftStruct {
        package var nodeInfo: NodeInfo = NodeInfo()
        package var action: ProfileAction = .profileStop
        package var timeStamp: Int64?

        package init() {}

        package init(nodeInfo: NodeInfo, action: ProfileAction, timeStamp: Int64? = nil) {
            self.nodeInfo = nodeInfo
            self.action = action
            self.timeStamp = timeStamp
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "nodeInfo", \.nodeInfo),
            .required(2, "action", \.action),
            .optional(3, "time_stamp", \.timeStamp),
        ]
    }

    package enum ProfileAction: Int32, ThriftEnum {
        case profileStop = 0
        case profileStart = 1
        case profileDump = 2
        case heapDump = 3
        case stackDump = 4
        case restart = 5
    }
}
