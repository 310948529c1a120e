/// A union of the interface: a struct on the wire of whose fields exactly one is set; an enum here.
package protocol ThriftUnion: ThriftValue {
    static var members: [ThriftMember<Self>] { get }
}

extension ThriftUnion {
    package static var thriftType: ThriftType { .structure }

    /// - Throws: `malformed` when two members are set, `missingField` when none that is known here is.
    package init(from reader: inout ThriftReader) throws {
        self = try reader.nested { reader in
            var value: Self?
            while let header = try reader.readFieldHeader() {
                let member = Self.members.first { $0.id == header.id && $0.type == header.type }
                guard let member else {
                    try reader.skip(header.type)
                    continue
                }
                guard value == nil else { throw ThriftError(.malformed, "\(Self.self) has two members set") }
                value = try member.read(&reader)
            }
            guard let value else {
                throw ThriftError(.missingField, "\(Self.self) has no member set that is known here")
            }
            return value
        }
    }

    package func write(to writer: inout ThriftWriter) {
        for member in Self.members where member.write(self, &writer) { break }
        writer.writeStop()
    }
}

/// One member of a union.
package struct ThriftMember<Owner: Sendable>: Sendable {
    package let id: Int16
    /// The name in the interface definition; it does not travel.
    package let name: String
    package let type: ThriftType
    let read: @Sendable (inout ThriftReader) throws -> Owner
    /// Writes the member if it is the one that is set; tells whether it was.
    let write: @Sendable (Owner, inout ThriftWriter) -> Bool

    /// A member with a value: how the union is made of it, and how it is taken out again (nil: another is set).
    package init<Value: ThriftValue>(
        _ id: Int16, _ name: String, _ wrap: @escaping @Sendable (Value) -> Owner,
        _ unwrap: @escaping @Sendable (Owner) -> Value?
    ) {
        self.id = id
        self.name = name
        type = Value.thriftType
        read = { reader in wrap(try Value(from: &reader)) }
        write = { owner, writer in
            guard let value = unwrap(owner) else { return false }
            writer.writeField(id, value)
            return true
        }
    }

    /// A member that carries an empty struct.
    package static func empty(_ id: Int16, _ name: String, _ member: Owner) -> Self where Owner: Equatable {
        Self(id, name, { (_: Thrift.NullStruct) in member }, { $0 == member ? Thrift.NullStruct() : nil })
    }
}
