import StormCore
import StormThrift

/// `cluster/summary` and `nimbus/summary`.
struct ClusterBodies {
    private let settings: UISettings
    private let links: LogLinks

    init(_ settings: UISettings) {
        self.settings = settings
        links = LogLinks(port: settings.nimbusLogPort)
    }

    func summary(_ cluster: Thrift.ClusterSummary) -> ConfigValue {
        let supervisors = cluster.supervisors
        func sum(_ number: (Thrift.SupervisorSummary) -> Int32) -> Int {
            supervisors.reduce(0) { $0 + Int(number($1)) }
        }
        func resource(_ number: (Thrift.SupervisorSummary) -> Double?) -> Double {
            supervisors.reduce(0) { $0 + (number($1) ?? 0) }
        }
        let (total, used) = (sum(\.numWorkers), sum(\.numUsedWorkers))
        let memory = (total: resource { $0.totalResources?["memory.mb"] }, used: resource(\.usedMemMB))
        let cpu = (total: resource { $0.totalResources?["cpu.pcore.percent"] }, used: resource(\.usedCPUPercent))
        let executors = cluster.topologies.reduce(0) { $0 + Int($1.numExecutors) }
        let tasks = cluster.topologies.reduce(0) { $0 + Int($1.numTasks) }
        return .map([
            "user": .null, "stormVersion": .string(settings.version), "stormVersionInfo": versionInfo,
            "supervisors": .int(supervisors.count), "topologies": .int(cluster.topologies.count),
            "slotsTotal": .int(total), "slotsUsed": .int(used), "slotsFree": .int(total - used),
            "executorsTotal": .int(executors),
            "tasksTotal": .int(tasks),
            "totalMem": .double(memory.total), "availMem": .double(memory.total - memory.used),
            "totalCpu": .double(cpu.total), "availCpu": .double(cpu.total - cpu.used),
            "fragmentedMem": .double(resource(\.fragmentedMemMB)),
            "fragmentedCpu": .double(resource(\.fragmentedCPUPercent)),
            "memAssignedPercentUtil": percent(memory.used, of: memory.total),
            "cpuAssignedPercentUtil": percent(cpu.used, of: cpu.total),
            "totalGenerics": "", "availGenerics": "", "schedulerDisplayResource": false,
            "bugtracker-url": .text(settings.bugtrackerURL),
            "central-log-url": .text(settings.centralLogURL),
        ])
    }

    private var versionInfo: ConfigValue {
        [
            "version": .string(settings.version), "revision": "Unknown", "branch": "Unknown", "date": "Unknown",
            "srcChecksum": "Unknown",
        ]
    }

    private func percent(_ used: Double, of total: Double) -> ConfigValue {
        total > 0 ? .decimal(used * 100 / total) : "0.0"
    }

    func nimbuses(_ nimbuses: [Thrift.NimbusSummary]) -> ConfigValue {
        let rows = nimbuses.map { nimbus in
            ConfigValue.map([
                "host": .string(nimbus.host), "port": .count(nimbus.port),
                "status": nimbus.isLeader ? "Leader" : "Not a Leader", "version": .string(nimbus.version),
                "nimbusUpTimeSeconds": .count(nimbus.uptimeSecs),
                "nimbusUpTime": .string(RestText.uptime(Int(nimbus.uptimeSecs))),
                "nimbusLogLink": links.daemon(nimbus.host, "nimbus.log"),
            ])
        }
        return ["nimbuses": .list(rows)]
    }
}
