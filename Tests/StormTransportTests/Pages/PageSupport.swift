import NIOCore
import NIOPosix
import StormRuntime

@testable import StormTransport

/// Pages for tests. `/slow` is never answered; `/slow` requests that began and were given up are counted.
final class TestPages: PageSource {
    struct Seen: Sendable {
        var started = 0
        var cancelled = 0
    }

    let seen = Watched(Seen())

    func page(_ path: String, query: [String: String]) async -> Page? {
        switch path {
        case "/hello": return .text("hello \(query["name"] ?? "")\n")
        case "/large": return .text(String(repeating: "x", count: 5 << 20))
        case "/slow":
            seen.change { $0.started += 1 }
            // Ends when the task is cancelled; nobody sends.
            let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
            for await _ in stream {}
            continuation.finish()
            seen.change { $0.cancelled += 1 }
            return nil
        default: return nil
        }
    }
}

/// A plain TCP client that writes down what it is told.
final class TestClient: Sendable {
    private struct State: Sendable {
        var text = ""
        var isClosed = false
    }

    private let state: Watched<State>
    private let channel: any Channel

    private init(_ channel: any Channel, _ state: Watched<State>) {
        self.channel = channel
        self.state = state
    }

    static func connect(_ port: Int) async throws -> TestClient {
        let state = Watched(State())
        // Listens from the start: the other side may answer and close before this task goes on.
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Recorder(state))
                }
            }.connect(host: "127.0.0.1", port: port).get()
        channel.closeFuture.whenComplete { _ in state.change { $0.isClosed = true } }
        return TestClient(channel, state)
    }

    /// Sends bytes; that the other side has closed meanwhile is for the test to see in what it gets.
    func send(_ bytes: some Sequence<UInt8>) async {
        try? await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    }

    func send(_ text: String) async { await send(text.utf8) }

    /// All that came until the other side closed; nil when it did not in time.
    func answer() async -> String? {
        guard await state.wait({ $0.isClosed }) else { return nil }
        return state.current.text
    }

    func close() async {
        // It may be closed already.
        try? await channel.close().get()
    }

    private final class Recorder: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer

        private let state: Watched<State>

        init(_ state: Watched<State>) { self.state = state }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let text = String(decoding: unwrapInboundIn(data).readableBytesView, as: UTF8.self)
            state.change { $0.text += text }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}

/// A worker's transport that serves pages.
struct PageWorker: Sendable {
    let transport: WorkerTransport
    let receiver: RecordingReceiver
    let pages = TestPages()
    let port: Int

    init() async throws {
        receiver = RecordingReceiver(try twoStepSchema())
        // On a busy machine a client may need longer than the real limits between two steps.
        var configuration = configuration("node-b")
        configuration.handshakeTimeout = patience * 2
        var limits = PageServer.Limits()
        limits.deadline = TimeAmount(patience * 2)
        transport = WorkerTransport(
            configuration, group: MultiThreadedEventLoopGroup.singleton, logger: quietLogger())
        transport.attach(receiver)
        transport.serve(pages, limits: limits)
        try await transport.start()
        port = try transport.address("node-b").port
    }

    /// Sends a request and waits for the end of the answer.
    func exchange(_ request: String) async throws -> String? {
        let client = try await TestClient.connect(port)
        await client.send(request)
        return await client.answer()
    }
}
