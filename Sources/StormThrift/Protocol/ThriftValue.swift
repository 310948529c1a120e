internal import NIOCore

/// A Swift type that is a value on the wire: of a field, an argument or a result.
package protocol ThriftValue: Hashable, ThriftArgument, ThriftResult {
    static var thriftType: ThriftType { get }

    /// Reads a value whose type tag has been read.
    init(from reader: inout ThriftReader) throws

    func write(to writer: inout ThriftWriter)

    /// As `init(from:)`, but nil for a value that is well formed and not known here: a case that a newer peer added to
    /// an enum. The field that holds it then counts as not set, as in Storm.
    static func readIfKnown(from reader: inout ThriftReader) throws -> Self?
}

extension ThriftValue {
    package static func readIfKnown(from reader: inout ThriftReader) throws -> Self? { try Self(from: &reader) }
}

/// A value that may be a key of a map or an element of a set. Keys are written in ascending order, so that equal values
/// have equal bytes.
package protocol ThriftKey: ThriftValue, Comparable {}

extension Bool: ThriftValue {
    package static var thriftType: ThriftType { .bool }
    package init(from reader: inout ThriftReader) throws { self = try reader.readInteger(UInt8.self) == 1 }
    package func write(to writer: inout ThriftWriter) { writer.write(integer: UInt8(self ? 1 : 0)) }
}

extension Int32: ThriftKey {
    package static var thriftType: ThriftType { .int32 }
    package init(from reader: inout ThriftReader) throws { self = try reader.readInteger() }
    package func write(to writer: inout ThriftWriter) { writer.write(integer: self) }
}

extension Int64: ThriftKey {
    package static var thriftType: ThriftType { .int64 }
    package init(from reader: inout ThriftReader) throws { self = try reader.readInteger() }
    package func write(to writer: inout ThriftWriter) { writer.write(integer: self) }
}

extension Double: ThriftValue {
    package static var thriftType: ThriftType { .double }
    package init(from reader: inout ThriftReader) throws { self.init(bitPattern: try reader.readInteger()) }
    package func write(to writer: inout ThriftWriter) { writer.write(integer: bitPattern) }
}

extension String: ThriftKey {
    package static var thriftType: ThriftType { .string }
    package init(from reader: inout ThriftReader) throws { self = try reader.readString() }
    package func write(to writer: inout ThriftWriter) { writer.write(string: self) }
}

/// Bytes that are not text. A type of its own because an array is a list on the wire.
package struct ThriftBinary: ThriftValue, ExpressibleByArrayLiteral {
    package var bytes: [UInt8]

    package init(_ bytes: [UInt8]) { self.bytes = bytes }
    package init(arrayLiteral bytes: UInt8...) { self.bytes = bytes }

    package static var thriftType: ThriftType { .string }
    package init(from reader: inout ThriftReader) throws { bytes = Array(try reader.readBinary().readableBytesView) }
    package func write(to writer: inout ThriftWriter) { writer.write(binary: bytes) }
}
