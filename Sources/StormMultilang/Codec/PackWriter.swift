import StormWire

/// Writes MessagePack into bytes, straight from encoded fields.
struct PackWriter {
    static func write(_ number: Int64, to out: inout [UInt8]) {
        switch number {
        case 0...127: out.append(UInt8(number))
        case -32..<0: out.append(UInt8(bitPattern: Int8(number)))
        case Int64(Int32.min)...Int64(Int32.max):
            out.append(0xD2)
            big(UInt32(truncatingIfNeeded: number), to: &out)
        default:
            out.append(0xD3)
            big(UInt64(bitPattern: number), to: &out)
        }
    }

    static func write(_ number: Double, to out: inout [UInt8]) {
        out.append(0xCB)
        big(number.bitPattern, to: &out)
    }

    static func write(text: UnsafeRawBufferPointer, to out: inout [UInt8]) {
        switch text.count {
        case 0..<32: out.append(0xA0 | UInt8(text.count))
        case 32...Int(UInt16.max):
            out.append(0xDA)
            big(UInt16(text.count), to: &out)
        default:
            out.append(0xDB)
            big(UInt32(text.count), to: &out)
        }
        out.append(contentsOf: text)
    }

    static func write(_ text: String, to out: inout [UInt8]) {
        var copy = text
        copy.withUTF8 { write(text: UnsafeRawBufferPointer($0), to: &out) }
    }

    static func write(_ text: StaticString, to out: inout [UInt8]) {
        write(text: UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount), to: &out)
    }

    static func writeNull(to out: inout [UInt8]) { out.append(0xC0) }

    static func beginList(_ count: Int, to out: inout [UInt8]) { begin(count, short: 0x90, long: 0xDD, to: &out) }
    static func beginMap(_ count: Int, to out: inout [UInt8]) { begin(count, short: 0x80, long: 0xDF, to: &out) }

    private static func begin(_ count: Int, short: UInt8, long: UInt8, to out: inout [UInt8]) {
        if count < 16 { return out.append(short | UInt8(count)) }
        out.append(long)
        big(UInt32(count), to: &out)
    }

    private static func big(_ value: some FixedWidthInteger, to out: inout [UInt8]) {
        withUnsafeBytes(of: value.bigEndian) { out.append(contentsOf: $0) }
    }

    /// As a number where MessagePack has one (up to 2^64 - 1), else as text.
    private static func write(bigInteger digits: UnsafeRawBufferPointer, to out: inout [UInt8]) {
        guard let number = UInt64(String(decoding: digits, as: UTF8.self)) else { return write(text: digits, to: &out) }
        out.append(0xCF)
        big(number, to: &out)
    }

    /// Writes the field at `p`, which is sound. - Returns: the first byte after it.
    static func write(field p: UnsafeRawPointer, to out: inout [UInt8]) -> UnsafeRawPointer {
        switch p.u8(0) {
        case FieldTag.false: out.append(0xC2)
        case FieldTag.true: out.append(0xC3)
        case FieldTag.int: write(Int64(bitPattern: p.u64(1)), to: &out)
        case FieldTag.double: write(Double(bitPattern: p.u64(1)), to: &out)
        case FieldTag.string: write(text: FieldReader.payload(at: p), to: &out)
        case FieldTag.bigInteger: write(bigInteger: FieldReader.payload(at: p), to: &out)
        case FieldTag.bytes:
            let payload = FieldReader.payload(at: p)
            out.append(0xC6)
            big(UInt32(payload.count), to: &out)
            out.append(contentsOf: payload)
        case FieldTag.list: _ = write(fields: p + 9, count: Int(p.u32(5)), to: &out)
        case FieldTag.map:
            let count = Int(p.u32(5))
            beginMap(count, to: &out)
            var next = p + 9
            for _ in 0..<(2 * count) { next = write(field: next, to: &out) }
        default: writeNull(to: &out)
        }
        return p + FieldReader.byteCount(at: p)
    }

    /// Writes a list of the fields from `p` on.
    static func write(fields p: UnsafeRawPointer, count: Int, to out: inout [UInt8]) -> UnsafeRawPointer {
        var next = p
        beginList(count, to: &out)
        for _ in 0..<count { next = write(field: next, to: &out) }
        return next
    }
}
