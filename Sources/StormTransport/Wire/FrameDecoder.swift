import NIOCore
import StormWire

/// Cuts what a server says into frames by the length in their header. Confined to its event loop. (A server, which gets
/// the batches, has `FrameAssembler`.)
///
/// Emits each frame whole, header included. A length out of bounds, or an end inside a frame, throws `WireError`.
final class FrameDecoder: ByteToMessageDecoder {
    typealias InboundOut = ByteBuffer

    /// Longest frame accepted.
    private let maxFrameBytes: Int

    init(maxFrameBytes: Int) { self.maxFrameBytes = maxFrameBytes }

    func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
        guard let length = buffer.getInteger(at: buffer.readerIndex, endianness: .little, as: UInt32.self) else {
            return .needMoreData
        }
        guard length >= BatchLayout.headerBytes, length <= maxFrameBytes else {
            throw WireError("a frame of \(length) bytes; \(BatchLayout.headerBytes) to \(maxFrameBytes) are allowed")
        }
        guard let frame = buffer.readSlice(length: Int(length)) else { return .needMoreData }
        context.fireChannelRead(wrapInboundOut(frame))
        return .continue
    }

    func decodeLast(context: ChannelHandlerContext, buffer: inout ByteBuffer, seenEOF: Bool) throws -> DecodingState {
        while try decode(context: context, buffer: &buffer) == .continue {}
        let rest = buffer.readableBytes
        buffer.moveReaderIndex(forwardBy: rest)
        if seenEOF, rest > 0 { throw WireError("the connection ended inside a frame, after \(rest) bytes of it") }
        return .needMoreData
    }
}
