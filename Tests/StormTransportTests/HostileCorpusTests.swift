import HostileBytes
import NIOCore
import NIOEmbedded
import NIOPosix
import StormCore
import StormRuntime
import StormWire
import Synchronization
import Testing

@testable import StormTransport

/// Spoiled conversations out of a kept corpus, against the decoders and against the ports of working workers.
@Suite(.serialized, .timeLimit(.minutes(3))) struct HostileCorpusTests {
    /// What workers say to each other, as this version of the protocol writes it.
    private static func conversations() throws -> [String: ByteBuffer] {
        let schema = try twoStepSchema()
        let allocator = ByteBufferAllocator()
        let greeting = ControlFrame.hello(own(schema), allocator)
        var tuples = greeting
        for number in 0..<3 {
            tuples.writeImmutableBuffer(wire(tupleBatch(schema, to: 2, number: number), UInt64(number + 1)))
        }
        var records = greeting
        for (kind, number) in [(AckRecord.Kind.start, 1), (.ack, 2), (.fail, 3)] as [(AckRecord.Kind, UInt64)] {
            records.writeImmutableBuffer(
                wire(recordBatch(schema, AckRecord(kind, root: 1, value: 3, task: 4), to: 1), number))
        }
        var long = greeting
        long.writeImmutableBuffer(wire(tupleBatch(schema, to: 3, text: String(repeating: "long ", count: 3000))))
        var stranger = own(schema)
        stranger.token = "guessed"
        let version = "v\(Hello.currentVersion)"
        return [
            "hello-\(version)": greeting, "tuples-\(version)": tuples, "records-\(version)": records,
            "long-tuple-\(version)": long, "wrong-token-\(version)": ControlFrame.hello(stranger, allocator),
            "no-hello-\(version)": wire(tupleBatch(schema, to: 2)),
            "http-get": ByteBuffer(string: "GET /audit HTTP/1.1\r\nHost: worker:6700\r\nAccept: */*\r\n\r\n"),
            "http-post": ByteBuffer(string: "POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n{}"),
            "tls-hello": ByteBuffer(bytes: [0x16, 3, 1, 0, 0xA5, 1, 0, 0, 0xA1, 3, 3] + (0..<0xA0).map { UInt8($0) }),
        ]
    }

    /// What a server says.
    private static func answers() -> [String: ByteBuffer] {
        let allocator = ByteBufferAllocator()
        var confirmed = ControlFrame.welcome(incarnation: 7, allocator)
        for first in [1, 100] as [UInt64] {
            confirmed.writeImmutableBuffer(ControlFrame.confirmations(Array(first..<first + 20)[...], allocator))
        }
        return [
            "welcome": ControlFrame.welcome(incarnation: 7, allocator), "confirmations": confirmed,
            "refusal": ControlFrame.refusal("wrong worker token", allocator),
        ]
    }

    private static func own(_ schema: Schema) -> Hello {
        Hello(
            incarnation: 1, fingerprint: PlanFingerprint.of(schema), streamCount: schema.streams.count, port: 6700,
            topologyID: "words-1-1", token: "secret", node: "node-a")
    }

    @Test func theCorpusHoldsWhatThisVersionSays() throws {
        for (kind, wanted) in [("worker", try Self.conversations()), ("worker-answers", Self.answers())] {
            var corpus = try Corpus(kind)
            for (name, bytes) in wanted.sorted(by: { $0.key < $1.key }) {
                #expect(
                    try corpus.keep(name, Array(bytes.readableBytesView)),
                    "\(kind)/\(name) is missing: run the tests once with STORM_RECORD_CORPUS=1 and keep the new files")
            }
        }
    }

    @Test(arguments: hostileSeeds(8))
    func aServerTakesOrRefusesWhateverComes(_ seed: UInt64) throws {
        let schema = try twoStepSchema()
        var mutator = Mutator(try Corpus("worker"), seed: seed)
        var delivered = 0
        var refused = 0
        for round in 0..<400 {
            let server = try Server(schema)
            var bytes = mutator.next()
            // Every other one with sound checksums, so that what stands behind them is reached.
            if round % 2 == 0 { seal(&bytes) }
            for piece in mutator.pieces(bytes) { server.write(piece) }
            server.end()
            delivered += server.receiver.fields > 0 ? 1 : 0
            refused += server.badFrames > 0 || server.refusals > 0 ? 1 : 0
            #expect(server.badFrames <= 1, "seed \(seed), round \(round)")
        }
        // The generator is of no use when it only ever meets one door. What older versions say is refused, too.
        #expect(delivered > 8)
        #expect(refused > 100)
    }

    @Test(arguments: hostileSeeds(4))
    func aClientTakesOrRefusesWhateverAServerSays(_ seed: UInt64) throws {
        var mutator = Mutator(try Corpus("worker-answers"), seed: seed)
        for round in 0..<500 {
            let channel = EmbeddedChannel(
                handler: ByteToMessageHandler(FrameDecoder(maxFrameBytes: ControlFrame.maxBytes)))
            var bytes = mutator.next()
            if round % 2 == 0 { seal(&bytes) }
            do {
                for piece in mutator.pieces(bytes) { try channel.writeInbound(ByteBuffer(bytes: piece)) }
                while let frame = try channel.readInbound(as: ByteBuffer.self) { _ = try Frame(frame) }
                _ = try channel.finish(acceptAlreadyClosed: true)
            } catch is WireError {
                _ = try? channel.finish(acceptAlreadyClosed: true)  // throws the same error again
            }
        }
    }

    @Test func workersGoOnWhileStrangersTalkToTheirPorts() async throws {
        let count = 20_000
        let pair = try TwoWorkers(count: count, acker: .withBolt)
        let (near, far) = try await pair.run()
        let ports = try [near, far].map { try #require($0.transport.localPort) }
        #expect(await pair.ledger.wait { $0.acked > 100 })
        let before = try #require(Stranger.residentBytes())
        let corpus = try Corpus("worker")
        await withTaskGroup(of: Void.self) { group in
            for (index, port) in ports.enumerated() {
                group.addTask {
                    var mutator = Mutator(corpus, seed: UInt64(index + 1))
                    for _ in 0..<200 {
                        let pieces = mutator.pieces(mutator.next())
                        let end = Stranger.say(pieces, to: "127.0.0.1", port: port, milliseconds: 5000)
                        #expect(end == .closed)
                    }
                }
            }
        }
        #expect(await pair.ledger.wait { $0.acked == count })
        #expect(pair.ledger.current.failed == 0)
        let refusals = [near, far].map { $0.transport.statistics.badFrames + $0.transport.statistics.refusals }
        #expect(refusals.allSatisfy { $0 > 50 })
        let after = try #require(Stranger.residentBytes())
        #expect(after - before < 64 << 20, "\(before) bytes before, \(after) after")
        await pair.expectConservation(count: count, near: near.engine)
        await near.stop()
        await far.stop()
    }

    /// Puts the right checksum into each frame that is whole, batches numbered as they stand.
    private func seal(_ bytes: inout [UInt8]) {
        var start = 0
        var number: UInt32 = 0
        while start + BatchLayout.headerBytes <= bytes.count {
            let length = bytes.withUnsafeBytes {
                Int(UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: start, as: UInt32.self)))
            }
            guard length >= BatchLayout.headerBytes, start + length <= bytes.count else { return }
            let checksum = bytes.withUnsafeBytes {
                Checksum.crc32c(UnsafeRawBufferPointer(rebasing: $0[start + BatchLayout.kindOffset..<start + length]))
            }
            let isBatch = BatchKind(rawValue: bytes[start + BatchLayout.kindOffset]) != nil
            if isBatch { number += 1 }
            withUnsafeBytes(of: (isBatch ? checksum ^ number : checksum).littleEndian) {
                for offset in 0..<4 { bytes[start + BatchLayout.checksumOffset + offset] = $0[offset] }
            }
            start += length
        }
    }
}

extension HostileCorpusTests {
    /// The server side of a connection without a socket.
    private struct Server {
        let channel = EmbeddedChannel()
        let receiver: ReadingReceiver
        private let counters = TransportCounters()

        init(_ schema: Schema) throws {
            receiver = ReadingReceiver(schema)
            var settings = configuration("node-b")
            settings.maxFrameBytes = 64 << 10
            let shared = TransportShared(
                configuration: settings, hello: HostileCorpusTests.own(schema), receiver: receiver,
                check: BatchCheck(schema), counters: counters, routes: RouteTable(unplacedBytesMax: 1 << 20),
                gate: ChangeGate(), logger: quietLogger())
            let handler = InboundHandler(shared, InboundRegistry(), eventLoop: channel.eventLoop)
            try channel.pipeline.syncOperations.addHandler(handler)
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        }

        /// The server answers errors by closing; what is written then fails, as it would in a socket.
        func write(_ bytes: ArraySlice<UInt8>) { _ = try? channel.writeInbound(ByteBuffer(bytes: bytes)) }

        /// The other side ends the connection.
        func end() { _ = try? channel.finish(acceptAlreadyClosed: true) }

        var badFrames: Int { counters.snapshot.badFrames }
        var refusals: Int { counters.snapshot.refusals }
    }

    /// An engine that reads every field of what it gets: a check that let too much through would end the process here.
    private final class ReadingReceiver: BatchReceiver {
        let schema: Schema
        private let count = Mutex(0)

        init(_ schema: Schema) { self.schema = schema }

        var fields: Int { count.withLock { $0 } }

        func receive(_ batch: Batch) {
            let read = batch.kind == .tuples ? readTuples(batch) : readRecords(batch)
            count.withLock { $0 += read }
            batch.credit?.returnCredit(batch.byteCount, sequence: batch.sequence)
        }

        private func readTuples(_ batch: Batch) -> Int {
            var read = 0
            var p = UnsafeRawPointer(batch.payload)
            for _ in 0..<batch.count {
                let anchors = Int(p.u16(6))
                let fields = Int(p.u8(8))
                let start = p + BatchLayout.tupleHeaderBytes + anchors * BatchLayout.anchorBytes
                for index in 0..<fields { _ = Value(at: FieldReader.field(index, from: start)) }
                read += fields
                p += Int(p.u32(0))
            }
            return read
        }

        private func readRecords(_ batch: Batch) -> Int {
            let payload = UnsafeRawPointer(batch.payload)
            let known = (0..<batch.count).count { AckRecord(at: payload + $0 * AckRecord.byteCount) != nil }
            #expect(known == batch.count)
            return batch.count
        }

        func lost(_ batch: Batch) {}
        func processLost(of tasks: [TaskID]) {}
    }
}
