internal import StormRuntime

/// The looks of a paused worker at what is under way. At most one is due at any time, however often the pause changes: what
/// two of them prove rests on the time between them. Pure.
struct QuietLooks: Sendable {
    private var detector = QuietDetector()
    private var isDue = false

    /// For another pause; what was seen before does not count.
    mutating func startOver() { detector = QuietDetector() }

    /// The next look is wanted.
    /// - Returns: whether it needs a timer; else one runs already.
    mutating func want() -> Bool {
        defer { isDue = true }
        return !isDue
    }

    /// The timer has run out.
    mutating func timerEnded() { isDue = false }

    /// - Returns: whether it is quiet.
    mutating func observe(_ activity: EngineActivity) -> Bool { detector.observe(activity) }
}
