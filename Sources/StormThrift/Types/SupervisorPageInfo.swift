extension Thrift {
    /// Everything the UI shows about supervisors and their workers.
    package struct SupervisorPageInfo: ThriftStruct {
        package var supervisorSummaries: [SupervisorSummary]?
        package var workerSummaries: [WorkerSummary]?

        package init() {}

        package init(supervisorSummaries: [SupervisorSummary]? = nil, workerSummaries: [WorkerSummary]? = nil) {
            self.supervisorSummaries = supervisorSummaries
            self.workerSummaries = workerSummaries
        }

        package static let fields: [ThriftField<Self>] = [
            .optional(1, "supervisor_summaries", \.supervisorSummaries),
            .optional(2, "worker_summaries", \.workerSummaries),
        ]
    }

    /// One worker process.
    package struct WorkerSummary: ThriftStruct {
        package var supervisorID: String?
        package var host: String?
        package var port: Int32?
        package var topologyID: String?
        package var topologyName: String?
        package var numExecutors: Int32?
        package var componentToNumTasks: [String: Int64]?
        package var timeSecs: Int32?
        package var uptimeSecs: Int32?
        package var requestedMemOnHeapMB: Double?
        package var requestedMemOffHeapMB: Double?
        package var requestedCPUPercent: Double?
        package var assignedMemOnHeapMB: Double?
        package var assignedMemOffHeapMB: Double?
        package var assignedCPUPercent: Double?
        package var owner: String?

        package init() {}

        package init(
            supervisorID: String? = nil, host: String? = nil, port: Int32? = nil, topologyID: String? = nil,
            topologyName: String? = nil, numExecutors: Int32? = nil, componentToNumTasks: [String: Int64]? = nil,
            timeSecs: Int32? = nil, uptimeSecs: Int32? = nil, requestedMemOnHeapMB: Double? = nil,
            requestedMemOffHeapMB: Double? = nil, requestedCPUPercent: Double? = nil,
            assignedMemOnHeapMB: Double? = nil, assignedMemOffHeapMB: Double? = nil,
            assignedCPUPercent: Double? = nil, owner: String? = nil
        ) {
            self.supervisorID = supervisorID
            self.host = host
            self.port = port
            self.topologyID = topologyID
            self.topologyName = topologyName
            self.numExecutors = numExecutors
            self.componentToNumTasks = componentToNumTasks
            self.timeSecs = timeSecs
            self.uptimeSecs = uptimeSecs
            self.requestedMemOnHeapMB = requestedMemOnHeapMB
            self.requestedMemOffHeapMB = requestedMemOffHeapMB
            self.requestedCPUPercent = requestedCPUPercent
            self.assignedMemOnHeapMB = assignedMemOnHeapMB
            self.assignedMemOffHeapMB = assignedMemOffHeapMB
            self.assignedCPUPercent = assignedCPUPercent
            self.owner = owner
        }

        package static let fields: [ThriftField<Self>] = [
            .optional(1, "supervisor_id", \.supervisorID),
            .optional(2, "host", \.host),
            .optional(3, "port", \.port),
            .optional(4, "topology_id", \.topologyID),
            .optional(5, "topology_name", \.topologyName),
            .optional(6, "num_executors", \.numExecutors),
            .optional(7, "component_to_num_tasks", \.componentToNumTasks),
            .optional(8, "time_secs", \.timeSecs),
            .optional(9, "uptime_secs", \.uptimeSecs),
            .optional(521, "requested_memonheap", \.requestedMemOnHeapMB),
            .optional(522, "requested_memoffheap", \.requestedMemOffHeapMB),
            .optional(523, "requested_cpu", \.requestedCPUPercent),
            .optional(524, "assigned_memonheap", \.assignedMemOnHeapMB),
            .optional(525, "assigned_memoffheap", \.assignedMemOffHeapMB),
            .optional(526, "assigned_cpu", \.assignedCPUPercent),
            .optional(527, "owner", \.owner),
        ]
    }
}
