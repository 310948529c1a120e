import NIOCore
import StormWire

/// A frame that came in, checked. Pure: the same bytes give the same frame or the same error.
enum Frame: Equatable {
    case batch
    case hello(Hello)
    case welcome(incarnation: UInt64)
    case refusal(String)
    case confirmations([UInt64])

    /// Checks length, checksum, number and kind, and decodes control frames. The payload of a batch is left to `BatchCheck`.
    /// - Parameters:
    ///   - bytes: a whole frame.
    ///   - number: of the next batch on this connection. One that has another is a copy, or took another's place.
    init(_ bytes: UnsafeRawBufferPointer, number: UInt64) throws(WireError) {
        guard let base = bytes.baseAddress, bytes.count >= BatchLayout.headerBytes else {
            throw WireError("a frame of \(bytes.count) bytes is shorter than its header")
        }
        let covered = UnsafeRawBufferPointer(rebasing: bytes[BatchLayout.kindOffset...])
        let kind = base.u8(BatchLayout.kindOffset)
        let isBatch = BatchKind(rawValue: kind) != nil
        // The number that the sender has put in; 0 in control frames.
        let found = Checksum.crc32c(covered) ^ base.u32(BatchLayout.checksumOffset)
        let expected = isBatch ? UInt32(truncatingIfNeeded: number) : 0
        guard found == expected else { throw Frame.fault(bytes.count, isBatch: isBatch, found, expected) }
        if isBatch {
            self = .batch
            return
        }
        guard let control = ControlKind(rawValue: kind) else { throw WireError("unknown frame kind \(kind)") }
        guard bytes.count <= ControlFrame.maxBytes else {
            throw WireError("a control frame of \(bytes.count) bytes")
        }
        var payload = ByteBuffer(bytes: UnsafeRawBufferPointer(rebasing: bytes[BatchLayout.headerBytes...]))
        self = try Frame.control(control, count: Int(base.u32(BatchLayout.countOffset)), &payload)
    }

    /// A frame that a server sends, or a client's first one: there is no batch before them.
    init(_ bytes: ByteBuffer) throws(WireError) {
        self = try bytes.withUnsafeReadableBytes { raw throws(WireError) in try Frame(raw, number: 1) }
    }

    /// A number close by is more likely the frame's own than chance.
    private static func fault(_ byteCount: Int, isBatch: Bool, _ found: UInt32, _ expected: UInt32) -> WireError {
        let distance = found &- expected
        guard isBatch, min(distance, 0 &- distance) < 1 << 16 else {
            return WireError("wrong checksum of a frame of \(byteCount) bytes")
        }
        return WireError("frame \(found) came in the place of frame \(expected)")
    }

    private static func control(
        _ kind: ControlKind, count: Int, _ payload: inout ByteBuffer
    ) throws(WireError) -> Frame {
        switch kind {
        case .hello: return .hello(try Hello(decoding: &payload))
        case .welcome:
            guard payload.readableBytes == 8,
                let incarnation = payload.readInteger(endianness: .little, as: UInt64.self)
            else { throw WireError("a welcome of \(payload.readableBytes) bytes") }
            return .welcome(incarnation: incarnation)
        case .refusal:
            guard let reason = payload.readShortString() else { throw WireError("the refusal is cut off") }
            return .refusal(reason)
        case .confirmations:
            guard count > 0, payload.readableBytes == count * 8 else {
                throw WireError("\(count) confirmations in \(payload.readableBytes) bytes")
            }
            return .confirmations(
                (0..<count).map { payload.getInteger(at: payload.readerIndex + $0 * 8, endianness: .little) ?? 0 })
        }
    }
}
