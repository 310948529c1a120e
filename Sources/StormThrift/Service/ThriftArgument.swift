/// A type that an argument of a call can have: any value, or an optional one where the argument may be absent.
package protocol ThriftArgument: Sendable {
    /// The argument of that id; nil when it is missing and has no meaning when missing.
    static func argument(_ id: Int16, in fields: ThriftScannedFields) throws -> Self?
    func writeArgument(_ id: Int16, to writer: inout ThriftWriter)
}

/// A type that a call can return: any value, an optional one where a service may return null, or nothing.
package protocol ThriftResult: Sendable {
    /// The value of field 0; nil when it is missing and must not be.
    static func result(in fields: ThriftScannedFields) throws -> Self?
    /// Writes field 0, or nothing.
    func writeResult(to writer: inout ThriftWriter)
}

/// The result of a method that returns nothing.
package struct ThriftVoid: ThriftResult {
    package init() {}
    package static func result(in fields: ThriftScannedFields) throws -> ThriftVoid? { ThriftVoid() }
    package func writeResult(to writer: inout ThriftWriter) {}
}

extension ThriftValue {
    package static func argument(_ id: Int16, in fields: ThriftScannedFields) throws -> Self? {
        try fields.value(id)
    }

    package func writeArgument(_ id: Int16, to writer: inout ThriftWriter) { writer.writeField(id, self) }

    package static func result(in fields: ThriftScannedFields) throws -> Self? { try fields.value(0) }

    package func writeResult(to writer: inout ThriftWriter) { writer.writeField(0, self) }
}

extension ThriftStruct {
    /// An absent struct all of whose fields are optional is one with nothing set: dynamic clients leave options out.
    package static func argument(_ id: Int16, in fields: ThriftScannedFields) throws -> Self? {
        if let value: Self = try fields.value(id) { return value }
        return Self.fields.contains { $0.isRequired } ? nil : Self()
    }
}

extension Optional: ThriftArgument where Wrapped: ThriftValue {
    package static func argument(_ id: Int16, in fields: ThriftScannedFields) throws -> Self? {
        .some(try fields.value(id, as: Wrapped.self))
    }

    package func writeArgument(_ id: Int16, to writer: inout ThriftWriter) {
        if let value = self { writer.writeField(id, value) }
    }
}

extension Optional: ThriftResult where Wrapped: ThriftValue {
    package static func result(in fields: ThriftScannedFields) throws -> Self? {
        .some(try fields.value(0, as: Wrapped.self))
    }

    package func writeResult(to writer: inout ThriftWriter) {
        if let value = self { writer.writeField(0, value) }
    }
}
