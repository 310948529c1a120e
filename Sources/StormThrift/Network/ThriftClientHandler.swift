internal import NIOCore
internal import Synchronization

/// One connection of a client: carries out what `ThriftClientConnectionState` says. Confined to the channel's event loop.
final class ThriftClientHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    typealias CallID = ThriftClientConnectionState.CallID

    /// A call from its submission to its end. Set from the caller's thread when the caller is cancelled.
    final class Cancellation: Sendable {
        private let flag = Atomic(false)
        func cancel() { flag.store(true, ordering: .relaxed) }
        var isCancelled: Bool { flag.load(ordering: .relaxed) }
    }

    private struct Call {
        let request: ByteBuffer
        let reply: EventLoopPromise<ByteBuffer>
        let deadline: Scheduled<Void>
    }

    /// Who is at the other end, for error texts: `nimbus1:6627`.
    private let peer: String
    private var state = ThriftClientConnectionState()
    private var calls: [CallID: Call] = [:]
    private var context: ChannelHandlerContext?
    private var closeReason: ThriftError?

    init(peer: String) { self.peer = peer }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let message = unwrapInboundIn(data)
        switch state.replied() {
        case .complete(let call, let next):
            finish(call, .success(message))
            if let next { send(next) }
        case .closeOnStrayReply: close(ThriftError(.wrongReply, "\(peer) sent a reply to no call"))
        default: break
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        close(error as? ThriftError ?? ThriftError(.connectionClosed, "the connection to \(peer) broke", cause: error))
    }

    func channelInactive(context: ChannelHandlerContext) {
        let reason = closeReason ?? ThriftError(.connectionClosed, "\(peer) closed the connection before it replied")
        for call in state.closed() { finish(call, .failure(reason)) }
    }

    /// Takes a call. Its promise is completed exactly once, at the latest when `timeout` has passed.
    func submit(
        _ id: CallID, _ request: ByteBuffer, timeout: Duration, _ cancellation: Cancellation,
        _ reply: EventLoopPromise<ByteBuffer>
    ) {
        guard !cancellation.isCancelled else { return reply.fail(CancellationError()) }
        let deadline = reply.futureResult.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(timeout)) {
            self.abandon(id, ThriftError(.timedOut, "no reply from \(self.peer) within \(timeout)"))
        }
        calls[id] = Call(request: request, reply: reply, deadline: deadline)
        switch state.submitted(id) {
        case .send(let id): send(id)
        case .reject:
            let limit = ThriftClientConnectionState.callsWaitingMax
            finish(id, .failure(ThriftError(.tooManyCalls, "\(limit) calls wait on the connection to \(peer)")))
        case .rejectClosed:
            finish(id, .failure(closeReason ?? ThriftError(.connectionClosed, "the connection to \(peer) is closed")))
        default: break
        }
    }

    /// Gives a call up, whatever it waits for; nothing when it has ended.
    func abandon(_ id: CallID, _ reason: any Error) {
        switch state.abandoned(id) {
        case .drop(let id): finish(id, .failure(reason))
        case .dropAndClose(let id):
            finish(id, .failure(reason))
            close(ThriftError(.connectionClosed, "the connection to \(peer) was given up with a call in progress"))
        default: break
        }
    }

    private func send(_ id: CallID) {
        guard let call = calls[id], let context else { return }
        context.writeFrame(call.request, promise: nil)
    }

    private func finish(_ id: CallID, _ result: Result<ByteBuffer, any Error>) {
        guard let call = calls.removeValue(forKey: id) else { return }
        call.deadline.cancel()
        call.reply.completeWith(result)
    }

    private func close(_ reason: ThriftError) {
        if closeReason == nil { closeReason = reason }
        context?.close(promise: nil)
    }
}
