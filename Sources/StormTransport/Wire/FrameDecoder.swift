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

    /// Longest time from the first byte of a frame to its last one; nil: any.
    private let timeout: TimeAmount?
    private var watch = FrameWatch()
    private var pendingBytes = 0
    private var timer: Scheduled<Void>?

    init(maxFrameBytes: Int, timeout: TimeAmount? = nil) {
        self.maxFrameBytes = maxFrameBytes
        self.timeout = timeout
    }

    func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
        let state = try next(context: context, buffer: &buffer)
        if state == .continue { watch.completed() }
        pendingBytes = buffer.readableBytes
        if state == .needMoreData, watch.began(pendingBytes: pendingBytes) { startTimer(context) }
        return state
    }

    func decoderRemoved(context: ChannelHandlerContext) { timer?.cancel() }

    private func startTimer(_ context: ChannelHandlerContext) {
        guard let timeout else { return }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(in: timeout) {
            let (decoder, context) = bound.value
            decoder.look(context)
        }
    }

    private func look(_ context: ChannelHandlerContext) {
        switch watch.look(pendingBytes: pendingBytes) {
        case .nothingWaits: break
        case .lookAgain: startTimer(context)
        case .stuck: context.fireErrorCaught(WireError(FrameWatch.fault))
        }
    }

    private func next(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
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
