/// Exponential waits with a cap and jitter.
///
/// Attempt 0 waits about `first`, each next one twice as long, never above `max`; the result is spread evenly over
/// 50–100 % of that so that a crowd of clients does not come back as one.
///
/// | attempt | first 100 ms, max 5 s |
/// |---|---|
/// | 0 | 50–100 ms |
/// | 3 | 400–800 ms |
/// | 6 and up | 2.5–5 s |
public struct Backoff: Hashable, Sendable {
    public var first: Duration
    public var max: Duration

    public init(first: Duration, max: Duration) {
        self.first = first
        self.max = max
    }

    /// The wait before attempt number `attempt` (from 0), given a random number in 0..<1.
    public func delay(attempt: Int, random: Double) -> Duration {
        let doubled = first * (1 << Swift.min(Swift.max(attempt, 0), 20))
        let capped = Swift.min(doubled, max)
        return capped * (0.5 + 0.5 * random)
    }
}
