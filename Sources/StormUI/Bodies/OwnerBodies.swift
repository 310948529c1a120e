import StormCore
import StormThrift

/// `owner-resources` and `owner-resources/{owner}`.
enum OwnerBodies {
    static func summary(_ owners: [Thrift.OwnerResourceSummary]) -> ConfigValue {
        ["schedulerDisplayResource": false, "owners": .list(owners.map { .map(entries($0)) })]
    }

    static func page(_ owner: Thrift.OwnerResourceSummary, _ topologies: ConfigValue) -> ConfigValue {
        .map(entries(owner).adding(["topologies": topologies, "schedulerDisplayResource": false]))
    }

    private static func entries(_ owner: Thrift.OwnerResourceSummary) -> Entries {
        func guarantee(_ value: Double?) -> ConfigValue { value.map { .double($0) } ?? "N/A" }
        let assigned = (owner.assignedOnHeapMemoryMB, owner.assignedOffHeapMemoryMB)
        return [
            "owner": .string(owner.owner), "totalTopologies": .count(owner.totalTopologies),
            "totalExecutors": .count(owner.totalExecutors), "totalWorkers": .count(owner.totalWorkers),
            "totalTasks": .count(owner.totalTasks), "totalMemoryUsage": .number(owner.memoryUsageMB),
            "totalCpuUsage": .number(owner.cpuUsagePercent), "memoryGuarantee": guarantee(owner.memoryGuaranteeMB),
            "cpuGuarantee": guarantee(owner.cpuGuaranteePercent),
            "memoryGuaranteeRemaining": guarantee(owner.memoryGuaranteeRemainingMB),
            "cpuGuaranteeRemaining": guarantee(owner.cpuGuaranteeRemainingPercent),
            "isolatedNodes": .int(Int(owner.isolatedNodeGuarantee ?? -1)),
            "totalReqOnHeapMem": .number(owner.requestedOnHeapMemoryMB),
            "totalReqOffHeapMem": .number(owner.requestedOffHeapMemoryMB),
            "totalReqMem": .number(owner.requestedTotalMemoryMB),
            "totalReqCpu": .number(owner.requestedCPUPercent), "totalAssignedOnHeapMem": .number(assigned.0),
            "totalAssignedOffHeapMem": .number(assigned.1),
        ]
    }
}
