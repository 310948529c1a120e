internal import StormProcess

/// A failure on a slot in words, for the topology's errors and the log.
struct FailureText {
    /// The pseudo component under which a worker's own failures are recorded: Storm's name for the worker itself.
    static let component = "__system"

    let kind: String
    let message: String

    init(_ failure: SlotFailure, host: String, port: Int, lastErrorLines: [String]) {
        var text: String
        switch failure.cause {
        case .exited(let exit):
            switch exit {
            case .exited: kind = "exit"
            case .signaled: kind = "signal"
            case .unknown: kind = "exit"
            }
            text = "the worker on \(host):\(port) ended: \(exit)"
        case .hung(let silence):
            kind = "hung"
            text = "the worker on \(host):\(port) gave no sign of life for \(silence) and was killed"
        case .notStarted(let reason):
            kind = "launch"
            text = "the worker on \(host):\(port) could not be started: \(reason)"
        case .downloadFailed(let reason):
            kind = "download"
            text = "the code of \(failure.wanted.topologyID) is not ready on \(host): \(reason)"
        }
        let next = failure.retryIn == .zero ? "at once" : "in \(failure.retryIn)"
        text += "; failure \(failure.failures) in a row, next attempt \(next)"
        if !lastErrorLines.isEmpty {
            text += "; last lines of standard error:\n" + lastErrorLines.joined(separator: "\n")
        }
        message =
            text.utf8.count <= Self.bytesMax ? text : String(decoding: text.utf8.prefix(Self.bytesMax), as: UTF8.self)
    }

    /// A znode with many of these stays far below ZooKeeper's limit.
    static let bytesMax = 8192
}
