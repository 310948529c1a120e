import NIOCore
import NIOEmbedded
import StormWire
import Testing

@testable import StormTransport

/// The first handler of an accepted connection, without a socket.
@Suite struct SnifferTests {
    private struct Server {
        let channel = EmbeddedChannel()
        let counters = TransportCounters()
        let schema: Schema

        init() throws {
            schema = try twoStepSchema()
            let shared = TransportShared(
                configuration: configuration("node-b"), hello: Server.hello(schema),
                receiver: RecordingReceiver(schema), check: BatchCheck(schema), counters: counters,
                routes: RouteTable(unplacedBytesMax: 1 << 20), gate: ChangeGate(), logger: quietLogger())
            let sniffer = ConnectionSniffer(
                shared, InboundRegistry(), PageServer(TestPages(), logger: quietLogger()))
            try channel.pipeline.syncOperations.addHandler(sniffer)
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        }

        static func hello(_ schema: Schema) -> Hello {
            Hello(
                incarnation: 1, fingerprint: PlanFingerprint.of(schema), streamCount: schema.streams.count, port: 6700,
                topologyID: "words-1-1", token: "secret", node: "node-a")
        }

        /// The server answers errors by closing; what is written then fails, as it would in a socket.
        func write(_ bytes: ByteBuffer) { _ = try? channel.writeInbound(bytes) }
        func end() { _ = try? channel.finish(acceptAlreadyClosed: true) }
    }

    @Test func aHandshakeInSingleBytesIsWelcome() throws {
        let server = try Server()
        var hello = ControlFrame.hello(Server.hello(server.schema), ByteBufferAllocator())
        while let byte = hello.readSlice(length: 1) { server.write(byte) }
        #expect(try server.channel.readOutbound(as: ByteBuffer.self).map { try Frame($0) } == .welcome(incarnation: 1))
        #expect(server.counters.snapshot.badFrames == 0)
        server.end()
    }

    @Test(arguments: ["", "GE"])
    func silenceEndsWithTheHandshakeDeadline(_ text: String) throws {
        let server = try Server()
        if !text.isEmpty { server.write(ByteBuffer(string: text)) }
        server.channel.embeddedEventLoop.advanceTime(by: .seconds(4))
        #expect(server.channel.isActive)
        server.channel.embeddedEventLoop.advanceTime(by: .seconds(2))
        #expect(!server.channel.isActive)
        server.end()
    }

    @Test func aRequestThatDoesNotEndIsClosedAtItsDeadline() throws {
        let server = try Server()
        server.write(ByteBuffer(string: "GET /hello HTTP/1.1\r\n"))
        for _ in 0..<9 {
            server.channel.embeddedEventLoop.advanceTime(by: .seconds(1))
            server.write(ByteBuffer(string: "x: y\r\n"))
        }
        #expect(server.channel.isActive)
        server.channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(!server.channel.isActive)
        #expect(server.counters.snapshot.badFrames == 0)
        server.end()
    }

    @Test func aConnectionThatEndsUndecidedIsCounted() throws {
        let server = try Server()
        server.write(ByteBuffer(string: "HEA"))
        server.end()
        #expect(server.counters.snapshot.badFrames == 1)
    }
}
