extension Thrift {
    /// A topology with its executors, their statistics and recent errors by component.
    package struct TopologyInfo: ThriftStruct {
        package var id: String = ""
        package var name: String = ""
        package var uptimeSecs: Int32 = 0
        package var executors: [ExecutorSummary] = []
        package var status: String = ""
        package var errors: [String: [ErrorInfo]] = [:]
        package var componentDebug: [String: DebugOptions]?
        package var stormVersion: String?
        package var schedStatus: String?
        package var owner: String?
        package var replicationCount: Int32?
        package var requestedMemOnHeapMB: Double?
        package var requestedMemOffHeapMB: Double?
        package var requestedCPUPercent: Double?
        package var assignedMemOnHeapMB: Double?
        package var assignedMemOffHeapMB: Double?
        package var assignedCPUPercent: Double?

        package init() {}

        package init(
            id: String, name: String, uptimeSecs: Int32, executors: [ExecutorSummary], status: String,
            errors: [String: [ErrorInfo]], componentDebug: [String: DebugOptions]? = nil, stormVersion: String? = nil,
            schedStatus: String? = nil, owner: String? = nil, replicationCount: Int32? = nil,
            requestedMemOnHeapMB: Double? = nil, requestedMemOffHeapMB: Double? = nil,
            requestedCPUPercent: Double? = nil, assignedMemOnHeapMB: Double? = nil,
            assignedMemOffHeapMB: Double? = nil, assignedCPUPercent: Double? = nil
        ) {
            self.id = id
            self.name = name
            self.uptimeSecs = uptimeSecs
            self.executors = executors
            self.status = status
            self.errors = errors
            self.componentDebug = componentDebug
            self.stormVersion = stormVersion
            self.schedStatus = schedStatus
            self.owner = owner
            self.replicationCount = replicationCount
            self.requestedMemOnHeapMB = requestedMemOnHeapMB
            self.requestedMemOffHeapMB = requestedMemOffHeapMB
            self.requestedCPUPercent = requestedCPUPercent
            self.assignedMemOnHeapMB = assignedMemOnHeapMB
            self.assignedMemOffHeapMB = assignedMemOffHeapMB
            self.assignedCPUPercent = assignedCPUPercent
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "id", \.id),
            .required(2, "name", \.name),
            .required(3, "uptime_secs", \.uptimeSecs),
            .required(4, "executors", \.executors),
            .required(5, "status", \.status),
            .required(6, "errors", \.errors),
            .optional(7, "component_debug", \.componentDebug),
            .optional(8, "storm_version", \.stormVersion),
            .optional(513, "sched_status", \.schedStatus),
            .optional(514, "owner", \.owner),
            .optional(515, "replication_count", \.replicationCount),
            .optional(521, "requested_memonheap", \.requestedMemOnHeapMB),
            .optional(522, "requested_memoffheap", \.requestedMemOffHeapMB),
            .optional(523, "requested_cpu", \.requestedCPUPercent),
            .optional(524, "assigned_memonheap", \.assignedMemOnHeapMB),
            .optional(525, "assigned_memoffheap", \.assignedMemOffHeapMB),
            .optional(526, "assigned_cpu", \.assignedCPUPercent),
        ]
    }

    /// An error a component reported.
    package struct ErrorInfo: ThriftStruct {
        /// The whole text, stack trace included.
        package var error: String = ""
        /// Seconds since 1970.
        package var errorTimeSecs: Int32 = 0
        package var host: String?
        package var port: Int32?

        package init() {}

        package init(error: String, errorTimeSecs: Int32, host: String? = nil, port: Int32? = nil) {
            self.error = error
            self.errorTimeSecs = errorTimeSecs
            self.host = host
            self.port = port
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "error", \.error),
            .required(2, "error_time_secs", \.errorTimeSecs),
            .optional(3, "host", \.host),
            .optional(4, "port", \.port),
        ]
    }
}
