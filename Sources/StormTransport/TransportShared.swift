import Glibc
import Logging
import NIOCore
import StormRuntime
import StormTopology
import StormWire

/// What all connections of one transport have in common. Made by `WorkerTransport.start`.
struct TransportShared: Sendable {
    let configuration: TransportConfiguration
    /// What this worker says of itself, and expects of others.
    var hello: Hello
    let receiver: any BatchReceiver
    let check: BatchCheck
    let counters: TransportCounters
    let routes: RouteTable
    let gate: ChangeGate
    let logger: Logger
    /// Where empty batches come from and go to, if the engine shares them.
    var depot: BatchDepot?
    /// Answers who asks for pages; nil: they are strangers.
    var pages: PageServer?

    /// Empty batches for the connections of one event loop.
    func makePool() -> BatchPool { BatchPool(depot: depot, keptPerSize: BatchDepot.handful) }

    /// Gives a batch back to the engine, counted.
    func lose(_ batch: Batch, isTooLong: Bool = false) {
        counters.framesLost.count()
        counters.tuplesLost.count(batch.tupleCount)
        if isTooLong { counters.tuplesTooLong.count(batch.tupleCount) }
        receiver.lost(batch)
    }

    /// A frame or handshake that broke the rules.
    func countBad(_ reason: String, from peer: String) {
        counters.badFrames.count()
        logger.warning(
            "malformed data from a worker, connection closed",
            metadata: [
                LogKey.peer: "\(peer)", LogKey.reason: "\(reason)",
            ])
    }
}

enum LogKey {
    static let peer = "peer"
    static let reason = "reason"
    static let attempts = "attempts"
    static let frames = "frames"
    static let port = "port"
}

/// Options of every connection between workers.
enum SocketSetup {
    static let receiveAllocator = AdaptiveRecvByteBufferAllocator(
        minimum: 1 << 10, initial: 8 << 10, maximum: 128 << 10)

    /// No delay for small batches; and the kernel notices a silent machine within `silence`, idle or not.
    static func options(silence: Duration) -> [(ChannelOptions.Types.SocketOption, SocketOptionValue)] {
        let seconds = max(3, Int(silence.components.seconds))
        return [
            (.init(level: .tcp, name: .tcp_nodelay), 1),
            (.init(level: .socket, name: .so_keepalive), 1),
            (.init(level: .tcp, name: .init(rawValue: TCP_KEEPIDLE)), SocketOptionValue(max(1, seconds / 3))),
            (.init(level: .tcp, name: .init(rawValue: TCP_KEEPINTVL)), SocketOptionValue(max(1, seconds / 3))),
            (.init(level: .tcp, name: .init(rawValue: TCP_KEEPCNT)), 2),
            (.init(level: .tcp, name: .init(rawValue: TCP_USER_TIMEOUT)), SocketOptionValue(seconds * 1000)),
        ]
    }
}
