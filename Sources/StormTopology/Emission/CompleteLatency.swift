package import StormCore

/// Complete latencies of a spout task. Trees that were started in one slice and end in one batch have the same latency:
/// these are counted first and recorded together.
@usableFromInline package struct CompleteLatency {
    @usableFromInline var last: Int64 = -1
    @usableFromInline var times = 0
    private var histogram = LatencyHistogram()
    private var total: Int64 = 0

    package init() {}

    @inlinable
    package mutating func add(_ nanoseconds: Int64) {
        if nanoseconds != last { settle() }
        last = nanoseconds
        times &+= 1
    }

    @usableFromInline
    mutating func settle() {
        guard times > 0 else { return }
        histogram.record(last, times: times)
        total += last * Int64(times)
        times = 0
    }

    /// Sum and spread of all so far.
    package mutating func summary() -> (totalNanoseconds: Int64, histogram: LatencyHistogram) {
        settle()
        return (total, histogram)
    }
}
