internal import Logging
internal import NIOCore

/// One connection of a server: carries out what `ThriftServerConnectionState` says. Confined to the channel's event
/// loop; requests are worked on in a task of their own, cancelled when the connection ends.
final class ThriftServerHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Tells a connection, as a user event, that the server stops.
    struct Drain: Sendable {}

    private let processor: ThriftProcessor
    private let connections: ThriftServerConnections
    private let idleTimeout: TimeAmount
    private let logger: Logger
    private var state = ThriftServerConnectionState()
    private var context: ChannelHandlerContext?
    private var clock: Scheduled<Void>?
    private var work: Task<Void, Never>?

    init(processor: ThriftProcessor, connections: ThriftServerConnections, idleTimeout: Duration, logger: Logger) {
        self.processor = processor
        self.connections = connections
        self.idleTimeout = TimeAmount(idleTimeout)
        self.logger = logger
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelActive(context: ChannelHandlerContext) { perform(state.opened()) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { perform(state.received(unwrapInboundIn(data))) }

    func channelReadComplete(context: ChannelHandlerContext) { perform(state.readCompleted()) }

    func channelInactive(context: ChannelHandlerContext) {
        state.closed()
        clock?.cancel()
        work?.cancel()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A reset by the peer is a normal end of a connection; anything else is a peer that speaks wrongly.
        let level: Logger.Level = error is ThriftError ? .warning : .debug
        logger.log(level: level, "closing a connection: \(error)", metadata: peer(context))
        perform(state.failed())
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is Drain { perform(state.drained()) }
        context.fireUserInboundEventTriggered(event)
    }

    private func perform(_ action: ThriftServerConnectionState.Action) {
        guard let context else { return }
        switch action {
        case .nothing: break
        case .awaitRequest:
            connections.isServing(context.channel, false)
            startClock(context)
            context.read()
        case .readMore: context.read()
        case .process(let request):
            connections.isServing(context.channel, true)
            clock?.cancel()
            process(request, context)
        case .send(let reply):
            startClock(context)
            send(reply, context)
        case .close: context.close(promise: nil)
        }
    }

    private func process(_ request: ByteBuffer, _ context: ChannelHandlerContext) {
        let eventLoop = context.eventLoop
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        let (processor, logger, peer) = (processor, logger, peer(context))
        work = Task {
            var reply: ByteBuffer?
            do {
                reply = try await processor.reply(to: request)
            } catch {
                logger.warning("closing a connection: its request cannot be read: \(error)", metadata: peer)
            }
            eventLoop.execute { [reply] in bound.value.perform(bound.value.state.processed(reply)) }
        }
    }

    private func send(_ reply: ByteBuffer, _ context: ChannelHandlerContext) {
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenComplete { result in
            // A failed write is followed by the end of the connection, which says why.
            if case .success = result { self.perform(self.state.sent()) }
        }
        context.writeFrame(reply, promise: sent)
    }

    private func startClock(_ context: ChannelHandlerContext) {
        clock?.cancel()
        clock = context.eventLoop.assumeIsolated().scheduleTask(in: idleTimeout) {
            self.logger.debug(
                "closing a connection: \(self.state.isWaiting ? "no request" : "its reply was not taken") in time",
                metadata: self.peer(context))
            self.perform(self.state.timedOut())
        }
    }

    private func peer(_ context: ChannelHandlerContext) -> Logger.Metadata {
        ["peer": "\(context.remoteAddress.map { "\($0)" } ?? "unknown")"]
    }
}
