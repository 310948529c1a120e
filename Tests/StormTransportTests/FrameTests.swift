import NIOCore
import NIOEmbedded
import NIOTestUtils
import StormWire
import Testing

@testable import StormTransport

@Suite struct FrameDecoderTests {
    private func frames() throws -> [ByteBuffer] {
        let schema = try twoStepSchema()
        return [
            ControlFrame.hello(hello(), ByteBufferAllocator()), wire(tupleBatch(schema, to: 2)),
            wire(recordBatch(schema, AckRecord(.start, root: 1, value: 2, task: 4), to: 1)),
            wire(tupleBatch(schema, to: 3, text: String(repeating: "x", count: 3000))),
        ]
    }

    @Test func cutsTheSameFramesHoweverTheBytesArrive() throws {
        let frames = try frames()
        var stream = ByteBuffer()
        for frame in frames { stream.writeImmutableBuffer(frame) }
        // Whole, byte by byte, and split at every place.
        try ByteToMessageDecoderVerifier.verifyDecoder(inputOutputPairs: [(stream, frames)]) {
            FrameDecoder(maxFrameBytes: 1 << 20)
        }
    }

    @Test(arguments: [0, 1, 31, 1025, UInt32.max])
    func refusesLengthsOutOfBounds(_ length: UInt32) throws {
        let channel = EmbeddedChannel(handler: ByteToMessageHandler(FrameDecoder(maxFrameBytes: 1024)))
        var bytes = ByteBuffer()
        bytes.writeInteger(length, endianness: .little)
        #expect(throws: WireError.self) { try channel.writeInbound(bytes) }
        _ = try? channel.finish()  // The decoder has already reported its error.
    }

    @Test func anEndInsideAFrameIsAnError() throws {
        let channel = EmbeddedChannel(handler: ByteToMessageHandler(FrameDecoder(maxFrameBytes: 1024)))
        let frame = ControlFrame.welcome(incarnation: 1, ByteBufferAllocator())
        try channel.writeInbound(try #require(frame.getSlice(at: 0, length: 20)))
        #expect(throws: WireError.self) { try channel.finish() }
    }
}

@Suite struct FrameAssemblerTests {
    private let schema: Schema
    private let frames: [[UInt8]]

    init() throws {
        let schema = try twoStepSchema()
        self.schema = schema
        let batches = [
            tupleBatch(schema, to: 2), recordBatch(schema, AckRecord(.start, root: 1, value: 2, task: 4), to: 1),
            tupleBatch(schema, to: 3, text: String(repeating: "x", count: 3000)),
        ]
        frames = batches.map { Array(wire($0).readableBytesView) }
    }

    /// What comes out when the bytes arrive in these pieces.
    private func assembled(_ pieces: [ArraySlice<UInt8>]) throws -> [[UInt8]] {
        var assembler = FrameAssembler(maxFrameBytes: 1 << 20)
        var found: [[UInt8]] = []
        for piece in pieces {
            try piece.withUnsafeBytes { bytes in
                var rest = bytes
                while let batch = try assembler.next(&rest, { Batch(capacityBytes: $0 + 7, schema: schema) }) {
                    found.append(withExtendedLifetime(batch) { Array(batch.bytes) })
                }
                #expect(rest.isEmpty)
            }
        }
        #expect(assembler.pendingBytes == 0)
        return found
    }

    @Test func cutsTheSameFramesHoweverTheBytesArrive() throws {
        let stream = Array(frames.joined())
        #expect(try assembled([stream[...]]) == frames)
        for split in stream.indices { #expect(try assembled([stream[..<split], stream[split...]]) == frames) }
        for size in [1, 2, 3, 5, 31, 33, 1000] {
            let pieces = stride(from: 0, to: stream.count, by: size).map { stream[$0..<min($0 + size, stream.count)] }
            #expect(try assembled(pieces) == frames)
        }
    }

    @Test(arguments: [0, 1, 31, 1025, UInt32.max])
    func refusesLengthsOutOfBoundsBeforeItMakesRoom(_ length: UInt32) {
        var assembler = FrameAssembler(maxFrameBytes: 1024)
        #expect(throws: WireError.self) {
            try withUnsafeBytes(of: length.littleEndian) { bytes in
                var rest = bytes
                _ = try assembler.next(&rest) { count in
                    Issue.record("asked for \(count) bytes")
                    return Batch(capacityBytes: 1, schema: schema)
                }
            }
        }
    }

    @Test func knowsHowMuchOfAFrameIsMissing() throws {
        var assembler = FrameAssembler(maxFrameBytes: 1 << 20)
        for (index, byte) in frames[0].dropLast().enumerated() {
            try withUnsafeBytes(of: byte) { bytes in
                var rest = bytes
                let batch = try assembler.next(&rest) { Batch(capacityBytes: $0, schema: schema) }
                #expect(batch == nil)
            }
            #expect(assembler.pendingBytes == index + 1)
        }
    }
}

extension BatchCheck {
    fileprivate func check(_ batch: Batch) throws {
        // The bytes live as long as the batch does.
        try withExtendedLifetime(batch) { try check(batch.bytes) }
    }
}

@Suite struct BatchCheckTests {
    @Test func takesWhatItsTasksTake() throws {
        let schema = try twoStepSchema()
        let check = BatchCheck(schema)
        try check.check(tupleBatch(schema, to: 2))
        try check.check(recordBatch(schema, AckRecord(.ack, root: 1), to: 1))
        try check.check(recordBatch(schema, AckRecord(.completed, root: 1), to: 4))
    }

    @Test func refusesTuplesForAckersAndSpoutsAndRecordsForBolts() throws {
        let schema = try twoStepSchema()
        let check = BatchCheck(schema)
        for task: Int32 in [1, 4] {
            #expect(throws: WireError.self) { try check.check(tupleBatch(schema, to: task)) }
        }
        #expect(throws: WireError.self) {
            try check.check(recordBatch(schema, AckRecord(.ack, root: 1), to: 2))
        }
    }

    @Test(arguments: [Int32.min, -1, 0, 5, Int32.max]) func refusesUnknownTasks(_ task: Int32) throws {
        let schema = try twoStepSchema()
        #expect(throws: WireError("there is no task \(task)")) {
            try BatchCheck(schema).check(tupleBatch(schema, to: task))
        }
    }

    @Test func onlyReportsToSpoutsMayBeRepeated() throws {
        let schema = try twoStepSchema()
        let check = BatchCheck(schema)
        #expect(check.isRepeatable(recordBatch(schema, AckRecord(.completed, root: 1), to: 4)))
        #expect(!check.isRepeatable(recordBatch(schema, AckRecord(.ack, root: 1), to: 1)))
        #expect(!check.isRepeatable(tupleBatch(schema, to: 2)))
    }
}
