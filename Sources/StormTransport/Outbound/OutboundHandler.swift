import NIOCore
import StormWire

/// Last handler of a client channel: tells the peer's connection what came. Confined to the event loop.
final class OutboundHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let peer: Peer
    private let attempt: Int
    private var failure: String?

    init(_ peer: Peer, attempt: Int) {
        self.peer = peer
        self.attempt = attempt
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        do {
            let frame = try Frame(unwrapInboundIn(data))
            peer.onLoop { [attempt] in $0.received(frame, ofAttempt: attempt) }
        } catch {
            peer.onLoop { [attempt] in $0.malformed(error.description, ofAttempt: attempt) }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? WireError {
            peer.onLoop { [attempt] in $0.malformed(error.description, ofAttempt: attempt) }
        } else {
            failure = "\(error)"
        }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        let reason = failure ?? "the other side closed the connection"
        peer.onLoop { [attempt] in $0.broken(reason, ofAttempt: attempt) }
    }
}
