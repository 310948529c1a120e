import Logging
import NIOCore
import NIOPosix
import StormThrift

/// Starts a server on a free port of the loopback device and stops it on every way out.
@discardableResult
func withServer<Value: Sendable>(
    _ processor: ThriftProcessor, configure: (inout ThriftServer.Configuration) -> Void = { _ in },
    _ body: (ThriftServer) async throws -> Value
) async throws -> Value {
    var configuration = ThriftServer.Configuration(host: "127.0.0.1", port: 0)
    configure(&configuration)
    let server = try await ThriftServer.start(configuration, processor: processor, logger: quietLogger)
    do {
        let value = try await body(server)
        await server.close(grace: .zero)
        return value
    } catch {
        await server.close(grace: .zero)
        throw error
    }
}

/// A nimbus behind a server, and a client of it.
@discardableResult
func withNimbus<Value: Sendable>(
    _ body: (RecordingNimbus, NimbusClient) async throws -> Value
) async throws -> Value {
    let nimbus = RecordingNimbus()
    return try await withServer(.nimbus(nimbus)) { server async throws in
        let client = try await NimbusClient.connect(host: "127.0.0.1", port: server.port)
        let value = try await body(nimbus, client)
        await client.close()
        return value
    }
}

func connect(_ server: ThriftServer, limits: ThriftLimits = ThriftLimits()) async throws -> ThriftConnection {
    try await ThriftConnection.connect(host: "127.0.0.1", port: server.port, timeout: .seconds(20), limits: limits)
}

let quietLogger: Logger = {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    return logger
}()

/// A service for tests: answers, fails, or waits until told to go on.
final class EchoService: Sendable {
    enum Event: Equatable { case waiting, released, cancelled }

    /// What happened in `wait`.
    let events: AsyncStream<Event>
    private let report: AsyncStream<Event>.Continuation
    private let gate: AsyncStream<Void>
    private let opener: AsyncStream<Void>.Continuation

    init() {
        (events, report) = AsyncStream.makeStream()
        (gate, opener) = AsyncStream.makeStream()
    }

    /// Lets one call of `wait` go on.
    func release() { opener.yield() }

    func wait() async throws -> String {
        report.yield(.waiting)
        for await _ in gate {
            report.yield(.released)
            return "released"
        }
        report.yield(.cancelled)
        throw CancellationError()
    }

    static let echo = ThriftCall<String, String>("echo")
    static let repeated = ThriftCall<String, String, Int32>("repeated")
    static let wait = ThriftCall<String>("wait")

    var processor: ThriftProcessor {
        var methods = ThriftMethodTable<EchoService>()
        methods.add(Self.echo) { _, text in text }
        methods.add(Self.repeated) { _, text, count in String(repeating: text, count: Int(count)) }
        methods.add(Self.wait) { service in try await service.wait() }
        return ThriftProcessor(service: self, methods: methods)
    }
}

/// A client without any manners: bytes out, bytes in.
final class RawClient: Sendable {
    private let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>

    init(port: Int) async throws {
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture { try NIOAsyncChannel(wrappingChannelSynchronously: channel) }
            }
    }

    /// Runs `body` with a function that sends bytes and the stream of what comes back.
    func run<Value: Sendable>(
        _ body:
            @Sendable (
                _ send: @Sendable (ByteBuffer) async throws -> Void,
                inout NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
            ) async throws -> Value
    ) async throws -> Value {
        try await channel.executeThenClose { inbound, outbound in
            var iterator = inbound.makeAsyncIterator()
            return try await body({ try await outbound.write($0) }, &iterator)
        }
    }
}

/// A request as one frame.
func requestFrame<Result: ThriftResult, each Argument: ThriftArgument>(
    _ call: ThriftCall<Result, repeat each Argument>, _ arguments: repeat each Argument, sequence: Int32
) -> ByteBuffer {
    var writer = ThriftWriter()
    call.writeRequest(repeat each arguments, sequence: sequence, to: &writer)
    var frame = ByteBuffer(integer: Int32(writer.buffer.readableBytes))
    frame.writeImmutableBuffer(writer.buffer)
    return frame
}
