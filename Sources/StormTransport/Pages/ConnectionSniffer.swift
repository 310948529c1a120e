import Logging
import NIOCore

/// First handler of an accepted channel while it is not known who is there: a worker, or somebody who asks for a page. Puts
/// the right handlers behind itself, hands over what it has read, and leaves. Confined to the event loop.
final class ConnectionSniffer: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let shared: TransportShared
    private let registry: InboundRegistry
    private let pages: PageServer
    /// Fewer than `FirstBytes.enough`.
    private var held = ByteBuffer()
    private var timer: Scheduled<Void>?
    private var phase = Phase.holding

    private enum Phase { case holding, decided, refused }

    init(_ shared: TransportShared, _ registry: InboundRegistry, _ pages: PageServer) {
        self.shared = shared
        self.registry = registry
        self.pages = pages
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(in: TimeAmount(shared.configuration.handshakeTimeout)) {
            let (sniffer, context) = bound.value
            sniffer.silent(context)
        }
        if !registry.add(context.channel) { context.close(promise: nil) }
    }

    private func silent(_ context: ChannelHandlerContext) {
        guard phase == .holding else { return }
        shared.logger.warning(
            "no handshake in time, connection closed",
            metadata: [
                LogKey.peer: "\(context.remoteAddress.map { "\($0)" } ?? "unknown worker")"
            ])
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        if phase == .holding {
            registry.remove(context.channel)
            if held.readableBytes > 0 {
                shared.countBad(
                    "the connection ended after \(held.readableBytes) bytes",
                    from: context.remoteAddress.map { "\($0)" } ?? "unknown worker")
            }
        }
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        switch phase {
        case .holding: break
        case .decided: return context.fireChannelRead(wrapInboundOut(bytes))
        case .refused: return
        }
        held.writeBuffer(&bytes)
        switch FirstBytes.judge(held.readableBytesView) {
        case .undecided: return
        case .worker: decide(context, for: addWorker)
        case .page: decide(context, for: addPages)
        }
    }

    private func decide(_ context: ChannelHandlerContext, for add: (ChannelHandlerContext) throws -> Bool) {
        phase = .decided
        timer?.cancel()
        timer = nil
        do {
            guard try add(context) else { return }
        } catch {
            // Handlers cannot be added to a channel that closes.
            return context.close(promise: nil)
        }
        let bytes = held
        held = ByteBuffer()
        context.fireChannelRead(wrapInboundOut(bytes))
        context.fireChannelReadComplete()
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    private func addWorker(_ context: ChannelHandlerContext) throws -> Bool {
        let handler = InboundHandler(shared, registry, eventLoop: context.eventLoop)
        try context.pipeline.syncOperations.addHandler(handler, position: .after(self))
        return true
    }

    private func addPages(_ context: ChannelHandlerContext) throws -> Bool {
        // What follows is no worker: its end concerns nobody but the registry.
        let (registry, channel) = (registry, context.channel)
        channel.closeFuture.whenComplete { _ in registry.remove(channel) }
        guard pages.places.enter(channel) else {
            phase = .refused
            pages.refuse(channel)
            return false
        }
        try context.pipeline.syncOperations.addHandlers(pages.handlers(), position: .after(self))
        return true
    }
}
