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
