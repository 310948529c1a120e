import StormWire

/// Reads MessagePack from bytes in one pass, values straight into encoded fields.
///
/// Keys of maps become strings, as JSON has them. A string that is not UTF-8 (the old format knew no bytes) becomes a bytes
/// field. Extension types are refused: nothing here stands for them.
struct PackReader {
    let bytes: UnsafeRawBufferPointer
    var position = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    func unexpected(_ what: String) -> MultilangError { MultilangError("\(what) at byte \(position)") }

    /// What a value is, by its first bytes. A string's, list's or map's content follows.
    enum Head: Equatable {
        case null, bool(Bool), int(Int64), double(Double)
        /// More than `Int64.max`.
        case unsigned(UInt64)
        /// Byte counts.
        case string(Int), binary(Int)
        /// Element and entry counts.
        case list(Int), map(Int)
    }

    mutating func head() throws(MultilangError) -> Head {
        let byte = try UInt8(unsigned(1))
        switch byte {
        case 0x00...0x7F: return .int(Int64(byte))
        case 0x80...0x8F: return .map(Int(byte & 0x0F))
        case 0x90...0x9F: return .list(Int(byte & 0x0F))
        case 0xA0...0xBF: return .string(Int(byte & 0x1F))
        case 0xC0: return .null
        case 0xC2: return .bool(false)
        case 0xC3: return .bool(true)
        case 0xC4, 0xC5, 0xC6: return .binary(Int(try unsigned(1 << Int(byte - 0xC4))))
        case 0xCA: return .double(Double(Float(bitPattern: UInt32(try unsigned(4)))))
        case 0xCB: return .double(Double(bitPattern: try unsigned(8)))
        case 0xCC, 0xCD, 0xCE: return .int(Int64(try unsigned(1 << Int(byte - 0xCC))))
        case 0xCF:
            let value = try unsigned(8)
            return Int64(exactly: value).map { .int($0) } ?? .unsigned(value)
        case 0xD0: return .int(Int64(Int8(truncatingIfNeeded: try unsigned(1))))
        case 0xD1: return .int(Int64(Int16(truncatingIfNeeded: try unsigned(2))))
        case 0xD2: return .int(Int64(Int32(truncatingIfNeeded: try unsigned(4))))
        case 0xD3: return .int(Int64(bitPattern: try unsigned(8)))
        case 0xD9, 0xDA, 0xDB: return .string(Int(try unsigned(1 << Int(byte - 0xD9))))
        case 0xDC, 0xDD: return .list(Int(try unsigned(2 << Int(byte - 0xDC))))
        case 0xDE, 0xDF: return .map(Int(try unsigned(2 << Int(byte - 0xDE))))
        case 0xE0...0xFF: return .int(Int64(Int8(bitPattern: byte)))
        default: throw unexpected("there is no value that starts with \(byte)")
        }
    }

    /// A big-endian number of 1, 2, 4 or 8 bytes.
    private mutating func unsigned(_ count: Int) throws(MultilangError) -> UInt64 {
        guard bytes.count - position >= count else { throw unexpected("it ends within a value") }
        var value: UInt64 = 0
        for _ in 0..<count {
            value = value << 8 | UInt64(bytes[position])
            position += 1
        }
        return value
    }

    /// The next `count` bytes.
    mutating func content(_ count: Int) throws(MultilangError) -> UnsafeRawBufferPointer {
        guard bytes.count - position >= count else { throw unexpected("it ends within a value") }
        defer { position += count }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<(position + count)])
    }

    /// Reads any value as a field. - Parameter depth: lists and maps around it.
    mutating func value(into out: inout FieldBuffer, depth: Int = 0) throws(MultilangError) {
        switch try head() {
        case .null: out.null()
        case .bool(let value): out.bool(value)
        case .int(let value): out.int(value)
        case .unsigned(let value):
            var digits = "\(value)"
            digits.withUTF8 { out.bigInteger(isNegative: false, UnsafeRawBufferPointer($0)) }
        case .double(let value): out.double(value)
        case .string(let count):
            let content = try content(count)
            let isText = String(validating: content, as: UTF8.self) != nil
            let start = out.beginText(isText ? FieldTag.string : FieldTag.bytes)
            out.append(content)
            out.endText(start, isASCII: true)
        case .binary(let count):
            let start = out.beginText(FieldTag.bytes)
            out.append(try content(count))
            out.endText(start, isASCII: true)
        case .list(let count):
            let start = out.beginContainer(FieldTag.list)
            try elements(count, into: &out, depth: depth + 1)
            out.endList(start, count: count)
        case .map(let count): try map(count, into: &out, depth: depth + 1)
        }
    }

    mutating func elements(_ count: Int, into out: inout FieldBuffer, depth: Int) throws(MultilangError) {
        guard depth <= Value.maxDepth else { throw unexpected("values are nested deeper than \(Value.maxDepth)") }
        for _ in 0..<count { try value(into: &out, depth: depth) }
    }

    private mutating func map(_ count: Int, into out: inout FieldBuffer, depth: Int) throws(MultilangError) {
        guard depth <= Value.maxDepth else { throw unexpected("values are nested deeper than \(Value.maxDepth)") }
        let start = out.beginContainer(FieldTag.map)
        var entries: [FieldBuffer.Entry] = []
        for _ in 0..<count {
            let key = out.position
            try self.key(into: &out)
            let value = out.position
            try self.value(into: &out, depth: depth)
            entries.append(FieldBuffer.Entry(key: key, value: value, end: out.position))
        }
        out.endMap(start, entries: entries)
    }

    private mutating func key(into out: inout FieldBuffer) throws(MultilangError) {
        switch try head() {
        case .string(let count), .binary(let count):
            out.text(String(decoding: try content(count), as: UTF8.self))
        case .int(let value): out.text("\(value)")
        case .unsigned(let value): out.text("\(value)")
        case .double(let value): out.text("\(value)")
        case .bool(let value): out.text("\(value)")
        case .null: out.text("null")
        case .list, .map: throw unexpected("a key is a list or a map")
        }
    }
}
