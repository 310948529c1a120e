package import NIOCore

/// Cuts the byte stream into messages: each stands behind its length, four bytes, big-endian.
///
/// A length that is not positive or over the limit ends the connection, as in Storm's servers; nothing is set aside for
/// a frame before its bytes come.
package struct ThriftFrameDecoder: NIOSingleStepByteToMessageDecoder {
    package typealias InboundOut = ByteBuffer

    package let frameBytesMax: Int
    private static let lengthBytes = 4

    package init(frameBytesMax: Int) { self.frameBytesMax = frameBytesMax }

    package mutating func decode(buffer: inout ByteBuffer) throws -> ByteBuffer? {
        guard let announced = buffer.getInteger(at: buffer.readerIndex, as: Int32.self) else { return nil }
        let length = Int(announced)
        guard length > 0 else { throw ThriftError(.malformed, "frame of \(length) bytes: not a framed Thrift peer") }
        guard length <= frameBytesMax else {
            throw ThriftError(
                .limitExceeded,
                "frame of \(length) bytes is over the limit of \(frameBytesMax): raise nimbus.thrift.max_buffer_size "
                    + "(drpc.max_buffer_size for DRPC), or the peer does not speak framed Thrift")
        }
        guard buffer.readableBytes >= Self.lengthBytes + length else { return nil }
        buffer.moveReaderIndex(forwardBy: Self.lengthBytes)
        return buffer.readSlice(length: length)
    }

    package mutating func decodeLast(buffer: inout ByteBuffer, seenEOF: Bool) throws -> ByteBuffer? {
        try decode(buffer: &buffer)
    }
}

extension ChannelHandlerContext {
    /// Writes a message as one frame and flushes.
    func writeFrame(_ message: ByteBuffer, promise: EventLoopPromise<Void>?) {
        var length = channel.allocator.buffer(capacity: 4)
        length.writeInteger(Int32(message.readableBytes))
        write(NIOAny(length), promise: nil)
        writeAndFlush(NIOAny(message), promise: promise)
    }
}
