import HostileBytes
import NIOCore
import StormThrift
import Testing

/// Spoiled calls out of a kept corpus, against the decoders and against the port of a nimbus.
@Suite(.serialized, .timeLimit(.minutes(3))) struct HostileCorpusTests {
    private static func frame(_ message: [UInt8]) -> ByteBuffer {
        var frame = ByteBuffer(integer: Int32(message.count))
        frame.writeBytes(message)
        return frame
    }

    /// What clients say to a nimbus: each conversation is one or more framed calls.
    private static func conversations() -> [String: ByteBuffer] {
        typealias Calls = NimbusCalls
        var session = requestFrame(Calls.getLeader, sequence: 1)
        session.writeImmutableBuffer(requestFrame(Calls.beginFileUpload, sequence: 2))
        session.writeImmutableBuffer(
            requestFrame(Calls.uploadChunk, "upload-1", ThriftBinary([UInt8](repeating: 7, count: 5000)), sequence: 3))
        session.writeImmutableBuffer(requestFrame(Calls.finishFileUpload, "upload-1", sequence: 4))
        return [
            "cluster-info": requestFrame(Calls.getClusterInfo, sequence: 1),
            "submit": requestFrame(
                Calls.submitTopologyWithOpts, "name", "location", "{\"topology.workers\":2}", Samples.stormTopology(),
                Samples.submitOptions(), sequence: 2),
            "kill": requestFrame(Calls.killTopologyWithOpts, "name", Samples.killOptions(), sequence: 3),
            "rebalance": requestFrame(Calls.rebalance, "name", Samples.rebalanceOptions(), sequence: 4),
            "log-config": requestFrame(Calls.setLogConfig, "name", Samples.logConfig(), sequence: 5),
            "credentials": requestFrame(Calls.uploadNewCredentials, "name", Samples.credentials(), sequence: 6),
            "create-blob": requestFrame(Calls.beginCreateBlob, "key", Samples.settableBlobMeta(), sequence: 7),
            "component-page": requestFrame(Calls.getComponentPageInfo, "id", "bolt", ":all-time", true, sequence: 8),
            "upload-session": session,
            "old-header": frame(bytes(hex: "00000008 6163746976617465 01 00000001 0b 0001 00000001 61 00")),
            "unknown-method": frame(bytes(hex: "80010001 00000003 666c79 00000001 00")),
            "http-get": ByteBuffer(string: "GET / HTTP/1.1\r\nHost: nimbus:6627\r\n\r\n"),
            "unframed-call": ByteBuffer(bytes: bytes(hex: "80010001 00000009 6765744c6561646572 00000001 00")),
        ]
    }

    /// What a nimbus answers, without frames.
    private static func replies() async throws -> [String: [UInt8]] {
        let processor = ThriftProcessor.nimbus(RecordingNimbus())
        var replies: [String: [UInt8]] = [:]
        for (name, call) in [
            ("cluster-info", request(NimbusCalls.getClusterInfo)),
            ("topology-info", request(NimbusCalls.getTopologyInfo, "id")),
            ("topology", request(NimbusCalls.getTopology, "id")),
            ("page", request(NimbusCalls.getTopologyPageInfo, "id", ":all-time", true)),
        ] {
            replies[name] = try await processor.reply(to: call)
        }
        return replies
    }

    private static func request<Result: ThriftResult, each Argument: ThriftArgument>(
        _ call: ThriftCall<Result, repeat each Argument>, _ arguments: repeat each Argument
    ) -> [UInt8] {
        var writer = ThriftWriter()
        call.writeRequest(repeat each arguments, sequence: 1, to: &writer)
        return writer.bytes
    }

    @Test func theCorpusHoldsWhatClientsAndServersSay() async throws {
        let all = [
            ("nimbus", Self.conversations().mapValues { Array($0.readableBytesView) }),
            ("nimbus-replies", try await Self.replies()),
        ]
        for (kind, wanted) in all {
            var corpus = try Corpus(kind)
            for (name, bytes) in wanted.sorted(by: { $0.key < $1.key }) {
                #expect(
                    try corpus.keep(name, bytes),
                    "\(kind)/\(name) is missing: run the tests once with STORM_RECORD_CORPUS=1 and keep the new files")
            }
        }
    }

    @Test(arguments: hostileSeeds(8))
    func aServerAnswersOrRefusesWhateverComes(_ seed: UInt64) async throws {
        let processor = ThriftProcessor.nimbus(RecordingNimbus())
        var mutator = Mutator(try Corpus("nimbus"), seed: seed)
        var answered = 0
        var refused = 0
        for _ in 0..<400 {
            var decoder = ThriftFrameDecoder(frameBytesMax: 1_048_576)
            var buffer = ByteBuffer()
            do {
                for piece in mutator.pieces(mutator.next()) {
                    buffer.writeBytes(piece)
                    while let request = try decoder.decode(buffer: &buffer) {
                        let reply = try await processor.reply(to: request)
                        var reader = ThriftReader(reply)
                        #expect([.reply, .exception].contains(try reader.readMessageHeader().kind), "seed \(seed)")
                        answered += 1
                    }
                }
            } catch is ThriftError {
                refused += 1
            }
        }
        // The generator is of no use when it only ever meets one door.
        #expect(answered > 50)
        #expect(refused > 50)
    }

    @Test(arguments: hostileSeeds(4))
    func aClientReadsOrRefusesWhateverANimbusAnswers(_ seed: UInt64) throws {
        var mutator = Mutator(try Corpus("nimbus-replies"), seed: seed)
        for _ in 0..<500 {
            let bytes = mutator.next()
            expectOnlyThrows {
                try NimbusCalls.getClusterInfo.readReply(from: &$0, sequence: 1)
            } reading: {
                bytes
            }
            expectOnlyThrows {
                try NimbusCalls.getTopologyInfo.readReply(from: &$0, sequence: 1)
            } reading: {
                bytes
            }
            expectOnlyThrows {
                try NimbusCalls.getTopology.readReply(from: &$0, sequence: 1)
            } reading: {
                bytes
            }
            expectOnlyThrows {
                try NimbusCalls.getTopologyPageInfo.readReply(from: &$0, sequence: 1)
            } reading: {
                bytes
            }
        }
    }

    /// A value or an error are both right; anything else would end the test's process.
    private func expectOnlyThrows<Value>(
        _ read: (inout ThriftReader) throws -> Value, reading bytes: () -> [UInt8]
    ) {
        var reader = ThriftReader(bytes: bytes())
        do { _ = try read(&reader) } catch { #expect("\(error)".count < 10_000) }
    }

    @Test func aNimbusGoesOnWhileStrangersTalkToItsPort() async throws {
        let corpus = try Corpus("nimbus")
        try await withServer(.nimbus(RecordingNimbus())) { server async throws in
            let client = try await NimbusClient.connect(host: "127.0.0.1", port: server.port)
            _ = try await client.getClusterInfo()
            let before = try #require(Stranger.residentBytes())
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { () async throws in
                    var mutator = Mutator(corpus, seed: 1)
                    for _ in 0..<400 {
                        let pieces = mutator.pieces(mutator.next())
                        let end = Stranger.say(pieces, to: "127.0.0.1", port: server.port, milliseconds: 5000)
                        #expect(end == .closed)
                    }
                }
                group.addTask { () async throws in
                    for _ in 0..<100 { #expect(try await client.getClusterInfo() == Samples.clusterSummary()) }
                }
                try await group.waitForAll()
            }
            let after = try #require(Stranger.residentBytes())
            #expect(after - before < 32 << 20, "\(before) bytes before, \(after) after")
            #expect(try await client.getClusterInfo() == Samples.clusterSummary())
            await client.close()
        }
    }
}
