import NIOCore
import StormWire

/// Frames that are not batches. They have the header of a batch, so that one decoder reads both; source, destination
/// and sequence are 0.
///
/// ```
/// hello          client → server, first frame        see `Hello`
/// welcome        server → client, first frame        payload: u64 incarnation
/// refusal        server → client, first frame        payload: u16 byte count, UTF-8 reason; then the server closes
/// confirmations  server → client                     payload: u64 frame number, for each of `count`
/// ```
///
/// Frames of batches are numbered from 1 on each connection, in the order sent; the number travels as part of the checksum
/// only (`Batch.fillInChecksum`).
enum ControlKind: UInt8 {
    case hello = 0x40
    case welcome = 0x41
    case refusal = 0x42
    case confirmations = 0x43
}

enum ControlFrame {
    /// A longer control frame is refused.
    static let maxBytes = 16 << 10
    /// Most confirmations in one frame.
    static let confirmationsMax = (maxBytes - BatchLayout.headerBytes) / 8
    private static let reasonBytesMax = 1024

    static func hello(_ hello: Hello, _ allocator: ByteBufferAllocator) -> ByteBuffer {
        frame(.hello, allocator) { hello.encode(into: &$0) }
    }

    static func welcome(incarnation: UInt64, _ allocator: ByteBufferAllocator) -> ByteBuffer {
        frame(.welcome, allocator) { _ = $0.writeInteger(incarnation, endianness: .little) }
    }

    static func refusal(_ reason: String, _ allocator: ByteBufferAllocator) -> ByteBuffer {
        frame(.refusal, allocator) { payload in
            let text = Array(reason.utf8.prefix(reasonBytesMax))
            payload.writeInteger(UInt16(text.count), endianness: .little)
            payload.writeBytes(text)
        }
    }

    /// - Precondition: at most `confirmationsMax` numbers.
    static func confirmations(_ numbers: ArraySlice<UInt64>, _ allocator: ByteBufferAllocator) -> ByteBuffer {
        precondition(numbers.count <= confirmationsMax, "too many confirmations for a frame")
        return frame(.confirmations, count: numbers.count, allocator) { payload in
            for number in numbers { payload.writeInteger(number, endianness: .little) }
        }
    }

    /// Header with length and checksum around what `body` writes.
    private static func frame(
        _ kind: ControlKind, count: Int = 0, _ allocator: ByteBufferAllocator, _ body: (inout ByteBuffer) -> Void
    ) -> ByteBuffer {
        var frame = allocator.buffer(capacity: BatchLayout.headerBytes + 64 + count * 8)
        frame.writeRepeatingByte(0, count: BatchLayout.headerBytes)
        frame.setInteger(kind.rawValue, at: BatchLayout.kindOffset)
        frame.setInteger(UInt32(count), at: BatchLayout.countOffset, endianness: .little)
        body(&frame)
        frame.setInteger(UInt32(frame.writerIndex), at: BatchLayout.lengthOffset, endianness: .little)
        let checksum = frame.withUnsafeReadableBytes { Checksum.crc32c(UnsafeRawBufferPointer(rebasing: $0[8...])) }
        frame.setInteger(checksum, at: BatchLayout.checksumOffset, endianness: .little)
        return frame
    }
}

extension ByteBuffer {
    /// u16 byte count, UTF-8. Nil when cut off or not UTF-8.
    mutating func readShortString() -> String? {
        guard let count = readInteger(endianness: .little, as: UInt16.self), let bytes = readBytes(length: Int(count))
        else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    /// What is longer than 65535 bytes of UTF-8 is cut.
    mutating func writeShortString(_ text: String) {
        let bytes = Array(text.utf8.prefix(Int(UInt16.max)))
        writeInteger(UInt16(bytes.count), endianness: .little)
        writeBytes(bytes)
    }
}
