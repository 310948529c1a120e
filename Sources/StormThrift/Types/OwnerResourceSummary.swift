extension Thrift {
    /// What the topologies of one user use, and what is guaranteed to that user.
    package struct OwnerResourceSummary: ThriftStruct {
        package var owner: String = ""
        package var totalTopologies: Int32?
        package var totalExecutors: Int32?
        package var totalWorkers: Int32?
        package var memoryUsageMB: Double?
        package var cpuUsagePercent: Double?
        package var memoryGuaranteeMB: Double?
        package var cpuGuaranteePercent: Double?
        package var memoryGuaranteeRemainingMB: Double?
        package var cpuGuaranteeRemainingPercent: Double?
        package var isolatedNodeGuarantee: Int32?
        package var totalTasks: Int32?
        package var requestedOnHeapMemoryMB: Double?
        package var requestedOffHeapMemoryMB: Double?
        package var requestedTotalMemoryMB: Double?
        package var requestedCPUPercent: Double?
        package var assignedOnHeapMemoryMB: Double?
        package var assignedOffHeapMemoryMB: Double?

        package init() {}

        package init(
            owner: String, totalTopologies: Int32? = nil, totalExecutors: Int32? = nil, totalWorkers: Int32? = nil,
            memoryUsageMB: Double? = nil, cpuUsagePercent: Double? = nil, memoryGuaranteeMB: Double? = nil,
            cpuGuaranteePercent: Double? = nil, memoryGuaranteeRemainingMB: Double? = nil,
            cpuGuaranteeRemainingPercent: Double? = nil, isolatedNodeGuarantee: Int32? = nil,
            totalTasks: Int32? = nil, requestedOnHeapMemoryMB: Double? = nil, requestedOffHeapMemoryMB: Double? = nil,
            requestedTotalMemoryMB: Double? = nil, requestedCPUPercent: Double? = nil,
            assignedOnHeapMemoryMB: Double? = nil, assignedOffHeapMemoryMB: Double? = nil
        ) {
            self.owner = owner
            self.totalTopologies = totalTopologies
            self.totalExecutors = totalExecutors
            self.totalWorkers = totalWorkers
            self.memoryUsageMB = memoryUsageMB
            self.cpuUsagePercent = cpuUsagePercent
            self.memoryGuaranteeMB = memoryGuaranteeMB
            self.cpuGuaranteePercent = cpuGuaranteePercent
            self.memoryGuaranteeRemainingMB = memoryGuaranteeRemainingMB
            self.cpuGuaranteeRemainingPercent = cpuGuaranteeRemainingPercent
            self.isolatedNodeGuarantee = isolatedNodeGuarantee
            self.totalTasks = totalTasks
            self.requestedOnHeapMemoryMB = requestedOnHeapMemoryMB
            self.requestedOffHeapMemoryMB = requestedOffHeapMemoryMB
            self.requestedTotalMemoryMB = requestedTotalMemoryMB
            self.requestedCPUPercent = requestedCPUPercent
            self.assignedOnHeapMemoryMB = assignedOnHeapMemoryMB
            self.assignedOffHeapMemoryMB = assignedOffHeapMemoryMB
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "owner", \.owner),
            .optional(2, "total_topologies", \.totalTopologies),
            .optional(3, "total_executors", \.totalExecutors),
            .optional(4, "total_workers", \.totalWorkers),
            .optional(5, "memory_usage", \.memoryUsageMB),
            .optional(6, "cpu_usage", \.cpuUsagePercent),
            .optional(7, "memory_guarantee", \.memoryGuaranteeMB),
            .optional(8, "cpu_guarantee", \.cpuGuaranteePercent),
            .optional(9, "memory_guarantee_remaining", \.memoryGuaranteeRemainingMB),
            .optional(10, "cpu_guarantee_remaining", \.cpuGuaranteeRemainingPercent),
            .optional(11, "isolated_node_guarantee", \.isolatedNodeGuarantee),
            .optional(12, "total_tasks", \.totalTasks),
            .optional(13, "requested_on_heap_memory", \.requestedOnHeapMemoryMB),
            .optional(14, "requested_off_heap_memory", \.requestedOffHeapMemoryMB),
            .optional(15, "requested_total_memory", \.requestedTotalMemoryMB),
            .optional(16, "requested_cpu", \.requestedCPUPercent),
            .optional(17, "assigned_on_heap_memory", \.assignedOnHeapMemoryMB),
            .optional(18, "assigned_off_heap_memory", \.assignedOffHeapMemoryMB),
        ]
    }

    /// Ids of topologies a user may see, dead ones included.
    package struct TopologyHistoryInfo: ThriftStruct {
        package var topologyIDs: [String]?

        package init() {}

        package init(topologyIDs: [String]? = nil) {
            self.topologyIDs = topologyIDs
        }

        package static let fields: [ThriftField<Self>] = [
            .optional(1, "topo_ids", \.topologyIDs)
        ]
    }
}
