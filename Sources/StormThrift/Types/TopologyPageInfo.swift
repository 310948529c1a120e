extension Thrift {
    /// Everything the UI shows about a topology.
    package struct TopologyPageInfo: ThriftStruct {
        package var id: String = ""
        package var name: String?
        package var uptimeSecs: Int32?
        package var status: String?
        package var numTasks: Int32?
        package var numWorkers: Int32?
        package var numExecutors: Int32?
        /// The text of a JSON object: nimbus's configuration with the topology's over it.
        package var topologyConf: String?
        package var idToSpoutAggStats: [String: ComponentAggregateStats]?
        package var idToBoltAggStats: [String: ComponentAggregateStats]?
        package var schedStatus: String?
        package var topologyStats: TopologyStats?
        package var owner: String?
        package var debugOptions: DebugOptions?
        package var replicationCount: Int32?
        package var workers: [WorkerSummary]?
        package var stormVersion: String?
        package var topologyVersion: String?
        package var requestedMemOnHeapMB: Double?
        package var requestedMemOffHeapMB: Double?
        package var requestedCPUPercent: Double?
        package var assignedMemOnHeapMB: Double?
        package var assignedMemOffHeapMB: Double?
        package var assignedCPUPercent: Double?
        package var requestedRegularOnHeapMemoryMB: Double?
        package var requestedSharedOnHeapMemoryMB: Double?
        package var requestedRegularOffHeapMemoryMB: Double?
        package var requestedSharedOffHeapMemoryMB: Double?
        package var assignedRegularOnHeapMemoryMB: Double?
        package var assignedSharedOnHeapMemoryMB: Double?
        package var assignedRegularOffHeapMemoryMB: Double?
        package var assignedSharedOffHeapMemoryMB: Double?
        package var requestedGenericResources: [String: Double]?
        package var assignedGenericResources: [String: Double]?

        package init() {}

        package init(
            id: String, name: String? = nil, uptimeSecs: Int32? = nil, status: String? = nil, numTasks: Int32? = nil,
            numWorkers: Int32? = nil, numExecutors: Int32? = nil, topologyConf: String? = nil,
            idToSpoutAggStats: [String: ComponentAggregateStats]? = nil,
            idToBoltAggStats: [String: ComponentAggregateStats]? = nil, schedStatus: String? = nil,
            topologyStats: TopologyStats? = nil, owner: String? = nil, debugOptions: DebugOptions? = nil,
            replicationCount: Int32? = nil, workers: [WorkerSummary]? = nil, stormVersion: String? = nil,
            topologyVersion: String? = nil, requestedMemOnHeapMB: Double? = nil, requestedMemOffHeapMB: Double? = nil,
            requestedCPUPercent: Double? = nil, assignedMemOnHeapMB: Double? = nil,
            assignedMemOffHeapMB: Double? = nil, assignedCPUPercent: Double? = nil,
            requestedRegularOnHeapMemoryMB: Double? = nil, requestedSharedOnHeapMemoryMB: Double? = nil,
            requestedRegularOffHeapMemoryMB: Double? = nil, requestedSharedOffHeapMemoryMB: Double? = nil,
            assignedRegularOnHeapMemoryMB: Double? = nil, assignedSharedOnHeapMemoryMB: Double? = nil,
            assignedRegularOffHeapMemoryMB: Double? = nil, assignedSharedOffHeapMemoryMB: Double? = nil,
            requestedGenericResources: [String: Double]? = nil, assignedGenericResources: [String: Double]? = nil
        ) {
            self.id = id
            self.name = name
            self.uptimeSecs = uptimeSecs
            self.status = status
            self.numTasks = numTasks
            self.numWorkers = numWorkers
            self.numExecutors = numExecutors
            self.topologyConf = topologyConf
            self.idToSpoutAggStats = idToSpoutAggStats
            self.idToBoltAggStats = idToBoltAggStats
            self.schedStatus = schedStatus
            self.topologyStats = topologyStats
            self.owner = owner
            self.debugOptions = debugOptions
            self.replicationCount = replicationCount
            self.workers = workers
            self.stormVersion = stormVersion
            self.topologyVersion = topologyVersion
            self.requestedMemOnHeapMB = requestedMemOnHeapMB
            self.requestedMemOffHeapMB = requestedMemOffHeapMB
            self.requestedCPUPercent = requestedCPUPercent
            self.assignedMemOnHeapMB = assignedMemOnHeapMB
            self.assignedMemOffHeapMB = assignedMemOffHeapMB
            self.assignedCPUPercent = assignedCPUPercent
            self.requestedRegularOnHeapMemoryMB = requestedRegularOnHeapMemoryMB
            self.requestedSharedOnHeapMemoryMB = requestedSharedOnHeapMemoryMB
            self.requestedRegularOffHeapMemoryMB = requestedRegularOffHeapMemoryMB
            self.requestedSharedOffHeapMemoryMB = requestedSharedOffHeapMemoryMB
            self.assignedRegularOnHeapMemoryMB = assignedRegularOnHeapMemoryMB
            self.assignedSharedOnHeapMemoryMB = assignedSharedOnHeapMemoryMB
            self.assignedRegularOffHeapMemoryMB = assignedRegularOffHeapMemoryMB
            self.assignedSharedOffHeapMemoryMB = assignedSharedOffHeapMemoryMB
            self.requestedGenericResources = requestedGenericResources
            self.assignedGenericResources = assignedGenericResources
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "id", \.id),
            .optional(2, "name", \.name),
            .optional(3, "uptime_secs", \.uptimeSecs),
            .optional(4, "status", \.status),
            .optional(5, "num_tasks", \.numTasks),
            .optional(6, "num_workers", \.numWorkers),
            .optional(7, "num_executors", \.numExecutors),
            .optional(8, "topology_conf", \.topologyConf),
            .optional(9, "id_to_spout_agg_stats", \.idToSpoutAggStats),
            .optional(10, "id_to_bolt_agg_stats", \.idToBoltAggStats),
            .optional(11, "sched_status", \.schedStatus),
            .optional(12, "topology_stats", \.topologyStats),
            .optional(13, "owner", \.owner),
            .optional(14, "debug_options", \.debugOptions),
            .optional(15, "replication_count", \.replicationCount),
            .optional(16, "workers", \.workers),
            .optional(17, "storm_version", \.stormVersion),
            .optional(18, "topology_version", \.topologyVersion),
            .optional(521, "requested_memonheap", \.requestedMemOnHeapMB),
            .optional(522, "requested_memoffheap", \.requestedMemOffHeapMB),
            .optional(523, "requested_cpu", \.requestedCPUPercent),
            .optional(524, "assigned_memonheap", \.assignedMemOnHeapMB),
            .optional(525, "assigned_memoffheap", \.assignedMemOffHeapMB),
            .optional(526, "assigned_cpu", \.assignedCPUPercent),
            .optional(527, "requested_regular_on_heap_memory", \.requestedRegularOnHeapMemoryMB),
            .optional(528, "requested_shared_on_heap_memory", \.requestedSharedOnHeapMemoryMB),
            .optional(529, "requested_regular_off_heap_memory", \.requestedRegularOffHeapMemoryMB),
            .optional(530, "requested_shared_off_heap_memory", \.requestedSharedOffHeapMemoryMB),
            .optional(531, "assigned_regular_on_heap_memory", \.assignedRegularOnHeapMemoryMB),
            .optional(532, "assigned_shared_on_heap_memory", \.assignedSharedOnHeapMemoryMB),
            .optional(533, "assigned_regular_off_heap_memory", \.assignedRegularOffHeapMemoryMB),
            .optional(534, "assigned_shared_off_heap_memory", \.assignedSharedOffHeapMemoryMB),
            .optional(535, "requested_generic_resources", \.requestedGenericResources),
            .optional(536, "assigned_generic_resources", \.assignedGenericResources),
        ]
    }

    /// Totals of a topology by window.
    package struct TopologyStats: ThriftStruct {
        package var windowToEmitted: [String: Int64]?
        package var windowToTransferred: [String: Int64]?
        package var windowToCompleteLatenciesMs: [String: Double]?
        package var windowToAcked: [String: Int64]?
        package var windowToFailed: [String: Int64]?

        package init() {}

        package init(
            windowToEmitted: [String: Int64]? = nil, windowToTransferred: [String: Int64]? = nil,
            windowToCompleteLatenciesMs: [String: Double]? = nil, windowToAcked: [String: Int64]? = nil,
            windowToFailed: [String: Int64]? = nil
        ) {
            self.windowToEmitted = windowToEmitted
            self.windowToTransferred = windowToTransferred
            self.windowToCompleteLatenciesMs = windowToCompleteLatenciesMs
            self.windowToAcked = windowToAcked
            self.windowToFailed = windowToFailed
        }

        package static let fields: [ThriftField<Self>] = [
            .optional(1, "window_to_emitted", \.windowToEmitted),
            .optional(2, "window_to_transferred", \.windowToTransferred),
            .optional(3, "window_to_complete_latencies_ms", \.windowToCompleteLatenciesMs),
            .optional(4, "window_to_acked", \.windowToAcked),
            .optional(5, "window_to_failed", \.windowToFailed),
        ]
    }
}
