/// Reads encoded fields in place. The bytes must be sound: written by this process, or passed by `BatchValidator`.
public enum FieldReader {
    /// Whole size of the field at `p`, tag included. O(1).
    @inlinable
    public static func byteCount(at p: UnsafeRawPointer) -> Int {
        switch p.u8(0) {
        case FieldTag.int, FieldTag.double: 9
        case FieldTag.string, FieldTag.bytes, FieldTag.list, FieldTag.map, FieldTag.bigInteger: 5 + Int(p.u32(1))
        default: 1
        }
    }

    /// The bytes of a string, bytes or big integer field.
    @inlinable
    public static func payload(at p: UnsafeRawPointer) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: p + 5, count: Int(p.u32(1)))
    }

    /// The text of a string field; what is not UTF-8 is repaired.
    ///
    /// Most fields are words: a short one whose bytes are ASCII becomes a `String` without the library's own check, which
    /// takes longer than the rest (word count: a seventh of its time).
    @inlinable
    public static func string(at p: UnsafeRawPointer) -> String {
        let payload = payload(at: p)
        guard payload.count <= 16, isShortASCII(payload) else { return String(decoding: payload, as: UTF8.self) }
        return payload.withMemoryRebound(to: UInt8.self) { bytes in
            String(copying: UTF8Span(unchecked: bytes.span, isKnownASCII: true))
        }
    }

    /// Whether none of at most 16 bytes is above 127. Reads them as at most two words that may overlap.
    @inlinable
    static func isShortASCII(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let base = bytes.baseAddress else { return true }
        let count = bytes.count
        let high: UInt64
        if count >= 8 {
            high = base.u64(0) | base.u64(count - 8)
        } else if count >= 4 {
            high = UInt64(base.u32(0) | base.u32(count - 4))
        } else if count > 0 {
            high = UInt64(base.u8(0) | base.u8(count / 2) | base.u8(count - 1))
        } else {
            high = 0
        }
        return high & 0x8080_8080_8080_8080 == 0
    }

    /// Start of field `index` of the fields that start at `p`. O(index).
    @inlinable
    public static func field(_ index: Int, from p: UnsafeRawPointer) -> UnsafeRawPointer {
        var p = p
        for _ in 0..<index { p += byteCount(at: p) }
        return p
    }
}
