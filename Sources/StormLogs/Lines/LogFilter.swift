package import StormCore

/// Which lines are wanted. The same on the machine that has the logs and in the command that asks for them.
package struct LogFilter: Hashable, Sendable {
    /// Only what this component's tasks logged.
    package var component: String?
    /// Nothing less important.
    package var level: LogThreshold?
    /// As `LinePattern` reads it.
    package var grep: String?
    /// Epoch milliseconds: nothing older.
    package var sinceMilliseconds: Int64?

    package init(
        component: String? = nil, level: LogThreshold? = nil, grep: String? = nil, sinceMilliseconds: Int64? = nil
    ) {
        self.component = component
        self.level = level
        self.grep = grep
        self.sinceMilliseconds = sinceMilliseconds
    }

    /// Whether it lets everything pass.
    package var isEmpty: Bool { self == LogFilter() }

    /// All but `grep`, which looks at the line as it is written.
    func wants(_ record: LogRecord) -> Bool {
        if let component, record.component != component { return false }
        if let sinceMilliseconds, record.timeMilliseconds < sinceMilliseconds { return false }
        if let level, let own = record.threshold, own < level { return false }
        return true
    }
}
