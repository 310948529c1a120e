package import StormRuntime

/// Tells when nothing is under way in a paused worker: no tree of its spouts is open, and nothing has happened since the
/// look before. The latter is for tuples that nobody tracks; they have no tree to tell of them. Pure.
package struct QuietDetector: Sendable {
    private var last: EngineActivity?

    package init() {}

    /// - Returns: whether it is quiet.
    package mutating func observe(_ activity: EngineActivity) -> Bool {
        defer { last = activity }
        return activity.isComplete && activity.pending == 0 && last == activity
    }
}
