extension ConfigValue: Codable {
    /// Accepts whatever a JSON-like decoder offers; a value of none of the seven kinds is a `DecodingError`.
    public init(from decoder: any Decoder) throws {
        if let keyed = try? decoder.container(keyedBy: FreeKey.self) {  // "not a map" is an answer here, not a fault
            var entries: [String: ConfigValue] = [:]
            for key in keyed.allKeys { entries[key.stringValue] = try keyed.decode(ConfigValue.self, forKey: key) }
            self = .map(entries)
            return
        }
        if var unkeyed = try? decoder.unkeyedContainer() {  // likewise: "not a list" leads on to the scalars
            var values: [ConfigValue] = []
            while !unkeyed.isAtEnd { values.append(try unkeyed.decode(ConfigValue.self)) }
            self = .list(values)
            return
        }
        self = try Self.scalar(try decoder.singleValueContainer())
    }

    private static func scalar(_ container: any SingleValueDecodingContainer) throws -> ConfigValue {
        if container.decodeNil() { return .null }
        // Each `try?` asks "is it of this kind?"; the order matters: 1 must become an int, 1.5 a double.
        if let value = try? container.decode(Bool.self) { return .bool(value) }
        // As said.
        if let value = try? container.decode(Int.self) { return .int(value) }
        // As said; an integer that does not fit is a double.
        if let value = try? container.decode(Double.self) { return .double(value) }
        return .string(try container.decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .null:
            var container = encoder.singleValueContainer()
            try container.encodeNil()
        case .bool(let value): try Self.encode(value, to: encoder)
        case .int(let value): try Self.encode(value, to: encoder)
        case .double(let value): try Self.encode(value, to: encoder)
        case .string(let value): try Self.encode(value, to: encoder)
        case .list(let values):
            var container = encoder.unkeyedContainer()
            for value in values { try container.encode(value) }
        case .map(let entries):
            var container = encoder.container(keyedBy: FreeKey.self)
            for (key, value) in entries { try container.encode(value, forKey: FreeKey(key)) }
        }
    }

    private static func encode(_ value: some Encodable, to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }

    /// Any string is a key.
    private struct FreeKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(_ key: String) { stringValue = key }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { self.init(String(intValue)) }
    }
}
