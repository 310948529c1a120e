internal import CZooKeeper
internal import Logging
import Synchronization

/// Where the C library's own messages go.
///
/// The library's callback carries no context, so there is one logger for the process: that of the client that was
/// opened last. Everything is logged one level lower than the library rates it, because a lost server is an error to
/// the library and everyday life to its users; its information and debug messages are switched off. While no server
/// answers it tries each of them ten times a second and says so each time: what it repeats is held back.
enum NativeLog {
    private struct State {
        var logger: Logger?
        var repeated = RepeatedMessages()
    }
    private static let state = Mutex(State())

    static func install(_ logger: Logger) {
        state.withLock { $0.logger = logger }
        zoo_set_debug_level(ZOO_LOG_LEVEL_WARN)
    }

    static func write(_ message: String) {
        // "2026-01-31 10:00:00,123:77(0x7f…):ZOO_ERROR@function@1234: text"
        let isError = message.contains(":ZOO_ERROR@")
        let said = message.firstRange(of: "ZOO_").map { String(message[$0.lowerBound...]) } ?? message
        let (logger, text) = state.withLock { ($0.logger, $0.repeated.admit(said, now: .now)) }
        guard let logger, let text else { return }
        logger.log(level: isError ? .info : .debug, "\(text)", metadata: [ZooKeeperLogKey.source: "libzookeeper"])
    }
}

/// The library's log callback; any of its threads, and ours while they are inside the library, its locks perhaps held.
func onNativeLog(_ message: UnsafePointer<CChar>?) {
    if let message { NativeLog.write(String(cString: message)) }
}

/// Metadata keys of this module's log lines.
enum ZooKeeperLogKey {
    static let source = "zk.source"
    static let session = "zk.session"
    static let generation = "zk.generation"
    static let path = "zk.path"
    static let error = "error"
    static let servers = "zk.servers"
}
