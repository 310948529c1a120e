/// When a worker that ended by itself is started again, and how long one may take to stop.
package struct RestartPolicy: Hashable, Sendable {
    /// The wait before the second restart; it doubles with each further one.
    package var firstDelay: Duration = .milliseconds(100)
    package var delayMax: Duration = .seconds(60)
    /// A worker that ran this long is stable: what happened before it is forgotten.
    package var stableAfter: Duration = .seconds(60)
    /// Between SIGTERM and SIGKILL (`supervisor.worker.shutdown.sleep.secs`).
    package var stopGrace: Duration = .seconds(3)
    /// From a worker's orderly end to its restart, unless it turns out by then that it is not wanted any more.
    package var leftGrace: Duration = .seconds(1)
    /// SIGKILL is repeated at this pace until the process is gone.
    package var killInterval: Duration = .seconds(5)
    /// The wait before a failed download is tried again; doubles up to `delayMax`.
    package var downloadDelay: Duration = .seconds(1)

    package init() {}

    /// The wait before the restart after the n-th failure in a row:
    ///
    /// | failure | 1 | 2 | 3 | 4 | 5 | 6 | ... | 10 | 11 | 12 ... |
    /// |---|---|---|---|---|---|---|---|---|---|---|
    /// | seconds (defaults) | 0 | 0.1 | 0.2 | 0.4 | 0.8 | 1.6 | ... | 25.6 | 51.2 | 60 |
    ///
    /// No jitter: nothing is shared between the machines that restart.
    package func restartDelay(failures: Int) -> Duration {
        failures <= 1 ? .zero : Self.doubled(firstDelay, failures - 2, max: delayMax)
    }

    /// The wait before download number `attempt + 1`.
    package func downloadDelay(attempt: Int) -> Duration {
        Self.doubled(downloadDelay, attempt - 1, max: delayMax)
    }

    private static func doubled(_ delay: Duration, _ times: Int, max limit: Duration) -> Duration {
        // 20 doublings of a millisecond are 17 minutes: beyond every sensible limit, and far from an overflow.
        min(delay * (1 << min(max(times, 0), 20)), limit)
    }
}
