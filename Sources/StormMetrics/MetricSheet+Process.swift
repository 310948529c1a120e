package import StormCluster
package import StormCore
package import StormProcess

extension MetricSheet {
    /// What every page begins with.
    /// - Parameters:
    ///   - daemon: `nimbus`, `supervisor`, `worker`, `ui` or `logviewer`.
    ///   - epochMilliseconds: now.
    package mutating func addProcess(
        _ process: OwnProcess, daemon: String, version: String, isReady: Bool, epochMilliseconds: Int64
    ) {
        add(ProcessMetrics.build, [version, daemon], 1)
        add(ProcessMetrics.ready, [], isReady)
        add(ProcessMetrics.cpu, [], process.cpuSeconds)
        add(ProcessMetrics.resident, [], process.residentBytes)
        add(ProcessMetrics.virtual, [], process.virtualBytes)
        add(ProcessMetrics.threads, [], process.threads)
        add(ProcessMetrics.openFiles, [], process.openFiles)
        if let most = process.openFilesMax { add(ProcessMetrics.openFilesMax, [], most) }
        guard process.startTimeSeconds > 0 else { return }
        add(ProcessMetrics.startTime, [], process.startTimeSeconds)
        add(ProcessMetrics.uptime, [], max(0, Double(epochMilliseconds) / 1000 - process.startTimeSeconds))
    }

    package mutating func add(_ traffic: CoordinationTraffic) {
        for state in CoordinationTraffic.State.allCases {
            add(ZooKeeperMetrics.state, [state.rawValue], state == traffic.state)
        }
        add(ZooKeeperMetrics.sessions, [], traffic.sessions)
        add(ZooKeeperMetrics.writes, [], traffic.writes)
        for (name, operation) in traffic.operations {
            add(ZooKeeperMetrics.requests, [name], operation.count)
            add(ZooKeeperMetrics.failures, [name], operation.failures)
            add(
                ZooKeeperMetrics.latency, [name],
                Distribution(
                    bounds: CoordinationTraffic.latencyBounds, counts: operation.latencies, sum: operation.seconds))
        }
    }
}

extension Distribution {
    /// With `LatencyBounds.execute`.
    package init(_ latency: LatencyBuckets) {
        self.init(
            bounds: LatencyBounds.execute, counts: latency.counts, sum: Double(latency.totalNanoseconds) / 1e9)
    }

    /// - Parameters:
    ///   - totalNanoseconds: sum of all that is in the histogram.
    ///   - bounds: seconds.
    package init(_ histogram: LatencyHistogram, totalNanoseconds: Int64, bounds: [Double]) {
        self.init(
            bounds: bounds, counts: histogram.counts(upTo: bounds.map { Int64(($0 * 1e9).rounded()) }),
            sum: Double(totalNanoseconds) / 1e9)
    }
}
