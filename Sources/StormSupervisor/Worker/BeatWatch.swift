/// How long a worker has given no sign of life. A value: no I/O, no clock.
///
/// A worker touches a file; each look tells its time of change, whose value means nothing: only that it is another one
/// than before. So clocks that jump harm nobody. Silence counts only while somebody listened: however long the last look
/// is ago, it adds at most ``lookMax``. A pause of the whole machine, or of the supervisor alone, is forgiven thereby, and
/// after it the workers have nearly all of their time to be heard again.
package struct BeatWatch: Hashable, Sendable {
    package struct Limits: Hashable, Sendable {
        /// Until the first sign of life (`supervisor.worker.start.timeout.secs`).
        package var first: Duration
        /// Between two later ones (`supervisor.worker.timeout.secs`).
        package var later: Duration

        package init(first: Duration, later: Duration) {
            self.first = first
            self.later = later
        }
    }

    /// The file's time while nobody has touched it.
    static let untouched: Int64 = 0

    package let limits: Limits
    package let lookMax: Duration
    private var stamp: Int64?
    private var hasBeaten = false
    private var lookedAt: Duration?
    package private(set) var silence: Duration = .zero

    /// - Parameter lookMax: a little more than the time between two looks.
    package init(limits: Limits, lookMax: Duration) {
        self.limits = limits
        self.lookMax = lookMax
    }

    /// - Parameters:
    ///   - stamp: the file's time of change; nil when there is no file: a worker that an older program started does not
    ///     make one, and nothing can be said of it.
    ///   - now: on a clock that never goes back.
    /// - Returns: whether the worker counts as hung.
    package mutating func look(stamp: Int64?, now: Duration) -> Bool {
        let passed = lookedAt.map { min(now - $0, lookMax) } ?? .zero
        lookedAt = now
        guard let stamp else { return false }
        if stamp != Self.untouched, stamp != self.stamp {
            self.stamp = stamp
            hasBeaten = true
            silence = .zero
        } else {
            silence += passed
        }
        return silence >= (hasBeaten ? limits.later : limits.first)
    }
}
