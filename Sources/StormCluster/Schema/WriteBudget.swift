/// The writes per second that a cluster of any size may cost its coordination store while nothing happens, and the pace
/// that keeps it there. Pure.
///
/// Liveness is the session and its ephemeral node: no writes. What is left in the steady state are the workers' numbers,
/// one write each per interval; so the interval grows with the number of workers:
///
/// | workers | interval at least | writes/s at most |
/// |---|---|---|
/// | 1 | 1 s (60 s by default) | 1 (0.02) |
/// | 100 | 2 s (60 s by default) | 50 (1.7) |
/// | 1 000 | 14 s (60 s by default) | 72 (17) |
/// | 10 000 | 134 s | 75 |
package enum WriteBudget {
    /// All writes of the steady state together stay below this, per second.
    package static let totalPerSecond = 100
    /// For the workers' numbers; the rest is for errors, restarts and whatever else happens meanwhile.
    package static let beatsPerSecond = 75
    /// However large the cluster: numbers are never older than this.
    package static let beatSecondsMax = 3600

    /// The least interval of so many workers that keeps within the budget.
    package static func beatSeconds(workers: Int) -> Int {
        min(beatSecondsMax, max(1, (workers + beatsPerSecond - 1) / beatsPerSecond))
    }

    /// The pace to publish in place of `current`; nil: that will do. It is slowed down at once, by a fifth more than is
    /// needed, so that a growing cluster does not need a new one for each worker; it is hurried only when it is twice as
    /// slow as it need be.
    package static func change(_ current: PaceRecord?, workers: Int) -> PaceRecord? {
        let needed = beatSeconds(workers: workers)
        guard let current else {
            // Without a record workers go by their topology's wish; a cluster of one needs none.
            return needed > 1 ? PaceRecord(beatSeconds: needed, workers: workers) : nil
        }
        var next = current
        next.workers = workers
        if needed > current.beatSeconds {
            next.beatSeconds = min(beatSecondsMax, needed + needed / 5)
        } else if needed * 2 <= current.beatSeconds {
            next.beatSeconds = needed
        } else {
            return nil
        }
        return next
    }

    /// Writes per second in the steady state, by who makes them.
    ///
    /// - Parameters:
    ///   - topologySeconds: `executor.metrics.frequency.secs` of the topologies.
    package static func steadyState(
        supervisors: Int, workers: Int, topologies: Int, topologySeconds: Int = 60
    ) -> [String: Double] {
        let interval = max(topologySeconds, beatSeconds(workers: workers))
        return [
            "nimbus": 0, "supervisors": 0, "topologies": 0,
            "workers": workers == 0 ? 0 : Double(workers) / Double(max(1, interval)),
        ]
    }
}
