/// Reads encoded fields in place. The bytes must be sound: written by this process, or passed by `BatchValidator`.
public enum FieldReader {
    /// Whole size of the field at `p`, tag included. O(1).
    @inlinable
    public static func byteCount(at p: UnsafeRawPointer) -> Int {
        switch p.u8(0) {
        case FieldTag.int, FieldTag.double: 9
        case FieldTag.string, FieldTag.bytes, FieldTag.list, FieldTag.map: 5 + Int(p.u32(1))
        default: 1
        }
    }

    /// The bytes of a string or bytes field.
    @inlinable
    public static func payload(at p: UnsafeRawPointer) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: p + 5, count: Int(p.u32(1)))
    }

    @inlinable
    public static func string(at p: UnsafeRawPointer) -> String {
        String(decoding: payload(at: p), as: UTF8.self)
    }

    /// Start of field `index` of the fields that start at `p`. O(index).
    @inlinable
    public static func field(_ index: Int, from p: UnsafeRawPointer) -> UnsafeRawPointer {
        var p = p
        for _ in 0..<index { p += byteCount(at: p) }
        return p
    }
}
