/// The least important log records that are written: the levels of swift-log, and nothing at all. Shared by what sets
/// log levels (commands, nimbus), what stores them (`/logconfigs`) and what follows them (workers).
package enum LogThreshold: String, CaseIterable, Comparable, Sendable {
    case trace, debug, info, notice, warning, error, critical, off

    /// - Parameter name: one of Storm's levels (ALL, TRACE, DEBUG, INFO, WARN, ERROR, FATAL, OFF) or of swift-log's, in
    ///   any case; nil for anything else.
    package init?(name: some StringProtocol) {
        switch name.lowercased() {
        case "all": self = .trace
        case "warn": self = .warning
        case "fatal": self = .critical
        case let other:
            guard let known = LogThreshold(rawValue: other) else { return nil }
            self = known
        }
    }

    /// As Storm writes it.
    package var stormName: String {
        switch self {
        case .warning: "WARN"
        case .critical: "FATAL"
        default: rawValue.uppercased()
        }
    }

    /// The names that people are offered.
    package static let names = "ALL, TRACE, DEBUG, INFO, WARN, ERROR, FATAL, OFF"

    /// The name of the logger that stands for all.
    package static let root = "ROOT"

    /// 0 for `trace`; one more for each that is more important.
    package var rank: Int {
        switch self {
        case .trace: 0
        case .debug: 1
        case .info: 2
        case .notice: 3
        case .warning: 4
        case .error: 5
        case .critical: 6
        case .off: 7
        }
    }

    package static func < (a: LogThreshold, b: LogThreshold) -> Bool { a.rank < b.rank }
}
