internal import Logging
internal import NIOCore
internal import Synchronization

/// The open connections of a server, bounded. Strangers who connect and send no request, or never a whole one, keep nobody
/// out: they make room for those who come later. Thread-safe; the lock is never held across a call to a channel.
final class ThriftServerConnections: Sendable {
    private struct Connection {
        var channel: any Channel
        /// Since when it has been waited for a request, as a count that goes up; nil: one is being served.
        var waitingSince: UInt64?
    }

    private struct State {
        var connections: [ObjectIdentifier: Connection] = [:]
        var waits: UInt64 = 0
        var isClosing = false
        var refusedCount = 0
        var displacedCount = 0

        mutating func nextWait() -> UInt64 {
            waits += 1
            return waits
        }

        /// Takes out the one that has been waited for longest; nil: all are being served. Linear in the connections, and
        /// only asked for when all places are taken.
        mutating func displace() -> (any Channel)? {
            let oldest = connections.min { $0.value.waitingSince ?? .max < $1.value.waitingSince ?? .max }
            guard let oldest, oldest.value.waitingSince != nil else { return nil }
            connections[oldest.key] = nil
            displacedCount += 1
            return oldest.value.channel
        }
    }

    private let connectionsMax: Int
    private let logger: Logger
    private let state = Mutex(State())

    init(connectionsMax: Int, logger: Logger) {
        self.connectionsMax = connectionsMax
        self.logger = logger
    }

    var count: Int { state.withLock { $0.connections.count } }
    var refusedCount: Int { state.withLock { $0.refusedCount } }
    var displacedCount: Int { state.withLock { $0.displacedCount } }

    /// - Throws: when there are too many or the server closes; the channel is then closed by its bootstrap.
    func add(_ channel: any Channel) throws {
        let id = ObjectIdentifier(channel)
        let (isAdded, displaced) = state.withLock { state -> (Bool, (any Channel)?) in
            var displaced: (any Channel)?
            if state.connections.count >= connectionsMax, !state.isClosing { displaced = state.displace() }
            guard !state.isClosing, state.connections.count < connectionsMax else {
                state.refusedCount += 1
                return (false, nil)
            }
            state.connections[id] = Connection(channel: channel, waitingSince: state.nextWait())
            return (true, displaced)
        }
        if let displaced {
            logger.debug("closed a connection without a request: \(connectionsMax) are open, and another one came")
            displaced.close(promise: nil)
        }
        guard isAdded else {
            logger.warning("refused a connection: \(connectionsMax) are open, or the server stops")
            throw ThriftError(.limitExceeded, "too many connections")
        }
        channel.closeFuture.whenComplete { _ in
            self.state.withLock { state in
                _ = state.connections.removeValue(forKey: id)
            }
        }
    }

    /// A whole request is there, or the reply to the last one has gone out and the next is waited for.
    func isServing(_ channel: any Channel, _ serving: Bool) {
        state.withLock { state in
            let id = ObjectIdentifier(channel)
            let since = serving ? nil : state.nextWait()
            state.connections[id]?.waitingSince = since
        }
    }

    func beginClosing() -> [any Channel] {
        state.withLock { state in
            state.isClosing = true
            return state.connections.values.map(\.channel)
        }
    }
}
