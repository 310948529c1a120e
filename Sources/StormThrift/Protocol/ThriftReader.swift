package import NIOCore

/// Reads values of Thrift's binary protocol from bytes.
///
/// Every length is checked against the bytes that are there before anything is allocated, and nesting against a limit:
/// no input traps, hangs or allocates much more than its own size. A value type; a copy reads on from the same place.
package struct ThriftReader: Sendable {
    private var buffer: ByteBuffer
    package let limits: ThriftLimits
    private var depth = 0

    package init(_ buffer: ByteBuffer, limits: ThriftLimits = ThriftLimits()) {
        self.buffer = buffer
        self.limits = limits
    }

    package init(bytes: [UInt8], limits: ThriftLimits = ThriftLimits()) {
        self.init(ByteBuffer(bytes: bytes), limits: limits)
    }

    package var bytesLeft: Int { buffer.readableBytes }

    /// Reads a big-endian integer.
    /// - Throws: `truncated`.
    package mutating func readInteger<T: FixedWidthInteger>(_ type: T.Type = T.self) throws -> T {
        guard let value = buffer.readInteger(as: T.self) else {
            throw ThriftError(.truncated, "the message ends inside a number of \(T.bitWidth / 8) bytes")
        }
        return value
    }

    /// Reads length and bytes.
    package mutating func readBinary() throws -> ByteBuffer {
        let count = try readLength()
        guard let slice = buffer.readSlice(length: count) else {
            throw ThriftError(.truncated, "the message ends inside a value of \(count) bytes")
        }
        return slice
    }

    /// Reads length and text.
    /// - Throws: `malformed` when it is not UTF-8: a repaired name would be another name.
    package mutating func readString() throws -> String {
        try readString(byteCount: readLength())
    }

    package mutating func readString(byteCount: Int) throws -> String {
        guard byteCount <= bytesLeft else {
            throw ThriftError(.truncated, "the message ends inside a text of \(byteCount) bytes")
        }
        do {
            return try buffer.readUTF8ValidatedString(length: byteCount) ?? ""
        } catch {
            throw ThriftError(.malformed, "a text is not UTF-8", cause: error)
        }
    }

    private mutating func readLength() throws -> Int {
        let count = Int(try readInteger(Int32.self))
        guard count >= 0 else { throw ThriftError(.malformed, "negative length \(count)") }
        guard count <= limits.stringBytesMax else {
            throw ThriftError(.limitExceeded, "a value of \(count) bytes is over the limit of \(limits.stringBytesMax)")
        }
        return count
    }

    /// Reads the type tag of a value.
    package mutating func readType() throws -> ThriftType {
        let tag = try readInteger(UInt8.self)
        guard let type = ThriftType(rawValue: tag) else { throw ThriftError(.malformed, "unknown type tag \(tag)") }
        return type
    }

    /// Reads type and id of the next field; nil at the end of the struct.
    package mutating func readFieldHeader() throws -> (type: ThriftType, id: Int16)? {
        let type = try readType()
        if type == .stop { return nil }
        return (type, try readInteger(Int16.self))
    }

    /// Reads the header of a list or set and checks the claimed count against the bytes left. Some libraries write type
    /// 0 for the elements of an empty container: that is taken.
    /// - Parameter expected: the type its elements must have, unless there are none; nil takes any.
    package mutating func readListHeader(expecting expected: ThriftType?) throws -> (type: ThriftType, count: Int) {
        let type = try readType()
        let count = try readCount(elementBytesMin: type.wireBytesMin)
        if count > 0 { try check(type, isExpected: expected) }
        return (type, count)
    }

    /// Reads the header of a map and checks the claimed count against the bytes left.
    package mutating func readMapHeader(
        expecting expected: (key: ThriftType, value: ThriftType)?
    ) throws -> (key: ThriftType, value: ThriftType, count: Int) {
        let key = try readType()
        let value = try readType()
        let count = try readCount(elementBytesMin: key.wireBytesMin + value.wireBytesMin)
        if count > 0 {
            try check(key, isExpected: expected?.key)
            try check(value, isExpected: expected?.value)
        }
        return (key, value, count)
    }

    private mutating func readCount(elementBytesMin: Int) throws -> Int {
        let count = Int(try readInteger(Int32.self))
        guard count >= 0 else { throw ThriftError(.malformed, "negative element count \(count)") }
        guard count == 0 || elementBytesMin > 0 else { throw ThriftError(.malformed, "elements without a type") }
        guard count <= limits.elementsMax else {
            throw ThriftError(.limitExceeded, "\(count) elements are over the limit of \(limits.elementsMax)")
        }
        guard count * elementBytesMin <= bytesLeft else {
            throw ThriftError(.truncated, "the message ends inside a container of \(count) elements")
        }
        return count
    }

    private func check(_ type: ThriftType, isExpected expected: ThriftType?) throws {
        guard expected == nil || type == expected else {
            throw ThriftError(.malformed, "elements of type \(type) where \(expected.map { "\($0)" } ?? "any") belongs")
        }
    }

    /// Runs `body` one level deeper.
    /// - Throws: `limitExceeded` when that is too deep; whatever `body` throws.
    package mutating func nested<Value>(_ body: (inout ThriftReader) throws -> Value) throws -> Value {
        guard depth < limits.depthMax else {
            throw ThriftError(.limitExceeded, "values nest deeper than \(limits.depthMax) levels")
        }
        depth += 1
        let value = try body(&self)
        depth -= 1
        return value
    }
}
