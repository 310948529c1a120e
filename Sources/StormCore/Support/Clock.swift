/// Time as the engine and the daemons see it; simulation puts its own in.
///
/// Everything that waits, times out or stamps takes a `TimeSource` from outside, so that a run can be repeated from a seed.
public protocol TimeSource: Sendable {
    /// Nanoseconds of a clock that never goes back; its zero means nothing.
    func monotonicNanoseconds() -> Int64
    /// Milliseconds since 1970-01-01 UTC; may jump.
    func epochMilliseconds() -> Int64
}
