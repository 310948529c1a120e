extension Thrift {
    /// Everything the UI shows about a component.
    package struct ComponentPageInfo: ThriftStruct {
        package var componentID: String = ""
        package var componentType: ComponentType = .bolt
        package var topologyID: String?
        package var topologyName: String?
        package var numExecutors: Int32?
        package var numTasks: Int32?
        package var windowToStats: [String: ComponentAggregateStats]?
        package var gsidToInputStats: [GlobalStreamId: ComponentAggregateStats]?
        package var sidToOutputStats: [String: ComponentAggregateStats]?
        package var execStats: [ExecutorAggregateStats]?
        package var errors: [ErrorInfo]?
        package var eventlogHost: String?
        package var eventlogPort: Int32?
        package var debugOptions: DebugOptions?
        package var topologyStatus: String?
        package var resourcesMap: [String: Double]?

        package init() {}

        package init(
            componentID: String, componentType: ComponentType, topologyID: String? = nil, topologyName: String? = nil,
            numExecutors: Int32? = nil, numTasks: Int32? = nil,
            windowToStats: [String: ComponentAggregateStats]? = nil,
            gsidToInputStats: [GlobalStreamId: ComponentAggregateStats]? = nil,
            sidToOutputStats: [String: ComponentAggregateStats]? = nil, execStats: [ExecutorAggregateStats]? = nil,
            errors: [ErrorInfo]? = nil, eventlogHost: String? = nil, eventlogPort: Int32? = nil,
            debugOptions: DebugOptions? = nil, topologyStatus: String? = nil, resourcesMap: [String: Double]? = nil
        ) {
            self.componentID = componentID
            self.componentType = componentType
            self.topologyID = topologyID
            self.topologyName = topologyName
            self.numExecutors = numExecutors
            self.numTasks = numTasks
            self.windowToStats = windowToStats
            self.gsidToInputStats = gsidToInputStats
            self.sidToOutputStats = sidToOutputStats
            self.execStats = execStats
            self.errors = errors
            self.eventlogHost = eventlogHost
            self.eventlogPort = eventlogPort
            self.debugOptions = debugOptions
            self.topologyStatus = topologyStatus
            self.resourcesMap = resourcesMap
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "component_id", \.componentID),
            .required(2, "component_type", \.componentType),
            .optional(3, "topology_id", \.topologyID),
            .optional(4, "topology_name", \.topologyName),
            .optional(5, "num_executors", \.numExecutors),
            .optional(6, "num_tasks", \.numTasks),
            .optional(7, "window_to_stats", \.windowToStats),
            .optional(8, "gsid_to_input_stats", \.gsidToInputStats),
            .optional(9, "sid_to_output_stats", \.sidToOutputStats),
            .optional(10, "exec_stats", \.execStats),
            .optional(11, "errors", \.errors),
            .optional(12, "eventlog_host", \.eventlogHost),
            .optional(13, "eventlog_port", \.eventlogPort),
            .optional(14, "debug_options", \.debugOptions),
            .optional(15, "topology_status", \.topologyStatus),
            .optional(16, "resources_map", \.resourcesMap),
        ]
    }

    /// Whether a component is a bolt or a spout.
    package enum ComponentType: Int32, ThriftEnum {
        case bolt = 1
        case spout = 2
    }

    /// One executor's line on the page of its component.
    package struct ExecutorAggregateStats: ThriftStruct {
        package var execSummary: ExecutorSummary?
        package var stats: ComponentAggregateStats?

        package init() {}

        package init(execSummary: ExecutorSummary? = nil, stats: ComponentAggregateStats? = nil) {
            self.execSummary = execSummary
            self.stats = stats
        }

        package static let fields: [ThriftField<Self>] = [
            .optional(1, "exec_summary", \.execSummary),
            .optional(2, "stats", \.stats),
        ]
    }
}
