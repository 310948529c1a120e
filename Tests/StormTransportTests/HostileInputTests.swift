import NIOCore
import NIOEmbedded
import StormWire
import Testing

@testable import StormTransport

/// What strangers and broken machines send to a worker's port.
@Suite struct HostileInputTests {
    /// The server side of a connection without a socket.
    private struct Server {
        let channel = EmbeddedChannel()
        let receiver: RecordingReceiver
        let counters = TransportCounters()

        init(returnsCredit: Bool = true) throws {
            let schema = try twoStepSchema()
            receiver = RecordingReceiver(schema, returnsCredit: returnsCredit)
            var settings = configuration("node-b")
            settings.maxFrameBytes = 64 << 10
            let shared = TransportShared(
                configuration: settings, hello: Server.hello(schema), receiver: receiver,
                check: BatchCheck(schema), counters: counters, routes: RouteTable(unplacedBytesMax: 1 << 20),
                gate: ChangeGate(),
                logger: quietLogger())
            let handler = InboundHandler(shared, InboundRegistry(), eventLoop: channel.eventLoop)
            try channel.pipeline.syncOperations.addHandler(handler)
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        }

        static func hello(_ schema: Schema) -> Hello {
            Hello(
                incarnation: 1, fingerprint: PlanFingerprint.of(schema), streamCount: schema.streams.count, port: 6700,
                topologyID: "words-1-1", token: "secret", node: "node-a")
        }

        /// The server answers errors by closing; what is written then fails, as it would in a socket.
        func write(_ bytes: ByteBuffer) { _ = try? channel.writeInbound(bytes) }

        func greet() { write(ControlFrame.hello(Server.hello(receiver.schema), ByteBufferAllocator())) }

        /// The numbers in each frame of confirmations that left since the last call.
        func confirmations() throws -> [[UInt64]] {
            var all: [[UInt64]] = []
            while let frame = try channel.readOutbound(as: ByteBuffer.self) {
                if case .confirmations(let numbers) = try Frame(frame) { all.append(numbers) }
            }
            return all
        }

        /// The other side ends the connection.
        func end() { _ = try? channel.finish(acceptAlreadyClosed: true) }

        var isOpen: Bool { channel.isActive }
        var badFrames: Int { counters.snapshot.badFrames }
    }

    @Test func aGoodConversationIsConfirmed() throws {
        let server = try Server()
        server.greet()
        #expect(try server.channel.readOutbound(as: ByteBuffer.self).map { try Frame($0) } == .welcome(incarnation: 1))
        for number: UInt64 in 1...3 { server.write(wire(tupleBatch(server.receiver.schema, to: 2), number)) }
        server.channel.embeddedEventLoop.advanceTime(by: Confirmer.delay)
        #expect(try server.confirmations() == [[1, 2, 3]])
        #expect(server.badFrames == 0)
        server.end()
    }

    @Test func anUrgentBatchIsConfirmedAtOnceAndTakesTheOthersAlong() throws {
        let server = try Server()
        server.greet()
        let schema = server.receiver.schema
        for isUrgent in [false, true] {
            let batch = tupleBatch(schema, to: 2)
            batch.isUrgent = isUrgent
            server.write(wire(batch, isUrgent ? 2 : 1))
            server.channel.embeddedEventLoop.run()
            #expect(try server.confirmations() == (isUrgent ? [[1, 2]] : []))
        }
        server.end()
    }

    @Test func whatIsExecutedLateIsConfirmedAtOnce() throws {
        let server = try Server(returnsCredit: false)
        server.greet()
        for number: UInt64 in 1...2 { server.write(wire(tupleBatch(server.receiver.schema, to: 2), number)) }
        server.channel.embeddedEventLoop.advanceTime(by: Confirmer.delay)
        #expect(try server.confirmations() == [])
        for batch in server.receiver.seen.current.received {
            batch.credit?.returnCredit(batch.byteCount, sequence: batch.sequence)
            server.channel.embeddedEventLoop.run()
        }
        #expect(try server.confirmations() == [[1], [2]])
        server.end()
    }

    @Test func manyExecutedBytesAreConfirmedBeforeTheTimer() throws {
        let server = try Server()
        server.greet()
        let text = String(repeating: "x", count: 30_000)
        for number: UInt64 in 1...3 {
            server.write(wire(tupleBatch(server.receiver.schema, to: 2, text: text), number))
        }
        server.channel.embeddedEventLoop.run()
        #expect(try server.confirmations() == [[1, 2, 3]])
        server.end()
    }

    @Test(arguments: ["GET / HTTP/1.1\r\n\r\n", "\u{0}\u{0}\u{0}\u{0}", "a line of some other protocol, long enough\n"])
    func strangersAreClosedAndCounted(_ text: String) throws {
        let server = try Server()
        server.write(ByteBuffer(string: text))
        #expect(!server.isOpen)
        #expect(server.badFrames == 1)
        server.end()
    }

    @Test func aLongFrameBeforeTheHandshakeIsRefused() throws {
        let server = try Server()
        server.write(wire(tupleBatch(server.receiver.schema, to: 2, text: String(repeating: "x", count: 20_000))))
        #expect(!server.isOpen)
        #expect(server.receiver.seen.current.received.isEmpty)
        server.end()
    }

    @Test func anOversizeFrameIsRefusedByItsLengthAlone() throws {
        let server = try Server()
        server.greet()
        var bytes = ByteBuffer()
        bytes.writeInteger(UInt32(64 << 10) + 1, endianness: .little)
        server.write(bytes)
        #expect(!server.isOpen)
        #expect(server.badFrames == 1)
        server.end()
    }

    @Test func silenceEndsWithTheHandshakeDeadline() throws {
        let server = try Server()
        server.channel.embeddedEventLoop.advanceTime(by: .seconds(4))
        #expect(server.isOpen)
        server.channel.embeddedEventLoop.advanceTime(by: .seconds(2))
        #expect(!server.isOpen)
        server.end()
    }

    /// TCP does nothing of the kind; whatever stands between two workers might.
    @Test(arguments: [[1, 1], [1, 2, 2], [1, 2, 1], [2, 1], [1, 3, 2], [1, 3], [2]] as [[UInt64]])
    func framesThatComeTwiceOrOutOfOrderOrNotAtAllAreFound(_ numbers: [UInt64]) throws {
        let server = try Server()
        server.greet()
        for number in numbers { server.write(wire(tupleBatch(server.receiver.schema, to: 2), number)) }
        #expect(!server.isOpen)
        #expect(server.badFrames == 1)
        let inOrder = zip(numbers, 1...).prefix { $0 == $1 }.count
        #expect(server.receiver.seen.current.received.count == inOrder)
        server.end()
    }

    @Test func aFrameInAnothersPlaceIsCalledThat() throws {
        let batch = tupleBatch(try twoStepSchema(), to: 2)
        batch.fillInChecksum(frame: 7)
        #expect(fault(batch, number: 9) == "frame 7 came in the place of frame 9")
        #expect(fault(batch, number: 7) == nil)
        // Only the low 32 bits travel.
        #expect(fault(batch, number: (1 << 32) + 7) == nil)
    }

    /// What is wrong with a batch that comes as the frame of this number.
    private func fault(_ batch: Batch, number: UInt64) -> String? {
        withExtendedLifetime(batch) {
            do throws(WireError) {
                return try Frame(batch.bytes, number: number) == .batch ? nil : "another kind of frame"
            } catch {
                return error.description
            }
        }
    }

    @Test func everySingleBitFlipInABatchIsFound() throws {
        let clean = wire(tupleBatch(try twoStepSchema(), to: 2))
        for bit in 0..<(clean.readableBytes * 8) {
            let server = try Server()
            server.greet()
            var bytes = clean
            let byte = bytes.getInteger(at: bit / 8, as: UInt8.self) ?? 0
            bytes.setInteger(byte ^ (1 << UInt8(bit % 8)), at: bit / 8)
            server.write(bytes)
            server.end()
            #expect(server.receiver.seen.current.received.isEmpty, "bit \(bit)")
            #expect(server.badFrames == 1, "bit \(bit)")
        }
    }

    @Test func everyTruncationIsFound() throws {
        let clean = wire(tupleBatch(try twoStepSchema(), to: 2))
        for length in 1..<clean.readableBytes {
            let server = try Server()
            server.greet()
            server.write(clean.getSlice(at: 0, length: length) ?? ByteBuffer())
            server.end()
            #expect(server.receiver.seen.current.received.isEmpty)
            #expect(server.badFrames == 1, "\(length) bytes")
        }
    }

    /// Frames with sound length and checksum around random contents: only the checks of the contents stand in the way.
    @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
    func soundFramesWithRandomContentsNeverCrash(_ seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let schema = try twoStepSchema()
        for _ in 0..<400 {
            let server = try Server()
            server.greet()
            let before = server.receiver.seen.current.received.count
            server.write(mutated(schema, &random))
            let delivered = server.receiver.seen.current.received.count - before
            #expect(delivered == 1 || (!server.isOpen && server.badFrames == 1), "seed \(seed)")
            server.end()
        }
    }

    /// A good batch with a few random bytes in it, and a checksum that fits them.
    private func mutated(_ schema: Schema, _ random: inout SplitMix) -> ByteBuffer {
        let batch =
            Bool.random(using: &random)
            ? tupleBatch(schema, to: 2, text: "some words")
            : recordBatch(schema, AckRecord(.ack, root: 1, value: 3, task: 4), to: 1)
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let place = Int.random(in: BatchLayout.kindOffset..<batch.byteCount, using: &random)
            batch.base.put(UInt8.random(in: 0...255, using: &random), place)
        }
        return wire(batch)
    }
}
