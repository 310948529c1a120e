extension ThriftReader {
    /// Reads over a value that nobody wants: a field of a newer peer.
    package mutating func skip(_ type: ThriftType) throws {
        switch type {
        case .stop: throw ThriftError(.malformed, "a value without a type")
        case .bool, .int8: _ = try readInteger(UInt8.self)
        case .int16: _ = try readInteger(Int16.self)
        case .int32: _ = try readInteger(Int32.self)
        case .int64, .double: _ = try readInteger(Int64.self)
        case .string: _ = try readBinary()
        case .structure:
            try nested { reader in
                while let field = try reader.readFieldHeader() { try reader.skip(field.type) }
            }
        case .list, .set:
            try nested { reader in
                let (element, count) = try reader.readListHeader(expecting: nil)
                for _ in 0..<count { try reader.skip(element) }
            }
        case .map:
            try nested { reader in
                let (key, value, count) = try reader.readMapHeader(expecting: nil)
                for _ in 0..<count {
                    try reader.skip(key)
                    try reader.skip(value)
                }
            }
        }
    }

    /// Reads over a whole struct and remembers where its fields with small ids start: for the arguments and the result
    /// of a call, whose ids are known but whose order on the wire is not.
    package mutating func scanFields() throws -> ThriftScannedFields {
        try nested { reader in
            var fields = ThriftScannedFields()
            while let header = try reader.readFieldHeader() {
                fields.remember(id: header.id, type: header.type, at: reader)
                try reader.skip(header.type)
            }
            return fields
        }
    }
}

/// The fields of a struct by id, each with a reader that stands at its value. Ids above 31 are not kept: no call of
/// Storm has so many arguments, and a hostile message could have many.
package struct ThriftScannedFields: Sendable {
    private var fields: [Int16: (type: ThriftType, reader: ThriftReader)] = [:]

    fileprivate mutating func remember(id: Int16, type: ThriftType, at reader: ThriftReader) {
        guard (0..<32).contains(id) else { return }
        fields[id] = (type, reader)
    }

    /// The value of a field; nil when the struct has none of that id and type.
    package func value<Value: ThriftValue>(_ id: Int16, as type: Value.Type = Value.self) throws -> Value? {
        guard let (type, start) = fields[id], type == Value.thriftType else { return nil }
        var reader = start
        return try Value.readIfKnown(from: &reader)
    }
}
