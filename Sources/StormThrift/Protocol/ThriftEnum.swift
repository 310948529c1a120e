/// An enum of the interface: an `int32` on the wire.
package protocol ThriftEnum: ThriftValue, RawRepresentable where RawValue == Int32 {}

extension ThriftEnum {
    package static var thriftType: ThriftType { .int32 }

    package init(from reader: inout ThriftReader) throws {
        guard let known = try Self.readIfKnown(from: &reader) else {
            throw ThriftError(.malformed, "unknown value of \(Self.self)")
        }
        self = known
    }

    package static func readIfKnown(from reader: inout ThriftReader) throws -> Self? {
        Self(rawValue: try reader.readInteger(Int32.self))
    }

    package func write(to writer: inout ThriftWriter) { writer.write(integer: rawValue) }
}
