import StormCore

/// What a run showed: the one JSON object on stdout.
struct RunResult: Codable, Sendable {
    struct Latency: Codable, Sendable {
        var p50 = 0.0
        var p90 = 0.0
        var p99 = 0.0
        var p999 = 0.0
        var max = 0.0

        /// In microseconds.
        init(_ histogram: LatencyHistogram) {
            func microseconds(_ nanoseconds: Int64) -> Double { (Double(nanoseconds) / 100).rounded() / 10 }
            p50 = microseconds(histogram.quantile(0.5))
            p90 = microseconds(histogram.quantile(0.9))
            p99 = microseconds(histogram.quantile(0.99))
            p999 = microseconds(histogram.quantile(0.999))
            max = microseconds(histogram.maxNanoseconds)
        }
    }

    var topology: String
    var acking: Bool
    var workers: Int
    var seconds: Double
    var tuplesPerSecond: Double
    var ackedPerSecond: Double
    var failed: Int
    var cpuSeconds: Double
    var tuplesPerCPUSecond: Double
    var latencyMicroseconds: Latency?
    /// From when a message was due; only with a rate.
    var scheduleLatencyMicroseconds: Latency?
    var residentBytes: [Int]
    var peakResidentBytes: [Int]
    var wireBytesPerTuple: Double
    var wireBytesPerSecond: Double
    var allocationsPerTuple: Double

    enum CodingKeys: String, CodingKey {
        case topology, acking, workers, seconds, failed
        case tuplesPerSecond = "tuples_per_second"
        case ackedPerSecond = "acked_per_second"
        case cpuSeconds = "cpu_seconds"
        case tuplesPerCPUSecond = "tuples_per_cpu_second"
        case latencyMicroseconds = "latency_us"
        case scheduleLatencyMicroseconds = "schedule_latency_us"
        case residentBytes = "rss_bytes"
        case peakResidentBytes = "peak_rss_bytes"
        case wireBytesPerTuple = "wire_bytes_per_tuple"
        case wireBytesPerSecond = "wire_bytes_per_second"
        case allocationsPerTuple = "allocations_per_tuple"
    }

    /// - Parameters: samples of all workers at both ends of the window, in the order of the workers.
    init(_ specification: RunSpecification, before: [Sample], after: [Sample]) {
        func change(_ value: (Sample) -> Double) -> Double {
            after.reduce(0) { $0 + value($1) } - before.reduce(0) { $0 + value($1) }
        }
        func counted(_ sample: Sample) -> Double {
            guard let measured = specification.shape.measured else { return Double(sample["spout"].emitted) }
            return Double(sample[measured].executed)
        }
        topology = specification.shape.rawValue
        acking = specification.acking
        workers = specification.workers
        seconds = change { Double($0.nanoseconds) } / 1e9 / Double(max(1, after.count))
        let tuples = change(counted)
        tuplesPerSecond = tuples / seconds
        ackedPerSecond = specification.acking ? change { Double($0["spout"].acked) } / seconds : 0
        failed = Int(change { Double($0["spout"].failed) })
        cpuSeconds = change(\.cpuSeconds)
        tuplesPerCPUSecond = cpuSeconds > 0 ? tuples / cpuSeconds : 0
        latencyMicroseconds = Self.latency(before, after, \.completeLatency)
        scheduleLatencyMicroseconds = Self.latency(before, after, \.scheduleLatency)
        residentBytes = after.map(\.residentBytes)
        peakResidentBytes = after.map(\.peakResidentBytes)
        wireBytesPerSecond = change { Double($0.wireBytesSent) } / seconds
        wireBytesPerTuple = tuples > 0 ? change { Double($0.wireBytesSent) } / tuples : 0
        allocationsPerTuple = tuples > 0 ? change { Double($0.allocations) } / tuples : 0
    }

    private static func latency(
        _ before: [Sample], _ after: [Sample], _ histogram: KeyPath<Sample, LatencyHistogram>
    ) -> Latency? {
        var all = LatencyHistogram()
        for (start, end) in zip(before, after) { all.merge(end[keyPath: histogram].since(start[keyPath: histogram])) }
        return all.count > 0 ? Latency(all) : nil
    }
}

extension Sample {
    fileprivate subscript(component: String) -> Component { components[component] ?? Component() }
}
