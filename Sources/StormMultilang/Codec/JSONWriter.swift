import StormWire

/// Writes JSON into bytes, on one line: encoded fields become text without a value in between.
///
/// Doubles that JSON has no text for (NaN, infinities) become null, and bytes a list of numbers, as Storm writes them.
struct JSONWriter {
    private static let hexadecimal = Array("0123456789abcdef".utf8)

    /// Text as it is.
    static func raw(_ text: StaticString, to out: inout [UInt8]) {
        out.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// A whole number, in decimal.
    static func write(_ number: Int64, to out: inout [UInt8]) {
        if number < 0 { out.append(UInt8(ascii: "-")) }
        write(number.magnitude, to: &out)
    }

    static func write(_ number: UInt64, to out: inout [UInt8]) {
        if number < 10 { return out.append(UInt8(ascii: "0") + UInt8(number)) }
        withUnsafeTemporaryAllocation(byteCount: 20, alignment: 1) { digits in
            var rest = number
            var first = 20
            repeat {
                first -= 1
                digits[first] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            } while rest > 0
            out.append(contentsOf: UnsafeRawBufferPointer(rebasing: digits[first...]))
        }
    }

    static func write(_ number: Double, to out: inout [UInt8]) {
        guard number.isFinite else { return raw("null", to: &out) }
        // The shortest text that reads back as the same double; JSON reads all of its forms.
        out.append(contentsOf: number.description.utf8)
    }

    /// A string in quotes. - Parameter text: UTF-8; what is not is repaired before by whoever has doubts.
    static func write(text: UnsafeRawBufferPointer, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        var start = 0
        var position = 0
        while position < text.count {
            let byte = text[position]
            if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
                position += 1
                continue
            }
            out.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[start..<position]))
            writeEscaped(byte, to: &out)
            position += 1
            start = position
        }
        out.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[start..<position]))
        out.append(UInt8(ascii: "\""))
    }

    static func write(_ text: String, to out: inout [UInt8]) {
        var copy = text
        copy.withUTF8 { write(text: UnsafeRawBufferPointer($0), to: &out) }
    }

    private static func writeEscaped(_ byte: UInt8, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\n"): out.append(UInt8(ascii: "n"))
        case UInt8(ascii: "\r"): out.append(UInt8(ascii: "r"))
        case UInt8(ascii: "\t"): out.append(UInt8(ascii: "t"))
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): out.append(byte)
        default:
            raw("u00", to: &out)
            out.append(hexadecimal[Int(byte >> 4)])
            out.append(hexadecimal[Int(byte & 15)])
        }
    }

    // MARK: Fields

    /// Writes the field at `p`, which is sound. - Returns: the first byte after it.
    static func write(field p: UnsafeRawPointer, to out: inout [UInt8]) -> UnsafeRawPointer {
        switch p.u8(0) {
        case FieldTag.false: raw("false", to: &out)
        case FieldTag.true: raw("true", to: &out)
        case FieldTag.int: write(Int64(bitPattern: p.u64(1)), to: &out)
        case FieldTag.double: write(Double(bitPattern: p.u64(1)), to: &out)
        case FieldTag.string: write(text: FieldReader.payload(at: p), to: &out)
        case FieldTag.bigInteger: out.append(contentsOf: FieldReader.payload(at: p))
        case FieldTag.bytes: write(bytes: FieldReader.payload(at: p), to: &out)
        case FieldTag.list:
            _ = write(fields: p + 9, count: Int(p.u32(5)), to: &out)
        case FieldTag.map:
            out.append(UInt8(ascii: "{"))
            var next = p + 9
            for number in 0..<Int(p.u32(5)) {
                if number > 0 { out.append(UInt8(ascii: ",")) }
                next = write(field: next, to: &out)
                out.append(UInt8(ascii: ":"))
                next = write(field: next, to: &out)
            }
            out.append(UInt8(ascii: "}"))
        default: raw("null", to: &out)
        }
        return p + FieldReader.byteCount(at: p)
    }

    /// Writes a list of the fields from `p` on.
    static func write(fields p: UnsafeRawPointer, count: Int, to out: inout [UInt8]) -> UnsafeRawPointer {
        var next = p
        out.append(UInt8(ascii: "["))
        for number in 0..<count {
            if number > 0 { out.append(UInt8(ascii: ",")) }
            next = write(field: next, to: &out)
        }
        out.append(UInt8(ascii: "]"))
        return next
    }

    private static func write(bytes: UnsafeRawBufferPointer, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "["))
        for (index, byte) in bytes.enumerated() {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            write(UInt64(byte), to: &out)
        }
        out.append(UInt8(ascii: "]"))
    }
}
