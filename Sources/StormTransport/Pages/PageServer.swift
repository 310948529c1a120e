import Logging
import NIOCore
import StormRuntime
import Synchronization

/// What the connections for pages of one transport have in common: where pages come from, and the limits within which a
/// stranger can cost a worker anything. Any thread.
final class PageServer: Sendable {
    struct Limits: Sendable {
        /// Connections for pages at one time; the next one is told that it is too many.
        var connectionsMax = 32
        /// All that one connection may send.
        var requestBytesMax = 8 << 10
        /// From the first bytes to the last byte of the answer.
        var deadline: TimeAmount = .seconds(10)
        var bodyBytesMax = 4 << 20
    }

    let source: any PageSource
    let limits: Limits
    let logger: Logger
    private let connections = Atomic<Int>(0)

    init(_ source: any PageSource, limits: Limits = Limits(), logger: Logger) {
        self.source = source
        self.limits = limits
        self.logger = logger
    }

    /// Takes one of the places for connections. - Returns: false when all are taken; else give it back with `leave`.
    func enter() -> Bool {
        if connections.wrappingAdd(1, ordering: .relaxed).newValue <= limits.connectionsMax { return true }
        leave()
        return false
    }

    func leave() { connections.wrappingSubtract(1, ordering: .relaxed) }
}
