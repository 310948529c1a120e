import Glibc
import NIOCore
import NIOPosix
import StormConsole
import Testing

/// The client against servers that say what they like, over loopback.
@Suite(.timeLimit(.minutes(3))) struct PageClientTests {
    /// Accepts connections and says `text` as soon as something comes in; then closes, or waits.
    private final class Server: Sendable {
        let channel: any Channel

        init(_ text: String, closes: Bool = true) async throws {
            channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(Talker(text, closes: closes))
                    }
                }.bind(host: "127.0.0.1", port: 0).get()
        }

        var place: WorkerPlace { WorkerPlace(host: "127.0.0.1", port: channel.localAddress?.port ?? 0) }

        func close() async throws { try await channel.close().get() }
    }

    private final class Talker: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let text: String
        private let closes: Bool

        init(_ text: String, closes: Bool) {
            self.text = text
            self.closes = closes
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let (channel, closes) = (context.channel, closes)
            let written = context.eventLoop.makePromise(of: Void.self)
            written.futureResult.whenComplete { _ in if closes { channel.close(promise: nil) } }
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: written)
        }
    }

    private func failure(_ text: String, closes: Bool = true, limit: Duration = .seconds(120)) async throws -> String? {
        let server = try await Server(text, closes: closes)
        let failure = await #expect(throws: PageClient.Failure.self) {
            _ = try await PageClient.get("/audit", from: server.place, within: limit)
        }
        try await server.close()
        return failure?.description
    }

    @Test func anAnswerHasAStatusAndABody() async throws {
        let server = try await Server("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 5\r\n\r\nstart")
        let answer = try await PageClient.get("/audit", from: server.place, within: .seconds(120))
        #expect(answer == PageClient.Answer(status: 503, body: Array("start".utf8)))
        try await server.close()
    }

    @Test func aBodyMayEndWithTheConnection() async throws {
        let server = try await Server("HTTP/1.1 200 OK\r\n\r\nall of it")
        let answer = try await PageClient.get("/audit", from: server.place, within: .seconds(120))
        #expect(String(decoding: answer.body, as: UTF8.self) == "all of it")
        try await server.close()
    }

    @Test func nobodyThereIsSaidInWords() async throws {
        // Taken, so that nobody else listens there, but nobody listens.
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try #require(descriptor >= 0)
        defer { Glibc.close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        try #require(isBound)
        let place = WorkerPlace(host: "127.0.0.1", port: Int(UInt16(bigEndian: address.sin_port)))
        let failure = await #expect(throws: PageClient.Failure.self) {
            _ = try await PageClient.get("/", from: place, within: .seconds(120))
        }
        #expect(failure?.description == "Connection refused")
    }

    @Test func anAnswerThatDoesNotEndIsGivenUp() async throws {
        let text = try await failure(
            "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nst", closes: false, limit: .milliseconds(50))
        #expect(text?.hasPrefix("no answer within") == true)
    }

    @Test func whatIsNotHTTPIsSaid() async throws {
        #expect(try await failure("\u{1}\u{2}nonsense\r\n\r\n") == "the answer is not HTTP")
    }

    @Test func aConnectionThatIsClosedInTheMiddleIsAFailure() async throws {
        #expect(try await failure("HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nst") != nil)
        #expect(try await failure("HTTP/1.1 200") != nil)
    }

    @Test func anAnswerThatIsTooLongIsGivenUp() async throws {
        let text = String(repeating: "x", count: PageClient.bodyBytesMax + 1)
        let said = try await failure("HTTP/1.1 200 OK\r\ncontent-length: \(text.utf8.count)\r\n\r\n" + text)
        #expect(said?.contains("longer than") == true)
    }
}
