/// A field of a tuple as a value: the dynamic form, for code that does not know the types beforehand.
///
/// Encoding a value and reading it back gives an equal value. (A `bigInteger` whose text is no number is read back as a string.)
public enum Value: Hashable, Sendable {
    case null
    case bool(Bool)
    case int(Int)
    /// A whole number that 64 bits do not hold, as children may emit it: its decimal digits without leading zeros, after a
    /// `-` if it is negative.
    case bigInteger(String)
    case double(Double)
    case string(String)
    case bytes([UInt8])
    case list([Value])
    case map([String: Value])

    /// Lists and maps may be nested this deep; a receiver refuses more, so that a hostile frame cannot exhaust its stack.
    public static let maxDepth = 64
}

extension Value: FieldValue {
    /// More than any tuple may have if it is nested deeper than `maxDepth`.
    public var encodedByteCount: Int { encodedByteCount(depth: 0) }

    private func encodedByteCount(depth: Int) -> Int {
        switch self {
        case .null, .bool: 1
        case .int, .double: 9
        case .string(let value), .bigInteger(let value): value.encodedByteCount
        case .bytes(let value): 5 + value.count
        case .list where depth >= Self.maxDepth, .map where depth >= Self.maxDepth: BatchLayout.maxFrameBytes * 2
        case .list(let values): values.reduce(9) { $0 + $1.encodedByteCount(depth: depth + 1) }
        case .map(let entries):
            entries.reduce(9) { $0 + $1.key.encodedByteCount + $1.value.encodedByteCount(depth: depth + 1) }
        }
    }

    /// - Precondition: nested at most `maxDepth` deep: no receiver would take the tuple.
    public func encode(at p: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer { encode(at: p, depth: 0) }

    private func encode(at p: UnsafeMutableRawPointer, depth: Int) -> UnsafeMutableRawPointer {
        switch self {
        case .null:
            p.put(FieldTag.null, 0)
            return p + 1
        case .bool(let value): return value.encode(at: p)
        case .int(let value): return value.encode(at: p)
        case .double(let value): return value.encode(at: p)
        case .bigInteger(let digits):
            let end = digits.encode(at: p)
            // Others refuse what is no number under this tag.
            if digits.isWholeNumber { p.put(FieldTag.bigInteger, 0) }
            return end
        case .string(let value): return value.encode(at: p)
        case .bytes(let value): return value.withUnsafeBufferPointer { encodeBytes($0, FieldTag.bytes, at: p) }
        case .list(let values):
            return Self.encodeContainer(FieldTag.list, count: values.count, at: p, depth: depth) { start in
                values.reduce(start) { $1.encode(at: $0, depth: depth + 1) }
            }
        case .map(let entries):
            // Sorted, so that equal maps have equal bytes and hence equal hashes.
            return Self.encodeContainer(FieldTag.map, count: entries.count, at: p, depth: depth) { start in
                entries.sorted { $0.key < $1.key }.reduce(start) {
                    $1.value.encode(at: $1.key.encode(at: $0), depth: depth + 1)
                }
            }
        }
    }

    private static func encodeContainer(
        _ tag: UInt8, count: Int, at p: UnsafeMutableRawPointer, depth: Int,
        _ body: (UnsafeMutableRawPointer) -> UnsafeMutableRawPointer
    ) -> UnsafeMutableRawPointer {
        precondition(depth < maxDepth, "a value is nested deeper than \(maxDepth) lists and maps")
        p.put(tag, 0)
        p.put(UInt32(count), 5)
        let end = body(p + 9)
        p.put(UInt32(end - (p + 5)), 1)
        return end
    }
}

extension Value {
    /// Reads the field at `p`, whose bytes were checked before (`BatchValidator`) or written by this process.
    public init(at p: UnsafeRawPointer) {
        switch p.u8(0) {
        case FieldTag.false: self = .bool(false)
        case FieldTag.true: self = .bool(true)
        case FieldTag.int: self = .int(Int(Int64(bitPattern: p.u64(1))))
        case FieldTag.double: self = .double(Double(bitPattern: p.u64(1)))
        case FieldTag.string: self = .string(FieldReader.string(at: p))
        case FieldTag.bigInteger: self = .bigInteger(FieldReader.string(at: p))
        case FieldTag.bytes: self = .bytes([UInt8](FieldReader.payload(at: p)))
        case FieldTag.list:
            var next = p + 9
            self = .list(
                (0..<Int(p.u32(5))).map { _ in
                    defer { next += FieldReader.byteCount(at: next) }
                    return Value(at: next)
                })
        case FieldTag.map:
            var next = p + 9
            var entries: [String: Value] = [:]
            for _ in 0..<Int(p.u32(5)) {
                let key = FieldReader.string(at: next)
                next += FieldReader.byteCount(at: next)
                entries[key] = Value(at: next)
                next += FieldReader.byteCount(at: next)
            }
            self = .map(entries)
        default: self = .null
        }
    }
}

extension Value {
    /// Any typed field as a value. Allocates; not for the tuple path.
    public init(encoding field: some FieldValue) {
        if let value = field as? Value {
            self = value
            return
        }
        let bytes = UnsafeMutableRawPointer.allocate(byteCount: field.encodedByteCount, alignment: 8)
        defer { bytes.deallocate() }
        _ = field.encode(at: bytes)
        self.init(at: bytes)
    }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int) { self = .int(value) }
    public init(floatLiteral value: Double) { self = .double(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(nilLiteral: ()) { self = .null }
    public init(arrayLiteral elements: Value...) { self = .list(elements) }
    public init(dictionaryLiteral elements: (String, Value)...) {
        self = .map(Dictionary(elements, uniquingKeysWith: { _, last in last }))
    }
}

extension Value: CustomStringConvertible {
    public var description: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .int(let value): "\(value)"
        case .double(let value): "\(value)"
        case .string(let value), .bigInteger(let value): value
        case .bytes(let value): "<\(value.count) bytes>"
        case .list(let values): "[" + values.map(\.description).joined(separator: ", ") + "]"
        case .map(let entries):
            "{" + entries.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}"
        }
    }
}
