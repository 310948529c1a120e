package import StormCore
import StormThrift

/// What `storm set_log_level -l` and `-r` say. Pure.
package struct LogLevelSetting: Hashable, Sendable {
    /// A component, a logger's label, or ROOT.
    package var logger: String
    /// Nil: back to what is configured.
    package var level: LogThreshold?
    /// After which the configured level is back; nil: never.
    package var seconds: Int?

    package init(logger: String, level: LogThreshold?, seconds: Int? = nil) {
        self.logger = logger
        self.level = level
        self.seconds = seconds
    }

    /// `LOGGER=LEVEL` or `LOGGER=LEVEL:SECS`, as Storm has it; 0 seconds are for ever.
    /// - Throws: a failure of the command line.
    package init(set text: String) throws(CommandFailure) {
        guard let equals = text.lastIndex(of: "="), equals != text.startIndex else {
            throw .usage("-l \(text): it is LOGGER=LEVEL or LOGGER=LEVEL:SECONDS")
        }
        let parts = text[text.index(after: equals)...].split(separator: ":", omittingEmptySubsequences: false)
        guard let level = LogThreshold(name: parts[0]) else {
            throw .usage("-l \(text): there is no log level \"\(parts[0])\"; there are \(LogThreshold.names)")
        }
        var seconds: Int?
        if parts.count > 1 {
            guard parts.count == 2, let number = Int32(parts[1]), number >= 0 else {
                throw .usage("-l \(text): \"\(parts.dropFirst().joined(separator: ":"))\" is no number of seconds")
            }
            seconds = number == 0 ? nil : Int(number)
        }
        self.init(logger: Self.named(String(text[..<equals])), level: level, seconds: seconds)
    }

    package init(remove logger: String) throws(CommandFailure) {
        guard !logger.isEmpty, !logger.contains("=") else { throw .usage("-r \(logger): it is the name of a logger") }
        self.init(logger: Self.named(logger), level: nil)
    }

    private static func named(_ text: String) -> String {
        text.uppercased() == LogThreshold.root ? LogThreshold.root : text
    }

    var change: Thrift.LogLevel {
        guard let level else { return Thrift.LogLevel(action: .remove) }
        return Thrift.LogLevel(
            action: .update, targetLogLevel: level.stormName, resetLogLevelTimeoutSecs: Int32(clamping: seconds ?? 0))
    }

    /// `split=DEBUG for 30 s`
    var text: String {
        guard let level else { return "\(logger) as configured" }
        return "\(logger)=\(level.stormName)" + (seconds.map { " for \($0) s" } ?? "")
    }
}
