import StormCore
import StormThrift

/// `topology/{id}/component/{component}`.
struct ComponentBodies {
    private let links: LogLinks
    private let window: String

    init(_ settings: UISettings, window: String) {
        self.window = window
        links = LogLinks(port: settings.logviewerPort)
    }

    func page(_ page: Thrift.ComponentPageInfo) -> ConfigValue {
        let topologyID = page.topologyID ?? ""
        let errors = (page.errors ?? []).sorted { $0.errorTimeSecs < $1.errorTimeSecs }
        let entries: Entries = [
            "user": .null, "id": .string(page.componentID), "encodedId": .string(RestText.encoded(page.componentID)),
            "name": .text(page.topologyName), "topologyId": .string(topologyID),
            "encodedTopologyId": .string(RestText.encoded(topologyID)),
            "topologyStatus": .text(page.topologyStatus),
            "componentType": page.componentType == .spout ? "spout" : "bolt", "window": .string(window),
            "windowHint": .string(RestText.window(window)), "executors": .count(page.numExecutors),
            "tasks": .count(page.numTasks), "requestedGenericResources": "",
            "debug": .bool(page.debugOptions?.enable ?? false),
            "samplingPct": .double(page.debugOptions?.samplingPercent ?? 10), "schedulerDisplayResource": false,
            "profilingAndDebuggingCapable": false, "profileActionEnabled": false,
            "profilerActive": [],
            "componentErrors": .list(errors.map { ErrorEntries(links, topologyID).full($0) }),
            "outputStats": outputs(page),
            "executorStats": .list((page.execStats ?? []).map { executor($0, topologyID) }),
        ]
        let resources = resourceEntries("requested", onHeap: nil, offHeap: nil, cpu: nil)
        let own: Entries =
            page.componentType == .spout
            ? ["spoutSummary": windows(page)] : ["boltStats": windows(page), "inputStats": inputs(page)]
        return .map(entries.adding(resources).adding(own))
    }

    private func windows(_ page: Thrift.ComponentPageInfo) -> ConfigValue {
        .list(
            StatisticsWindows.order.map { window in
                let stats = page.windowToStats?[window] ?? Thrift.ComponentAggregateStats()
                var entries: Entries = ["window": .string(window), "windowPretty": .string(RestText.window(window))]
                entries = entries.adding(StatsEntries.counts(stats)).adding(StatsEntries.specific(stats))
                if case .spout(let spout) = stats.specificStats {
                    // A number here, and nowhere else: that is how Storm has it.
                    entries["completeLatency"] = .number(spout.completeLatencyMs)
                    entries["lastError"] = .string(String((stats.lastError?.error ?? "").prefix(200)))
                }
                return .map(entries)
            })
    }

    private func inputs(_ page: Thrift.ComponentPageInfo) -> ConfigValue {
        .list(
            (page.gsidToInputStats ?? [:]).sorted { $0.key < $1.key }.map { stream, stats in
                var entries = StatsEntries.specific(stats).adding([
                    "component": .string(stream.componentID),
                    "encodedComponentId": .string(RestText.encoded(stream.componentID)),
                    "stream": .string(stream.streamID), "acked": .count(stats.commonStats?.acked),
                    "failed": .count(stats.commonStats?.failed),
                ])
                entries.removeValue(forKey: "capacity")
                return .map(entries)
            })
    }

    private func outputs(_ page: Thrift.ComponentPageInfo) -> ConfigValue {
        .list(
            (page.sidToOutputStats ?? [:]).sorted { $0.key < $1.key }.map { stream, stats in
                var entries = StatsEntries.counts(stats).adding(["stream": .string(stream)])
                if case .spout(let spout) = stats.specificStats {
                    entries["completeLatency"] = .decimal(spout.completeLatencyMs)
                } else {
                    entries.removeValue(forKey: "acked")
                    entries.removeValue(forKey: "failed")
                }
                return .map(entries)
            })
    }

    private func executor(_ executor: Thrift.ExecutorAggregateStats, _ topologyID: String) -> ConfigValue {
        let summary = executor.execSummary ?? Thrift.ExecutorSummary()
        let stats = executor.stats ?? Thrift.ComponentAggregateStats()
        let id = "[\(summary.executorInfo.taskStart)-\(summary.executorInfo.taskEnd)]"
        let entries: Entries = [
            "id": .string(id), "encodedId": .string(RestText.encoded(id)), "host": .string(summary.host),
            "port": .count(summary.port), "workerLogLink": links.worker(summary.host, summary.port, topologyID),
        ]
        return .map(
            entries.adding(uptimeEntries(summary.uptimeSecs)).adding(StatsEntries.counts(stats))
                .adding(StatsEntries.specific(stats)))
    }
}
