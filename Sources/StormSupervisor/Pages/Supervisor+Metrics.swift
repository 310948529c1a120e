internal import StormCluster
internal import StormCore
internal import StormMetrics
internal import StormProcess
internal import StormRuntime

extension Supervisor {
    /// `/metrics`.
    func metrics() -> Page {
        var sheet = MetricSheet()
        sheet.addProcess(
            .read(), daemon: "supervisor", version: configuration.stormVersion, isReady: readiness().isReady,
            epochMilliseconds: time.epochMilliseconds())
        sheet.add(state.store.traffic)
        sheet.add(SupervisorMetrics.slots, [], configuration.ports.count)
        let phases = seats.values.compactMap(\.slot.phase.metricName)
        sheet.add(SupervisorMetrics.slotsUsed, [], phases.count)
        for name in ["downloading", "starting", "running", "stopping", "killing", "left", "backing_off"] {
            sheet.add(SupervisorMetrics.workers, [name], phases.count { $0 == name })
        }
        sheet.add(SupervisorMetrics.starts, [], counts.starts)
        for kind in ["success", "error", "signal", "unknown"] {
            sheet.add(SupervisorMetrics.exits, [kind], counts.exits[kind] ?? 0)
        }
        for kind in ["exit", "signal", "hung", "launch", "download"] {
            sheet.add(SupervisorMetrics.failures, [kind], counts.failures[kind] ?? 0)
        }
        sheet.add(SupervisorMetrics.downloads, [], counts.downloads)
        sheet.add(SupervisorMetrics.downloadFailures, [], counts.downloadFailures)
        sheet.add(SupervisorMetrics.draining, [], isDraining)
        return Page(contentType: MetricSheet.contentType, body: Array(sheet.text().utf8))
    }
}
