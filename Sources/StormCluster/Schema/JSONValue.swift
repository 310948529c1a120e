package import StormCore

/// Any JSON, as a configuration value; `ConfigValue` codes itself, this only names the purpose.
package struct JSONValue: Codable, Hashable, Sendable {
    package let value: ConfigValue

    package init(_ value: ConfigValue) { self.value = value }

    package init(from decoder: any Decoder) throws { value = try ConfigValue(from: decoder) }

    package func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }
}
