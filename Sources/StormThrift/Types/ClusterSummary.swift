extension Thrift {
    /// The whole cluster in one answer. Field id 2 is gone.
    package struct ClusterSummary: ThriftStruct {
        package var supervisors: [SupervisorSummary] = []
        package var topologies: [TopologySummary] = []
        package var nimbuses: [NimbusSummary] = []

        package init() {}

        package init(supervisors: [SupervisorSummary], topologies: [TopologySummary], nimbuses: [NimbusSummary]) {
            self.supervisors = supervisors
            self.topologies = topologies
            self.nimbuses = nimbuses
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "supervisors", \.supervisors),
            .required(3, "topologies", \.topologies),
            .required(4, "nimbuses", \.nimbuses),
        ]
    }

    /// A supervisor and its slots. The used and fragmented amounts are set with resource-aware scheduling only.
    package struct SupervisorSummary: ThriftStruct {
        package var host: String = ""
        package var uptimeSecs: Int32 = 0
        package var numWorkers: Int32 = 0
        package var numUsedWorkers: Int32 = 0
        package var supervisorID: String = ""
        /// `VERSION_NOT_PROVIDED` where nothing better is known.
        package var version: String?
        package var totalResources: [String: Double]?
        package var usedMemMB: Double?
        package var usedCPUPercent: Double?
        package var fragmentedMemMB: Double?
        package var fragmentedCPUPercent: Double?
        package var blacklisted: Bool?
        package var usedGenericResources: [String: Double]?

        package init() {}

        package init(
            host: String, uptimeSecs: Int32, numWorkers: Int32, numUsedWorkers: Int32, supervisorID: String,
            version: String? = nil, totalResources: [String: Double]? = nil, usedMemMB: Double? = nil,
            usedCPUPercent: Double? = nil, fragmentedMemMB: Double? = nil, fragmentedCPUPercent: Double? = nil,
            blacklisted: Bool? = nil, usedGenericResources: [String: Double]? = nil
        ) {
            self.host = host
            self.uptimeSecs = uptimeSecs
            self.numWorkers = numWorkers
            self.numUsedWorkers = numUsedWorkers
            self.supervisorID = supervisorID
            self.version = version
            self.totalResources = totalResources
            self.usedMemMB = usedMemMB
            self.usedCPUPercent = usedCPUPercent
            self.fragmentedMemMB = fragmentedMemMB
            self.fragmentedCPUPercent = fragmentedCPUPercent
            self.blacklisted = blacklisted
            self.usedGenericResources = usedGenericResources
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "host", \.host),
            .required(2, "uptime_secs", \.uptimeSecs),
            .required(3, "num_workers", \.numWorkers),
            .required(4, "num_used_workers", \.numUsedWorkers),
            .required(5, "supervisor_id", \.supervisorID),
            .optional(6, "version", \.version),
            .optional(7, "total_resources", \.totalResources),
            .optional(8, "used_mem", \.usedMemMB),
            .optional(9, "used_cpu", \.usedCPUPercent),
            .optional(10, "fragmented_mem", \.fragmentedMemMB),
            .optional(11, "fragmented_cpu", \.fragmentedCPUPercent),
            .optional(12, "blacklisted", \.blacklisted),
            .optional(13, "used_generic_resources", \.usedGenericResources),
        ]
    }

    /// One nimbus.
    package struct NimbusSummary: ThriftStruct {
        package var host: String = ""
        package var port: Int32 = 0
        package var uptimeSecs: Int32 = 0
        package var isLeader: Bool = false
        package var version: String = ""
        package var tlsPort: Int32?

        package init() {}

        package init(
            host: String, port: Int32, uptimeSecs: Int32, isLeader: Bool, version: String, tlsPort: Int32? = nil
        ) {
            self.host = host
            self.port = port
            self.uptimeSecs = uptimeSecs
            self.isLeader = isLeader
            self.version = version
            self.tlsPort = tlsPort
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "host", \.host),
            .required(2, "port", \.port),
            .required(3, "uptime_secs", \.uptimeSecs),
            .required(4, "isLeader", \.isLeader),
            .required(5, "version", \.version),
            .optional(6, "tlsPort", \.tlsPort),
        ]
    }
}
