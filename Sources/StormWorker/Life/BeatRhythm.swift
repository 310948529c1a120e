package import StormCluster

/// When a worker writes its numbers. A value: no clock, no I/O.
///
/// Every interval of its topology (`executor.metrics.frequency.secs`), or of the cluster's pace where that is slower. The
/// first ones come sooner, so that a new worker's numbers are soon seen. Each worker's interval is up to a quarter longer
/// or shorter than that, so that workers that were started together do not write together for ever.
package struct BeatRhythm: Hashable, Sendable {
    private let wish: Duration
    /// -0.25...0.25, another one for each worker.
    private let deviation: Double
    private var pace = Duration.zero
    private var last: Duration?

    /// - Parameters:
    ///   - wish: the topology's interval.
    ///   - worker: a name that no other worker has.
    package init(wish: Duration, worker: String) {
        self.wish = wish
        // FNV-1a: the same in each life of the worker, so that a run can be repeated.
        let hash = worker.utf8.reduce(14_695_981_039_346_656_037 as UInt64) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
        deviation = Double((hash >> 32) % 1001) / 2000 - 0.25
    }

    /// Of a worker at work.
    package var interval: Duration { max(wish, pace) }

    /// - Parameter published: the cluster's pace as it is now; nil: not known, the last one counts.
    /// - Returns: the time until the next write.
    package mutating func next(_ published: PaceRecord?) -> Duration {
        if let published { pace = .seconds(published.beatSeconds) }
        let first = min(interval, max(.seconds(5), interval / 12))
        let pause = last.map { min(interval, $0 * 2) } ?? first
        last = pause
        return pause * (1 + deviation)
    }
}
