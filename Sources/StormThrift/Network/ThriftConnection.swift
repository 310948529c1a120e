package import NIOCore
internal import NIOPosix
internal import Synchronization

/// A client's TCP connection to a Thrift server: one message out, one back. Any number of tasks may use it; their calls
/// take turns.
package final class ThriftConnection: Sendable {
    /// Host and port as given.
    package let host: String
    package let port: Int
    package let limits: ThriftLimits
    private let channel: any Channel
    private let handler: NIOLoopBound<ThriftClientHandler>
    private let callsMade = Atomic<UInt64>(0)

    private init(
        _ host: String, _ port: Int, _ limits: ThriftLimits, _ channel: any Channel,
        _ handler: NIOLoopBound<ThriftClientHandler>
    ) {
        self.host = host
        self.port = port
        self.limits = limits
        self.channel = channel
        self.handler = handler
    }

    /// Connects.
    /// - Throws: `ThriftError` `connectionRefused`, `timedOut` or `connectFailed`, with host and port in its text.
    package static func connect(
        host: String, port: Int, timeout: Duration, limits: ThriftLimits = ThriftLimits(),
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) async throws -> ThriftConnection {
        let bootstrap = ClientBootstrap(group: group)
            .connectTimeout(TimeAmount(timeout))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
        do {
            return try await bootstrap.connect(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = ThriftClientHandler(peer: "\(host):\(port)")
                    try channel.pipeline.syncOperations.addHandlers(
                        ByteToMessageHandler(ThriftFrameDecoder(frameBytesMax: limits.frameBytesMax)), handler)
                    return ThriftConnection(
                        host, port, limits, channel, NIOLoopBound(handler, eventLoop: channel.eventLoop))
                }
            }
        } catch {
            throw connectError(error, "\(host):\(port)", timeout)
        }
    }

    package var isOpen: Bool { channel.isActive }

    /// Sends a request and waits for the reply. When the deadline passes, or the calling task is cancelled, while the
    /// request is in progress, the connection closes: it cannot be known whether the request had its effect.
    /// - Throws: `ThriftError`: `timedOut`, `connectionClosed`, `tooManyCalls`, `limitExceeded`; `CancellationError`.
    package func exchange(_ request: ByteBuffer, timeout: Duration) async throws -> ByteBuffer {
        guard request.readableBytes <= limits.frameBytesMax else {
            throw ThriftError(
                .limitExceeded,
                "a request of \(request.readableBytes) bytes is over the frame limit of \(limits.frameBytesMax): raise "
                    + "nimbus.thrift.max_buffer_size on both sides")
        }
        let id = callsMade.add(1, ordering: .relaxed).newValue
        let reply = channel.eventLoop.makePromise(of: ByteBuffer.self)
        let (eventLoop, handler) = (channel.eventLoop, handler)
        let cancellation = ThriftClientHandler.Cancellation()
        return try await withTaskCancellationHandler {
            eventLoop.execute { handler.value.submit(id, request, timeout: timeout, cancellation, reply) }
            return try await reply.futureResult.get()
        } onCancel: {
            cancellation.cancel()
            eventLoop.execute { handler.value.abandon(id, CancellationError()) }
        }
    }

    /// Makes one call of a service.
    /// - Throws: what the method declares, `ThriftApplicationException`, `ThriftError`, `CancellationError`.
    package func call<Result: ThriftResult, each Argument: ThriftArgument>(
        _ call: ThriftCall<Result, repeat each Argument>, _ arguments: repeat each Argument, timeout: Duration
    ) async throws -> Result {
        // One request is in progress at a time, so the number only has to differ from that of the one before.
        let sequence = Int32(truncatingIfNeeded: callsMade.add(1, ordering: .relaxed).newValue)
        var writer = ThriftWriter()
        call.writeRequest(repeat each arguments, sequence: sequence, to: &writer)
        var reader = ThriftReader(try await exchange(writer.buffer, timeout: timeout), limits: limits)
        return try call.readReply(from: &reader, sequence: sequence)
    }

    /// Closes the connection; calls in progress fail with `connectionClosed`. Calling it again does no harm.
    package func close() async {
        // The only failure is that it is closed already.
        try? await channel.close().get()
    }

    private static func connectError(_ error: any Error, _ address: String, _ timeout: Duration) -> ThriftError {
        if case .connectTimeout = error as? ChannelError {
            return ThriftError(.timedOut, "cannot connect to \(address) within \(timeout)", cause: error)
        }
        let causes = (error as? NIOConnectionError)?.connectionErrors.map(\.error) ?? [error]
        if causes.contains(where: { ($0 as? IOError)?.errnoCode == connectionRefusedErrno }) {
            return ThriftError(.connectionRefused, "connection refused: nothing listens on \(address)", cause: error)
        }
        if causes.contains(where: { if case .connectTimeout = $0 as? ChannelError { true } else { false } }) {
            return ThriftError(.timedOut, "cannot connect to \(address) within \(timeout)", cause: error)
        }
        return ThriftError(.connectFailed, "cannot connect to \(address): unknown or unreachable host", cause: error)
    }
}
