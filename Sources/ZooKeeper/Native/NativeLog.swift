internal import CZooKeeper
internal import Logging
import Synchronization

/// Where the C library's own messages go.
///
/// The library's callback carries no context, so there is one logger for the process: that of the client that was
/// opened last. Everything is logged one level lower than the library rates it, because a lost server is an error to
/// the library and everyday life to its users; its information and debug messages are switched off.
enum NativeLog {
    private static let logger = Mutex<Logger?>(nil)

    static func install(_ newLogger: Logger) {
        logger.withLock { $0 = newLogger }
        zoo_set_debug_level(ZOO_LOG_LEVEL_WARN)
    }

    static func write(_ message: String) {
        guard let logger = logger.withLock({ $0 }) else { return }
        // "2026-01-31 10:00:00,123:77(0x7f…):ZOO_ERROR@function@1234: text"
        let isError = message.contains(":ZOO_ERROR@")
        let text = message.firstRange(of: "ZOO_").map { message[$0.lowerBound...] } ?? message[...]
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
