internal import StormProcess

/// What has happened on a supervisor since it was started.
struct SupervisorCounts: Sendable {
    var starts = 0
    /// By kind: success, error, signal, unknown.
    var exits: [String: Int] = [:]
    /// By `FailureText.kind`.
    var failures: [String: Int] = [:]
    var downloads = 0
    var downloadFailures = 0

    mutating func add(_ exit: ProcessExit) {
        let kind =
            switch exit {
            case .exited: exit.isSuccess ? "success" : "error"
            case .signaled: "signal"
            case .unknown: "unknown"
            }
        exits[kind, default: 0] += 1
    }
}

extension Slot.Phase {
    /// As a metric's label; nil: the slot is empty.
    var metricName: String? {
        switch self {
        case .empty: nil
        case .downloading: "downloading"
        case .starting: "starting"
        case .running: "running"
        case .stopping: "stopping"
        case .killing: "killing"
        case .left: "left"
        case .backingOff: "backing_off"
        }
    }
}
