import Glibc
import StormWire

/// Reads JSON from bytes in one pass, values straight into encoded fields.
///
/// As lenient as the reader that Storm uses, where children rely on it: `NaN` and infinities as Python writes them, control
/// characters within strings. Integers of any size stay what they are (`FieldTag.bigInteger`); a lone surrogate and
/// what is not UTF-8 become U+FFFD. Nesting is bounded by `Value.maxDepth`.
struct JSONReader {
    let bytes: UnsafeRawBufferPointer
    var position = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    // MARK: Punctuation

    /// The next byte that is not white space; nil at the end. Does not take it.
    mutating func peek() -> UInt8? {
        while position < bytes.count {
            let byte = bytes[position]
            if byte != 0x20 && byte != 0x0A && byte != 0x0D && byte != 0x09 { return byte }
            position += 1
        }
        return nil
    }

    /// Takes `byte` if it comes next.
    mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        position += 1
        return true
    }

    mutating func expect(_ byte: UInt8) throws(MultilangError) {
        guard take(byte) else { throw unexpected("'\(Character(Unicode.Scalar(byte)))' is missing") }
    }

    func unexpected(_ what: String) -> MultilangError { MultilangError("\(what) at byte \(position)") }

    // MARK: Values

    /// Reads any value as a field. - Parameter depth: lists and maps around it.
    mutating func value(into out: inout FieldBuffer, depth: Int = 0) throws(MultilangError) {
        switch peek() {
        case UInt8(ascii: "\""): try string(into: &out)
        case UInt8(ascii: "["):
            let start = out.beginContainer(FieldTag.list)
            out.endList(start, count: try elements(into: &out, depth: depth + 1))
        case UInt8(ascii: "{"): try map(into: &out, depth: depth + 1)
        case UInt8(ascii: "t"):
            try literal("true")
            out.bool(true)
        case UInt8(ascii: "f"):
            try literal("false")
            out.bool(false)
        case UInt8(ascii: "n"):
            try literal("null")
            out.null()
        case UInt8(ascii: "N"):
            try literal("NaN")
            out.double(.nan)
        case UInt8(ascii: "I"):
            try literal("Infinity")
            out.double(.infinity)
        case nil: throw unexpected("it ends where a value is due")
        default: try number(into: &out)
        }
    }

    /// Reads a list's elements as fields, one after the other. - Returns: how many.
    mutating func elements(into out: inout FieldBuffer, depth: Int) throws(MultilangError) -> Int {
        guard depth <= Value.maxDepth else { throw unexpected("values are nested deeper than \(Value.maxDepth)") }
        try expect(UInt8(ascii: "["))
        if take(UInt8(ascii: "]")) { return 0 }
        var count = 0
        repeat {
            try value(into: &out, depth: depth)
            count += 1
        } while take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "]"))
        return count
    }

    private mutating func map(into out: inout FieldBuffer, depth: Int) throws(MultilangError) {
        guard depth <= Value.maxDepth else { throw unexpected("values are nested deeper than \(Value.maxDepth)") }
        let start = out.beginContainer(FieldTag.map)
        try expect(UInt8(ascii: "{"))
        var entries: [FieldBuffer.Entry] = []
        if !take(UInt8(ascii: "}")) {
            repeat {
                let key = out.position
                guard peek() == UInt8(ascii: "\"") else { throw unexpected("a key is not a string") }
                try string(into: &out)
                try expect(UInt8(ascii: ":"))
                let value = out.position
                try self.value(into: &out, depth: depth)
                entries.append(FieldBuffer.Entry(key: key, value: value, end: out.position))
            } while take(UInt8(ascii: ","))
            try expect(UInt8(ascii: "}"))
        }
        out.endMap(start, entries: entries)
    }

    mutating func literal(_ text: StaticString) throws(MultilangError) {
        let count = text.utf8CodeUnitCount
        guard position + count <= bytes.count, let base = bytes.baseAddress,
            memcmp(base + position, text.utf8Start, count) == 0
        else { throw unexpected("this is no value") }
        position += count
    }

    // MARK: Strings

    /// Reads a string, whose quote comes next, as a field.
    mutating func string(into out: inout FieldBuffer) throws(MultilangError) {
        let start = out.beginText()
        out.endText(start, isASCII: try text(into: &out))
    }

    /// Reads a string, whose quote comes next, as a field's content. - Returns: whether all of it is ASCII.
    private mutating func text(into out: inout FieldBuffer) throws(MultilangError) -> Bool {
        position += 1
        var isASCII = true
        while true {
            let start = position
            var high: UInt8 = 0
            var byte: UInt8 = 0
            while position < bytes.count {
                byte = bytes[position]
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
                high |= byte
                position += 1
            }
            if high >= 0x80 { isASCII = false }
            out.append(UnsafeRawBufferPointer(rebasing: bytes[start..<position]))
            guard position < bytes.count else { throw unexpected("a string does not end") }
            position += 1
            if byte == UInt8(ascii: "\"") { return isASCII }
            out.append(try escaped())
        }
    }

    /// What follows a backslash.
    private mutating func escaped() throws(MultilangError) -> Unicode.Scalar {
        guard position < bytes.count else { throw unexpected("a string does not end") }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "u"): break
        default: throw unexpected("this is no escape")
        }
        let unit = try hexadecimal()
        guard unit & 0xFC00 == 0xD800 else { return Unicode.Scalar(unit) ?? "\u{FFFD}" }
        // The first half of a pair; alone it stands for nothing, and what follows it is read by itself.
        guard position + 6 <= bytes.count, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        else { return "\u{FFFD}" }
        let before = position
        position += 2
        let second = try hexadecimal()
        guard second & 0xFC00 == 0xDC00 else {
            position = before
            return "\u{FFFD}"
        }
        return Unicode.Scalar(0x10000 + ((unit & 0x3FF) << 10) + (second & 0x3FF)) ?? "\u{FFFD}"
    }

    private mutating func hexadecimal() throws(MultilangError) -> UInt32 {
        guard position + 4 <= bytes.count else { throw unexpected("a string does not end") }
        var unit: UInt32 = 0
        for _ in 0..<4 {
            let byte = bytes[position]
            let digit: UInt8 =
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
                case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
                case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
                default: throw unexpected("this is no hexadecimal digit")
                }
            unit = unit << 4 | UInt32(digit)
            position += 1
        }
        return unit
    }
}
