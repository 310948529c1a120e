import StormCluster
import StormCore
import StormMetrics
import StormProcess
import StormRuntime

/// `/metrics`: Prometheus' text format; the names are in `StormMetrics`.
struct MetricsPage: WorkerPage {
    static let path = "/metrics"
    static let title = "for Prometheus"

    func page(_ view: WorkerView, query: [String: String]) async -> Page {
        async let counted = view.engine.statistics()
        async let noted = view.engine.journals()
        let (statistics, journals) = await (counted, noted)
        var sheet = MetricSheet()
        sheet.addProcess(
            .read(), daemon: "worker", version: view.version, isReady: view.status.current == .running,
            epochMilliseconds: view.clock.epochMilliseconds())
        sheet.add(view.storeTraffic())
        add(view, silent: view.silentTasks(besides: journals.map(\.task)).count, to: &sheet)
        var components = ComponentSheet(topology: view.topologyName)
        for task in statistics { components.add(task, to: &sheet) }
        for journal in journals { components.add(journal, to: &sheet) }
        for executor in view.engine.busy { components.add(executor, to: &sheet) }
        return Page(contentType: MetricSheet.contentType, body: Array(sheet.text().utf8))
    }

    private func add(_ view: WorkerView, silent: Int, to sheet: inout MetricSheet) {
        let topology = view.topologyName
        sheet.add(WorkerMetrics.info, [topology, view.topologyID, view.host, "\(view.port)", view.node], 1)
        let current = view.status.current
        for state in [WorkerState.starting, .running, .draining] {
            sheet.add(WorkerMetrics.state, [topology, state.rawValue], state == current)
        }
        sheet.add(WorkerMetrics.executors, [topology], view.engine.busy.count)
        sheet.add(WorkerMetrics.silent, [topology], silent)
        let dropped = view.dropped
        for reason in DropReason.ofWorkers {
            sheet.add(WorkerMetrics.dropped, [topology, reason.rawValue], dropped[reason.rawValue] ?? 0)
        }
        guard let traffic = view.traffic() else { return }
        sheet.add(WorkerMetrics.peers, [topology, "open"], traffic.peersOpen)
        sheet.add(WorkerMetrics.peers, [topology, "waiting"], traffic.peersWaiting)
        sheet.add(WorkerMetrics.reconnects, [topology], traffic.reconnects)
        sheet.add(WorkerMetrics.unconfirmedBytes, [topology], traffic.bytesUnconfirmed)
        for (metric, sent, received) in [
            (WorkerMetrics.bytes, traffic.bytesSent, traffic.bytesReceived),
            (WorkerMetrics.frames, traffic.framesSent, traffic.framesReceived),
            (WorkerMetrics.tuples, traffic.tuplesSent, traffic.tuplesReceived),
        ] {
            sheet.add(metric, [topology, "sent"], sent)
            sheet.add(metric, [topology, "received"], received)
        }
    }
}

extension WorkerView {
    /// The id without the number and time of its submission: `wc` of `wc-1-1700000000`. Keeps series together over
    /// submissions.
    var topologyName: String {
        let parts = topologyID.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count > 2, parts.suffix(2).allSatisfy({ Int($0) != nil }) else { return topologyID }
        return parts.dropLast(2).joined(separator: "-")
    }
}
