/// Sees which loops have been in one slice for a whole check interval while others wait behind it. Pure: it counts checks,
/// the caller keeps time.
struct StuckSliceDetector: Sendable {
    /// A loop as a check finds it.
    struct Observation: Equatable, Sendable {
        /// Number of the loop.
        let loop: Int
        /// Counts up; odd while in a slice (`ExecutorLoop.phase`).
        let phase: UInt64
    }

    /// Checks without any work before the watchdog sleeps until it is called.
    static let quietChecksBeforeSleep = 3

    private var seen: [Int: UInt64] = [:]
    private var quietChecks = 0

    /// Nothing has run for a while: there is no need to check again before something does.
    var isQuiet: Bool { quietChecks >= Self.quietChecksBeforeSleep }

    /// - Parameter othersWait: whether other executors wait for the loop; asked only when it has been in the same slice
    ///   since the check before.
    /// - Returns: the loops whose other executors have to go on elsewhere.
    mutating func check(
        _ loops: [Observation], othersWait: (Observation) -> Bool
    ) -> [Observation] {
        var stuck: [Observation] = []
        var now: [Int: UInt64] = [:]
        var isAnyAtWork = false
        for loop in loops {
            now[loop.loop] = loop.phase
            let isSame = seen[loop.loop] == loop.phase
            if loop.phase & 1 == 1 || !isSame { isAnyAtWork = true }
            if loop.phase & 1 == 1, isSame, othersWait(loop) { stuck.append(loop) }
        }
        quietChecks = isAnyAtWork ? 0 : quietChecks + 1
        seen = now
        return stuck
    }
}
