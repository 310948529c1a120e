import StormCluster
import StormCore
import StormMetrics
import StormProcess
import StormRuntime

extension Nimbus {
    /// `/metrics`. What concerns the whole cluster is on the leader's page only: it knows it from its rounds, so that a
    /// look costs ZooKeeper nothing.
    func metrics() async -> Page {
        var sheet = MetricSheet()
        let now = time.epochMilliseconds()
        let state = pulse.current
        let isLeading = isLeading
        sheet.addProcess(
            .read(), daemon: "nimbus", version: configuration.stormVersion, isReady: await readiness().isReady,
            epochMilliseconds: now)
        let traffic = self.state.store.traffic
        sheet.add(traffic)
        sheet.add(NimbusMetrics.leader, [], isLeading)
        if isLeading, let cluster = state.cluster { cluster.add(to: &sheet, epochMilliseconds: now) }
        if let nimbuses = await nimbusCount(traffic) { sheet.add(NimbusMetrics.nimbuses, [], nimbuses) }
        if let local = await localBlobCount() { sheet.add(NimbusMetrics.localBlobs, [], local) }
        sheet.add(NimbusMetrics.rounds, [], state.rounds)
        sheet.add(NimbusMetrics.roundFailures, [], state.roundFailures)
        sheet.add(NimbusMetrics.scheduling, [], state.scheduling)
        sheet.add(NimbusMetrics.leaderships, [], state.leaderships)
        for (method, calls) in state.calls {
            sheet.add(NimbusMetrics.calls, [method], calls.count)
            sheet.add(NimbusMetrics.callErrors, [method], calls.errors)
        }
        sheet.add(NimbusMetrics.callLatency, [], state.callLatency)
        return Page(contentType: MetricSheet.contentType, body: Array(sheet.text().utf8))
    }

    private func nimbusCount(_ traffic: CoordinationTraffic) async -> Int? {
        guard traffic.isConnected else { return nil }
        // Without an answer the metric is left out.
        return try? await state.nimbuses.ids().count
    }

    private func localBlobCount() async -> Int? {
        // A disk that does not answer leaves the metric out.
        try? await directory.all().count
    }
}
