import NIOCore
import NIOEmbedded
import NIOTestUtils
import StormThrift
import Testing

@Suite struct ThriftFrameDecoderTests {
    private func frame(_ payload: [UInt8]) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.writeInteger(Int32(payload.count))
        buffer.writeBytes(payload)
        return buffer
    }

    @Test func framesAreFoundHoweverTheBytesArrive() throws {
        let payloads: [[UInt8]] = [[1], [2, 3], Array(repeating: 7, count: 100)]
        try ByteToMessageDecoderVerifier.verifyDecoder(
            inputOutputPairs: payloads.map { (frame($0), [ByteBuffer(bytes: $0)]) },
            decoderFactory: { ThriftFrameDecoder(frameBytesMax: 100) })
    }

    @Test(arguments: [Int32(0), -1, .min, 101, .max])
    func lengthOutOfRangeIsAnError(_ length: Int32) throws {
        let channel = EmbeddedChannel(handler: ByteToMessageHandler(ThriftFrameDecoder(frameBytesMax: 100)))
        var buffer = ByteBuffer()
        buffer.writeInteger(length)
        #expect(throws: ThriftError.self) { try channel.writeInbound(buffer) }
        #expect(try channel.readInbound(as: ByteBuffer.self) == nil)
        _ = try channel.finish()
    }

    @Test func endInsideAFrameDropsIt() throws {
        let channel = EmbeddedChannel(handler: ByteToMessageHandler(ThriftFrameDecoder(frameBytesMax: 100)))
        var buffer = frame([1, 2, 3])
        try channel.writeInbound(buffer.readSlice(length: 5)!)
        _ = try channel.finish()
        #expect(try channel.readInbound(as: ByteBuffer.self) == nil)
    }
}
