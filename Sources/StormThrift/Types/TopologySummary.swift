extension Thrift {
    /// A topology in one line of `storm list`.
    package struct TopologySummary: ThriftStruct {
        package var id: String = ""
        package var name: String = ""
        package var numTasks: Int32 = 0
        package var numExecutors: Int32 = 0
        package var numWorkers: Int32 = 0
        package var uptimeSecs: Int32 = 0
        package var status: String = ""
        package var stormVersion: String?
        package var topologyVersion: String?
        package var schedStatus: String?
        package var owner: String?
        package var replicationCount: Int32?
        package var requestedMemOnHeapMB: Double?
        package var requestedMemOffHeapMB: Double?
        package var requestedCPUPercent: Double?
        package var assignedMemOnHeapMB: Double?
        package var assignedMemOffHeapMB: Double?
        package var assignedCPUPercent: Double?
        package var requestedGenericResources: [String: Double]?
        package var assignedGenericResources: [String: Double]?

        package init() {}

        package init(
            id: String, name: String, numTasks: Int32, numExecutors: Int32, numWorkers: Int32, uptimeSecs: Int32,
            status: String, stormVersion: String? = nil, topologyVersion: String? = nil, schedStatus: String? = nil,
            owner: String? = nil, replicationCount: Int32? = nil, requestedMemOnHeapMB: Double? = nil,
            requestedMemOffHeapMB: Double? = nil, requestedCPUPercent: Double? = nil,
            assignedMemOnHeapMB: Double? = nil, assignedMemOffHeapMB: Double? = nil,
            assignedCPUPercent: Double? = nil, requestedGenericResources: [String: Double]? = nil,
            assignedGenericResources: [String: Double]? = nil
        ) {
            self.id = id
            self.name = name
            self.numTasks = numTasks
            self.numExecutors = numExecutors
            self.numWorkers = numWorkers
            self.uptimeSecs = uptimeSecs
            self.status = status
            self.stormVersion = stormVersion
            self.topologyVersion = topologyVersion
            self.schedStatus = schedStatus
            self.owner = owner
            self.replicationCount = replicationCount
            self.requestedMemOnHeapMB = requestedMemOnHeapMB
            self.requestedMemOffHeapMB = requestedMemOffHeapMB
            self.requestedCPUPercent = requestedCPUPercent
            self.assignedMemOnHeapMB = assignedMemOnHeapMB
            self.assignedMemOffHeapMB = assignedMemOffHeapMB
            self.assignedCPUPercent = assignedCPUPercent
            self.requestedGenericResources = requestedGenericResources
            self.assignedGenericResources = assignedGenericResources
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "id", \.id),
            .required(2, "name", \.name),
            .required(3, "num_tasks", \.numTasks),
            .required(4, "num_executors", \.numExecutors),
            .required(5, "num_workers", \.numWorkers),
            .required(6, "uptime_secs", \.uptimeSecs),
            .required(7, "status", \.status),
            .optional(8, "storm_version", \.stormVersion),
            .optional(9, "topology_version", \.topologyVersion),
            .optional(513, "sched_status", \.schedStatus),
            .optional(514, "owner", \.owner),
            .optional(515, "replication_count", \.replicationCount),
            .optional(521, "requested_memonheap", \.requestedMemOnHeapMB),
            .optional(522, "requested_memoffheap", \.requestedMemOffHeapMB),
            .optional(523, "requested_cpu", \.requestedCPUPercent),
            .optional(524, "assigned_memonheap", \.assignedMemOnHeapMB),
            .optional(525, "assigned_memoffheap", \.assignedMemOffHeapMB),
            .optional(526, "assigned_cpu", \.assignedCPUPercent),
            .optional(527, "requested_generic_resources", \.requestedGenericResources),
            .optional(528, "assigned_generic_resources", \.assignedGenericResources),
        ]
    }
}
