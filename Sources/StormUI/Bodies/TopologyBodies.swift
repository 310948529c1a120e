import StormCore
import StormThrift

/// `topology/summary`, `topology/{id}` and `topology-workers/{id}`.
struct TopologyBodies {
    private let settings: UISettings
    private let links: LogLinks

    init(_ settings: UISettings) {
        self.settings = settings
        links = LogLinks(port: settings.logviewerPort)
    }

    // MARK: all topologies

    func summary(_ topologies: [Thrift.TopologySummary]) -> ConfigValue {
        ["topologies": rows(topologies), "schedulerDisplayResource": false]
    }

    func rows(_ topologies: [Thrift.TopologySummary]) -> ConfigValue { .list(topologies.map(row)) }

    private func row(_ topology: Thrift.TopologySummary) -> ConfigValue {
        let entries: Entries = [
            "id": .string(topology.id), "encodedId": .string(RestText.encoded(topology.id)),
            "name": .string(topology.name), "owner": .text(topology.owner), "status": .string(topology.status),
            "tasksTotal": .count(topology.numTasks), "workersTotal": .count(topology.numWorkers),
            "executorsTotal": .count(topology.numExecutors),
            "replicationCount": .count(topology.replicationCount),
            "schedulerInfo": .text(topology.schedStatus),
            "requestedTotalMem": .sum(topology.requestedMemOnHeapMB, topology.requestedMemOffHeapMB),
            "assignedTotalMem": .sum(topology.assignedMemOnHeapMB, topology.assignedMemOffHeapMB),
            "requestedGenericResources": .string(RestText.resources(topology.requestedGenericResources)),
            "assignedGenericResources": .string(RestText.resources(topology.assignedGenericResources)),
            "topologyVersion": .text(topology.topologyVersion),
            "stormVersion": .text(topology.stormVersion),
        ]
        let requested = resourceEntries(
            "requested", onHeap: topology.requestedMemOnHeapMB, offHeap: topology.requestedMemOffHeapMB,
            cpu: topology.requestedCPUPercent)
        let assigned = resourceEntries(
            "assigned", onHeap: topology.assignedMemOnHeapMB, offHeap: topology.assignedMemOffHeapMB,
            cpu: topology.assignedCPUPercent)
        return .map(entries.adding(uptimeEntries(topology.uptimeSecs)).adding(requested).adding(assigned))
    }

    func workers(_ info: Thrift.TopologyInfo) -> ConfigValue {
        let places = Set(info.executors.map { Place(host: $0.host, port: $0.port) }).sorted()
        return [
            "hostPortList": .list(places.map { ["host": .string($0.host), "port": .count($0.port)] }),
            "logviewerPort": .int(settings.logviewerPort), "logviewerScheme": "http",
        ]
    }

    private struct Place: Hashable, Comparable {
        let host: String
        let port: Int32

        static func < (a: Place, b: Place) -> Bool { (a.host, a.port) < (b.host, b.port) }
    }

    // MARK: one topology

    /// - Throws: when the configuration is no JSON.
    func page(_ page: Thrift.TopologyPageInfo, window: String) throws -> ConfigValue {
        let configuration = try JSONText.value(page.topologyConf ?? "{}")
        var timeout = ConfigValue.int(30)
        if case .map(let entries) = configuration, let set = entries["topology.message.timeout.secs"] { timeout = set }
        let entries: Entries = [
            "id": .string(page.id), "encodedId": .string(RestText.encoded(page.id)),
            "owner": .text(page.owner), "name": .text(page.name), "status": .text(page.status),
            "tasksTotal": .count(page.numTasks), "workersTotal": .count(page.numWorkers),
            "executorsTotal": .count(page.numExecutors), "replicationCount": .count(page.replicationCount),
            "schedulerInfo": .text(page.schedStatus), "topologyVersion": .text(page.topologyVersion),
            "stormVersion": .text(page.stormVersion), "window": .string(window),
            "windowHint": .string(RestText.window(window)), "user": .null, "msgTimeout": timeout,
            "configuration": configuration, "debug": .bool(page.debugOptions?.enable ?? false),
            "samplingPct": .double(page.debugOptions?.samplingPercent ?? 10), "schedulerDisplayResource": false,
            "bugtracker-url": .text(settings.bugtrackerURL),
            "central-log-url": .text(settings.centralLogURL), "visualizationTable": [],
            "topologyStats": Self.stats(page.topologyStats),
            "workers": .list((page.workers ?? []).map { WorkerRow(links).value($0) }),
            "spouts": components(page.idToSpoutAggStats, page.id, name: "spoutId"),
            "bolts": components(page.idToBoltAggStats, page.id, name: "boltId"),
        ]
        return .map(entries.adding(uptimeEntries(page.uptimeSecs)).adding(Self.resources(page)))
    }

    private static func resources(_ page: Thrift.TopologyPageInfo) -> Entries {
        let entries: Entries = [
            "requestedTotalMem": .sum(page.requestedMemOnHeapMB, page.requestedMemOffHeapMB),
            "assignedTotalMem": .sum(page.assignedMemOnHeapMB, page.assignedMemOffHeapMB),
            "requestedRegularOnHeapMem": .number(page.requestedRegularOnHeapMemoryMB),
            "requestedSharedOnHeapMem": .number(page.requestedSharedOnHeapMemoryMB),
            "requestedRegularOffHeapMem": .number(page.requestedRegularOffHeapMemoryMB),
            "requestedSharedOffHeapMem": .number(page.requestedSharedOffHeapMemoryMB),
            "assignedRegularOnHeapMem": .number(page.assignedRegularOnHeapMemoryMB),
            "assignedSharedOnHeapMem": .number(page.assignedSharedOnHeapMemoryMB),
            "assignedRegularOffHeapMem": .number(page.assignedRegularOffHeapMemoryMB),
            "assignedSharedOffHeapMem": .number(page.assignedSharedOffHeapMemoryMB),
            "requestedGenericResources": .string(RestText.resources(page.requestedGenericResources)),
            "assignedGenericResources": .string(RestText.resources(page.assignedGenericResources)),
        ]
        return entries.adding(
            resourceEntries(
                "requested", onHeap: page.requestedMemOnHeapMB, offHeap: page.requestedMemOffHeapMB,
                cpu: page.requestedCPUPercent)
        ).adding(
            resourceEntries(
                "assigned", onHeap: page.assignedMemOnHeapMB, offHeap: page.assignedMemOffHeapMB,
                cpu: page.assignedCPUPercent))
    }

    private static func stats(_ stats: Thrift.TopologyStats?) -> ConfigValue {
        .list(
            StatisticsWindows.order.map { window in
                [
                    "window": .string(window), "windowPretty": .string(RestText.window(window)),
                    "emitted": .count(stats?.windowToEmitted?[window]),
                    "transferred": .count(stats?.windowToTransferred?[window]),
                    "completeLatency": .decimal(stats?.windowToCompleteLatenciesMs?[window] ?? 0),
                    "acked": .count(stats?.windowToAcked?[window]),
                    "failed": .count(stats?.windowToFailed?[window]),
                ]
            })
    }

    private func components(
        _ components: [String: Thrift.ComponentAggregateStats]?, _ topologyID: String, name: String
    ) -> ConfigValue {
        let encodedName = "encoded\(name.prefix(1).uppercased())\(name.dropFirst())"
        let rows = (components ?? [:]).sorted { $0.key < $1.key }.map { id, stats in
            let entries: Entries = [
                name: .string(id), encodedName: .string(RestText.encoded(id)),
                "executors": .count(stats.commonStats?.numExecutors),
                "tasks": .count(stats.commonStats?.numTasks), "requestedGenericResourcesComp": "",
            ]
            let resources = resourceEntries("requested", onHeap: nil, offHeap: nil, cpu: nil)
            return ConfigValue.map(
                entries.adding(StatsEntries.counts(stats)).adding(StatsEntries.specific(stats)).adding(resources)
                    .adding(ErrorEntries(links, topologyID).last(stats.lastError)))
        }
        return .list(rows)
    }
}
