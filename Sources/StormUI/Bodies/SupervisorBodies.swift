import StormCore
import StormThrift

/// `supervisor/summary` and `supervisor?id=` or `?host=`.
struct SupervisorBodies {
    private let settings: UISettings
    private let links: LogLinks

    init(_ settings: UISettings) {
        self.settings = settings
        links = LogLinks(port: settings.logviewerPort)
    }

    private var frame: Entries {
        [
            "schedulerDisplayResource": false, "logviewerPort": .int(settings.logviewerPort),
            "logviewerScheme": "http",
        ]
    }

    func summary(_ supervisors: [Thrift.SupervisorSummary]) -> ConfigValue {
        .map(frame.adding(["supervisors": .list(supervisors.map(row))]))
    }

    func page(_ page: Thrift.SupervisorPageInfo) -> ConfigValue {
        .map(
            frame.adding([
                "supervisors": .list((page.supervisorSummaries ?? []).map(row)),
                "workers": .list((page.workerSummaries ?? []).map { WorkerRow(links).value($0) }),
            ]))
    }

    private func row(_ supervisor: Thrift.SupervisorSummary) -> ConfigValue {
        let memory = supervisor.totalResources?["memory.mb"] ?? 0
        let cpu = supervisor.totalResources?["cpu.pcore.percent"] ?? 0
        let entries: Entries = [
            "id": .string(supervisor.supervisorID), "host": .string(supervisor.host),
            "blacklisted": .bool(supervisor.blacklisted ?? false), "slotsTotal": .count(supervisor.numWorkers),
            "slotsUsed": .count(supervisor.numUsedWorkers),
            "slotsFree": .int(Int(supervisor.numWorkers) - Int(supervisor.numUsedWorkers)),
            "totalMem": .double(memory), "usedMem": .number(supervisor.usedMemMB),
            "availMem": .double(memory - (supervisor.usedMemMB ?? 0)), "totalCpu": .double(cpu),
            "usedCpu": .number(supervisor.usedCPUPercent),
            "availCpu": .double(cpu - (supervisor.usedCPUPercent ?? 0)),
            "totalGenericResources": .string(RestText.resources(supervisor.totalResources)),
            "usedGenericResources": .string(RestText.resources(supervisor.usedGenericResources)),
            "availGenericResources": .string(RestText.resources(supervisor.totalResources)),
            "version": .string(supervisor.version ?? "VERSION_NOT_PROVIDED"),
            "logLink": links.daemon(supervisor.host, "supervisor.log"),
        ]
        return .map(entries.adding(uptimeEntries(supervisor.uptimeSecs)))
    }
}

/// A worker, in the pages of supervisors and of topologies.
struct WorkerRow {
    private let links: LogLinks

    init(_ links: LogLinks) { self.links = links }

    func value(_ worker: Thrift.WorkerSummary) -> ConfigValue {
        let entries: Entries = [
            "supervisorId": .text(worker.supervisorID), "host": .text(worker.host),
            "port": .count(worker.port), "topologyId": .text(worker.topologyID),
            "topologyName": .text(worker.topologyName), "executorsTotal": .count(worker.numExecutors),
            "componentNumTasks": .map((worker.componentToNumTasks ?? [:]).mapValues { .int(Int($0)) }),
            "workerLogLink": links.worker(worker.host ?? "", worker.port ?? 0, worker.topologyID ?? ""),
            "owner": .text(worker.owner),
        ]
        return .map(
            entries.adding(uptimeEntries(worker.uptimeSecs)).adding(
                resourceEntries(
                    "assigned", onHeap: worker.assignedMemOnHeapMB, offHeap: worker.assignedMemOffHeapMB,
                    cpu: worker.assignedCPUPercent)))
    }
}
