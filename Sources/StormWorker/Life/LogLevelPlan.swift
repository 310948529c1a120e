package import StormCluster
package import StormCore

/// Which log levels of `/logconfigs/<topology>` are in force at a moment, and until when. Pure.
package struct LogLevelPlan: Equatable, Sendable {
    /// By component or logger, or "ROOT".
    package var levels: [String: LogThreshold] = [:]
    /// When the next of them ends, epoch milliseconds; nil: none does.
    package var nextEndMilliseconds: Int64?

    /// - Parameter now: epoch milliseconds by the worker's own clock.
    package init(_ record: LogConfigRecord?, now: Int64) {
        for (name, entry) in record?.levels ?? [:] {
            // A level of a newer program says nothing to this one.
            guard let level = LogThreshold(name: entry.level) else { continue }
            if let end = entry.expiresAtMilliseconds {
                guard end > now else { continue }
                nextEndMilliseconds = min(nextEndMilliseconds ?? end, end)
            }
            levels[name] = level
        }
    }
}
