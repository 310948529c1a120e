/// One entry in the diary of a checking task: 24 bytes, little-endian.
///
/// ```
/// u8 kind   u8 detail   u16 spout task index   u32 attempt   u64 number   i64 time, microseconds since 1970
/// ```
package struct CheckRecord: Hashable, Sendable {
    package enum Kind: UInt8, Sendable {
        /// A process began to run the task; `number` is its pid.
        case opened = 1
        /// The spout is about to emit all numbers up to and with `number` that it has not emitted yet.
        case emittedThrough = 2
        /// The spout is about to emit `number` again.
        case replayed = 3
        case acked = 4
        /// `detail` is the raw value of the failure's reason.
        case failed = 5
        /// `number` came to a sink.
        case arrived = 6
    }

    package static let byteCount = 24
    /// Numbers are below it, so that a reader can keep a byte for each.
    package static let numberLimit = 1 << 31

    package var kind: Kind
    package var detail: UInt8
    /// Index of the spout task that the number is of.
    package var spout: Int
    /// How often the message had been emitted before.
    package var attempt: Int
    package var number: Int
    package var timeMicroseconds: Int64

    package init(
        _ kind: Kind, spout: Int, number: Int, attempt: Int = 0, detail: UInt8 = 0, timeMicroseconds: Int64
    ) {
        self.kind = kind
        self.spout = spout
        self.number = number
        self.attempt = attempt
        self.detail = detail
        self.timeMicroseconds = timeMicroseconds
    }

    package func append(to bytes: inout [UInt8]) {
        let first =
            UInt64(kind.rawValue) | UInt64(detail) << 8 | UInt64(UInt16(truncatingIfNeeded: spout)) << 16
            | UInt64(UInt32(truncatingIfNeeded: attempt)) << 32
        for word in [first, UInt64(bitPattern: Int64(number)), UInt64(bitPattern: timeMicroseconds)] {
            withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
        }
    }

    /// - Parameter bytes: at least `byteCount`.
    /// - Returns: nil for what no diary holds.
    package init?(_ bytes: UnsafeRawBufferPointer) {
        func word(_ index: Int) -> UInt64 {
            UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
        }
        let first = word(0)
        guard let kind = Kind(rawValue: UInt8(truncatingIfNeeded: first)), word(1) < UInt64(Self.numberLimit) else {
            return nil
        }
        self.init(
            kind, spout: Int(first >> 16 & 0xFFFF), number: Int(word(1)), attempt: Int(first >> 32),
            detail: UInt8(truncatingIfNeeded: first >> 8), timeMicroseconds: Int64(bitPattern: word(2)))
    }
}
