public import StormWire

extension Tuple {
    /// Position of a field; -1, and a fault, for a name that the stream does not have. O(fields).
    public func index(of field: String) -> Int {
        let names = batch.schema.streams[streamNumber].fields
        for index in names.indices where names[index] == field { return index }
        note(.noField(field, in: streamName, fields: names))
        return -1
    }

    /// Start of field `index`; a null, and a fault, for an index that is not there. O(index).
    @inlinable
    func field(_ index: Int) -> UnsafeRawPointer {
        guard index >= 0 && index < count else { return missing(index) }
        return FieldReader.field(index, from: fieldsStart)
    }

    @inlinable
    public func int(_ index: Int) -> Int {
        let p = field(index)
        guard p.u8(0) == FieldTag.int else {
            mismatch(index, "int")
            return 0
        }
        return Int(Int64(bitPattern: p.u64(1)))
    }

    /// An int field converts, also one that 64 bits do not hold.
    @inlinable
    public func double(_ index: Int) -> Double {
        let p = field(index)
        switch p.u8(0) {
        case FieldTag.double: return Double(bitPattern: p.u64(1))
        case FieldTag.int: return Double(Int64(bitPattern: p.u64(1)))
        case FieldTag.bigInteger: return Double(FieldReader.string(at: p)) ?? .nan
        default:
            mismatch(index, "double")
            return 0
        }
    }

    @inlinable
    public func bool(_ index: Int) -> Bool {
        switch field(index).u8(0) {
        case FieldTag.true: return true
        case FieldTag.false: return false
        default:
            mismatch(index, "bool")
            return false
        }
    }

    /// Of a whole number from a child that 64 bits do not hold, its decimal digits.
    @inlinable
    public func string(_ index: Int) -> String {
        let p = field(index)
        guard p.u8(0) == FieldTag.string || p.u8(0) == FieldTag.bigInteger else {
            mismatch(index, "string")
            return ""
        }
        return FieldReader.string(at: p)
    }

    @inlinable
    public func bytes(_ index: Int) -> [UInt8] {
        let p = field(index)
        guard p.u8(0) == FieldTag.bytes else {
            mismatch(index, "bytes")
            return []
        }
        return [UInt8](FieldReader.payload(at: p))
    }

    /// The bytes of a string or bytes field where they lie; valid only inside `body`.
    @inlinable
    public func withBytes<R>(_ index: Int, _ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        let p = field(index)
        // One call of the body, so that it is compiled into this place.
        let isText =
            p.u8(0) == FieldTag.string || p.u8(0) == FieldTag.bytes || p.u8(0) == FieldTag.bigInteger
        return try body(isText ? FieldReader.payload(at: p) : notText(index))
    }

    /// The UTF-8 of a string field where it lies; valid only inside `body`.
    @inlinable
    public func withUTF8<R>(_ index: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> R) rethrows -> R {
        try withBytes(index) { try $0.withMemoryRebound(to: UInt8.self, body) }
    }

    public func value(_ index: Int) -> Value { Value(at: field(index)) }
    public func isNull(_ index: Int) -> Bool { field(index).u8(0) == FieldTag.null }

    /// All fields, in order.
    public var values: [Value] {
        var p = fieldsStart
        return (0..<count).map { _ in
            defer { p += FieldReader.byteCount(at: p) }
            return Value(at: p)
        }
    }

    // MARK: By name

    public func int(_ name: String) -> Int { int(index(of: name)) }
    public func double(_ name: String) -> Double { double(index(of: name)) }
    public func bool(_ name: String) -> Bool { bool(index(of: name)) }
    public func string(_ name: String) -> String { string(index(of: name)) }
    public func bytes(_ name: String) -> [UInt8] { bytes(index(of: name)) }
    public func value(_ name: String) -> Value { value(index(of: name)) }

    @inlinable
    public func withUTF8<R>(_ name: String, _ body: (UnsafeBufferPointer<UInt8>) throws -> R) rethrows -> R {
        try withUTF8(index(of: name), body)
    }
}
