import StormCore
import StormTopology

/// The complete latency of lately: of the last ten to twenty seconds, or of all time while there is nothing newer.
final class RecentLatency {
    private static let windowNanoseconds: Int64 = 10_000_000_000

    private var older = LatencyHistogram()
    private var newer = LatencyHistogram()
    private var nextMark: Int64 = 0

    /// Called in each slice; O(1) but for once in ten seconds.
    func look(at latency: inout CompleteLatency, now: Int64) {
        guard now >= nextMark else { return }
        nextMark = now + Self.windowNanoseconds
        older = newer
        newer = latency.summary().histogram
    }

    /// What 99 of 100 trees did not exceed, in nanoseconds; 0 when no tree has completed.
    func p99(_ latency: inout CompleteLatency) -> Int64 {
        let all = latency.summary().histogram
        let recent = all.since(older)
        return recent.count > 0 ? recent.quantile(0.99) : all.quantile(0.99)
    }
}
