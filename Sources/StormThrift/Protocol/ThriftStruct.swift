/// A struct of the interface, read and written by a table of its fields:
///
/// ```swift
/// package struct KillOptions: ThriftStruct {
///     package var waitSecs: Int32?
///     package init() {}
///     package static let fields: [ThriftField<Self>] = [.optional(1, "wait_secs", \.waitSecs)]
/// }
/// ```
///
/// Unknown fields are skipped, and so are fields whose type on the wire is another than the table says: that is how
/// Storm's interface grows. Fields are written in the order of the table; unset optional ones are not written.
package protocol ThriftStruct: ThriftValue {
    /// The struct with nothing set: what reading starts from.
    init()

    /// At most 64 fields, each id once.
    static var fields: [ThriftField<Self>] { get }
}

extension ThriftStruct {
    package static var thriftType: ThriftType { .structure }

    /// - Throws: `missingField` naming struct and field, and whatever reading a field throws.
    package init(from reader: inout ThriftReader) throws {
        self = try reader.nested { reader in
            var value = Self()
            var seen: UInt64 = 0
            while let header = try reader.readFieldHeader() {
                let index = Self.fields.firstIndex { $0.id == header.id && $0.type == header.type }
                guard let index else {
                    try reader.skip(header.type)
                    continue
                }
                if try Self.fields[index].read(&value, &reader) { seen |= 1 << UInt64(index) }
            }
            for (index, field) in Self.fields.enumerated() where field.isRequired && seen & (1 << UInt64(index)) == 0 {
                throw ThriftError(.missingField, "\(Self.self) lacks its required field \(field.id) '\(field.name)'")
            }
            return value
        }
    }

    package func write(to writer: inout ThriftWriter) {
        for field in Self.fields { field.write(self, &writer) }
        writer.writeStop()
    }
}

/// One field of `Owner`: its id and type on the wire, and the property that holds it.
package struct ThriftField<Owner>: Sendable {
    package let id: Int16
    /// The name in the interface definition, for error texts; it does not travel.
    package let name: String
    package let type: ThriftType
    package let isRequired: Bool
    /// Reads the value into the property; false when the value is of an unknown enum case and so not set.
    let read: @Sendable (inout Owner, inout ThriftReader) throws -> Bool
    /// Writes header and value, or nothing when unset.
    let write: @Sendable (Owner, inout ThriftWriter) -> Void

    /// A field that is always written and whose absence makes the struct unreadable.
    package static func required<Value: ThriftValue>(
        _ id: Int16, _ name: String, _ property: any WritableKeyPath<Owner, Value> & Sendable
    ) -> Self {
        Self(
            id: id, name: name, type: Value.thriftType, isRequired: true,
            read: { owner, reader in
                guard let value = try Value.readIfKnown(from: &reader) else { return false }
                owner[keyPath: property] = value
                return true
            },
            write: { owner, writer in writer.writeField(id, owner[keyPath: property]) })
    }

    /// A field that may be absent. Also for Thrift's default requiredness: written if set, tolerated when missing.
    package static func optional<Value: ThriftValue>(
        _ id: Int16, _ name: String, _ property: any WritableKeyPath<Owner, Value?> & Sendable
    ) -> Self {
        Self(
            id: id, name: name, type: Value.thriftType, isRequired: false,
            read: { owner, reader in
                guard let value = try Value.readIfKnown(from: &reader) else { return false }
                owner[keyPath: property] = value
                return true
            },
            write: { owner, writer in
                if let value = owner[keyPath: property] { writer.writeField(id, value) }
            })
    }
}

/// An error that a service declares: a struct that can be thrown.
package protocol ThriftException: ThriftStruct, Error, CustomStringConvertible {
    var msg: String { get }
}

extension ThriftException {
    package var description: String { "\(Self.self): \(msg)" }
}
