import Logging
import NIOCore
import StormRuntime
import StormTopology
import StormWire

/// Last handler of an accepted channel: handshake, batches in, confirmations out. Confined to the event loop.
final class InboundHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let shared: TransportShared
    private let registry: InboundRegistry
    private let pool: BatchPool
    private var assembler = FrameAssembler(maxFrameBytes: ControlFrame.maxBytes)
    private let confirmer: Confirmer
    private var machine: InboundMachine
    private var context: ChannelHandlerContext?
    private var timer: Scheduled<Void>?
    private var watch = FrameWatch()
    private var frameTimer: Scheduled<Void>?
    /// Frames of batches received so far.
    private var frameCount: UInt64 = 0
    private var origin = "unknown worker"

    init(_ shared: TransportShared, _ registry: InboundRegistry, eventLoop: any EventLoop) {
        self.shared = shared
        self.registry = registry
        pool = shared.makePool()
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
        if assembler.pendingBytes > 0 {
            handle(.malformed("the connection ended inside a frame, after \(assembler.pendingBytes) bytes of it"))
        }
        timer?.cancel()
        frameTimer?.cancel()
        confirmer.close()
        registry.remove(context.channel)
        handle(.closed)
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        unwrapInboundIn(data).withUnsafeReadableBytes { bytes in
            var rest = bytes
            do throws(WireError) {
                // What follows a fault, or a refusal, is not looked at.
                while machine.phase != .closed, let batch = try takeFrame(&rest) {
                    handle(.frame(try Frame(batch.bytes, number: frameCount + 1)), batch)
                }
            } catch {
                handle(.malformed(error.description))
            }
        }
        if watch.began(pendingBytes: assembler.pendingBytes) { startFrameTimer(context.eventLoop) }
    }

    private func startFrameTimer(_ eventLoop: any EventLoop) {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        frameTimer = eventLoop.scheduleTask(in: TimeAmount(shared.configuration.frameTimeout)) {
            bound.value.lookAtFrame(eventLoop)
        }
    }

    private func lookAtFrame(_ eventLoop: any EventLoop) {
        switch watch.look(pendingBytes: assembler.pendingBytes) {
        case .nothingWaits: break
        case .lookAgain: startFrameTimer(eventLoop)
        case .stuck: handle(.malformed(FrameWatch.fault))
        }
    }

    /// The next whole frame.
    private func takeFrame(_ bytes: inout UnsafeRawBufferPointer) throws(WireError) -> Batch? {
        let (pool, schema) = (pool, shared.receiver.schema)
        let batch = try assembler.next(&bytes) { pool.take($0, schema) }
        if batch != nil { watch.completed() }
        return batch
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

    private func handle(_ event: InboundMachine.Event, _ batch: Batch? = nil) {
        guard let action = machine.handle(event), let context else { return }
        switch action {
        case .welcome(let hello): welcome(hello, context)
        case .refuse(let reason): refuse(reason, context)
        case .deliver: if let batch { deliver(batch) }
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
        assembler.maxFrameBytes = shared.configuration.maxFrameBytes
        // A worker has one connection to here: an older one is the rest of a broken one.
        registry.supersede(origin, with: context.channel)
        shared.logger.info("worker connected to here", metadata: [LogKey.peer: "\(origin)"])
        let answer = ControlFrame.welcome(incarnation: shared.hello.incarnation, context.channel.allocator)
        context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
        // So a worker that was restarted is found at once, and what was lost with its predecessor is known.
        shared.routes.peer(at: WorkerAddress(node: hello.node, host: "", port: hello.port))?
            .hurry(hello.incarnation)
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

    private func deliver(_ batch: Batch) {
        do throws(WireError) {
            try shared.check.check(batch.bytes)
        } catch {
            return handle(.malformed(error.description))
        }
        frameCount += 1
        let mark = Confirmer.mark(frameCount, isUrgent: batch.isUrgent)
        batch.base.put(mark, BatchLayout.sequenceOffset)
        batch.credit = confirmer
        shared.counters.framesReceived.count()
        shared.counters.bytesReceived.count(batch.byteCount)
        shared.counters.tuplesReceived.count(batch.tupleCount)
        // Before the batch is handed over: its confirmation may come at once.
        confirmer.startTimer()
        shared.receiver.receive(batch)
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
