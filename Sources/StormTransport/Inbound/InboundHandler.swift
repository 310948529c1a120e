import Logging
import NIOCore
import StormRuntime
import StormWire

/// Last handler of an accepted channel: handshake, batches in, confirmations out. Confined to the event loop.
final class InboundHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let shared: TransportShared
    private let registry: InboundRegistry
    private let decoder: FrameDecoder
    private let confirmer: Confirmer
    private var machine: InboundMachine
    private var context: ChannelHandlerContext?
    private var timer: Scheduled<Void>?
    /// Frames of batches received so far.
    private var frameCount: UInt64 = 0
    private var origin = "unknown worker"

    init(_ shared: TransportShared, _ registry: InboundRegistry, _ decoder: FrameDecoder, eventLoop: any EventLoop) {
        self.shared = shared
        self.registry = registry
        self.decoder = decoder
        confirmer = Confirmer(eventLoop: eventLoop)
        machine = InboundMachine(own: shared.hello)
    }

    // MARK: Channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        origin = context.remoteAddress.map { "\($0)" } ?? origin
        confirmer.attach(self)
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(in: TimeAmount(shared.configuration.handshakeTimeout)) {
            bound.value.handle(.handshakeTimedOut)
        }
        if !registry.add(context.channel) { context.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        confirmer.close()
        registry.remove(context.channel)
        handle(.closed)
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        do {
            handle(.frame(try Frame(bytes)), bytes)
        } catch {
            handle(.malformed(error.description))
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? WireError {
            handle(.malformed(error.description))
        } else {
            shared.logger.debug(
                "connection of a worker broke",
                metadata: [
                    LogKey.peer: "\(origin)", LogKey.reason: "\(error)",
                ])
        }
        context.close(promise: nil)
    }

    // MARK: Machine

    private func handle(_ event: InboundMachine.Event, _ bytes: ByteBuffer? = nil) {
        guard let action = machine.handle(event), let context else { return }
        switch action {
        case .welcome(let hello): welcome(hello, context)
        case .refuse(let reason): refuse(reason, context)
        case .deliver: if let bytes { deliver(bytes) }
        case .closeAsBad(let reason):
            shared.countBad(reason, from: origin)
            context.close(promise: nil)
        case .closeAsLate:
            shared.logger.warning("no handshake in time, connection closed", metadata: [LogKey.peer: "\(origin)"])
            context.close(promise: nil)
        }
    }

    private func welcome(_ hello: Hello, _ context: ChannelHandlerContext) {
        timer?.cancel()
        origin = "\(hello.node):\(hello.port)"
        decoder.maxFrameBytes = shared.configuration.maxFrameBytes
        // A worker has one connection to here: an older one is the rest of a broken one.
        registry.supersede(origin, with: context.channel)
        shared.logger.info("worker connected to here", metadata: [LogKey.peer: "\(origin)"])
        let answer = ControlFrame.welcome(incarnation: shared.hello.incarnation, context.channel.allocator)
        context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
    }

    private func refuse(_ reason: String, _ context: ChannelHandlerContext) {
        timer?.cancel()
        shared.counters.refusals.count()
        shared.logger.warning(
            "a worker's connection was refused",
            metadata: [
                LogKey.peer: "\(origin)", LogKey.reason: "\(reason)",
            ])
        let answer = ControlFrame.refusal(reason, context.channel.allocator)
        let channel = context.channel
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.whenComplete { _ in channel.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(answer), promise: written)
    }

    // MARK: Data

    private func deliver(_ bytes: ByteBuffer) {
        do {
            let batch = try bytes.withUnsafeReadableBytes { frame throws(WireError) in
                try shared.check.check(frame)
                frameCount += 1
                return BatchCheck.batch(frame, schema: shared.receiver.schema, number: frameCount)
            }
            batch.credit = confirmer
            shared.counters.framesReceived.count()
            shared.counters.bytesReceived.count(batch.byteCount)
            shared.counters.tuplesReceived.count(batch.tupleCount)
            shared.receiver.receive(batch)
        } catch {
            handle(.malformed(error.description))
        }
    }

    /// Sends what the confirmer has collected.
    func sendConfirmations() {
        let numbers = confirmer.takeAll()
        guard let context, !numbers.isEmpty else { return }
        var rest = numbers[...]
        while !rest.isEmpty {
            let frame = ControlFrame.confirmations(
                rest.prefix(ControlFrame.confirmationsMax), context.channel.allocator)
            rest = rest.dropFirst(ControlFrame.confirmationsMax)
            context.write(wrapOutboundOut(frame), promise: nil)
        }
        context.flush()
    }
}
