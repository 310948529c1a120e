/// One row of the key table: everything about a key but its Swift type.
public struct ConfigKeyInfo: Hashable, Sendable {
    /// What the key does in this system.
    public enum Standing: Hashable, Sendable {
        case used
        /// A key of Storm that is accepted and has no effect; the text says why, and what takes its place if anything.
        case withoutMeaning(String)
    }

    public let name: String
    public let type: ConfigType
    /// `null` means unset. A key whose default is not null does not take null either.
    public let defaultValue: ConfigValue
    public let unit: ConfigUnit?
    public let rule: ConfigRule
    /// One line, for people.
    public let documentation: String
    /// Printed masked everywhere.
    public let isSecret: Bool
    public let standing: Standing

    public init(
        _ name: String, _ type: ConfigType, _ defaultValue: ConfigValue, unit: ConfigUnit? = nil,
        rule: ConfigRule = .none, isSecret: Bool = false, standing: Standing = .used, _ documentation: String
    ) {
        self.name = name
        self.type = type
        self.defaultValue = type.normalized(defaultValue) ?? defaultValue
        self.unit = unit
        self.rule = rule
        self.isSecret = isSecret
        self.standing = standing
        self.documentation = documentation
    }

    /// For "… must be": type, limits, unit, and null where that is allowed.
    public var expectation: String {
        var text = type.phrase
        if !rule.phrase.isEmpty { text += " " + rule.phrase }
        if let unit { text += " (\(unit.rawValue))" }
        if defaultValue.isNull { text += ", or null" }
        return text
    }

    /// `value` in its usual form, or nil if this key does not take it.
    public func accepted(_ value: ConfigValue) -> ConfigValue? {
        if value.isNull { return defaultValue.isNull || type == .any ? .null : nil }
        guard let normal = type.normalized(value), rule.allows(normal) else { return nil }
        return normal
    }
}

extension ConfigKeyInfo {
    // Short forms for the rows of the table: they keep one key on one line.

    static func bool(_ name: String, _ value: ConfigValue, _ text: String) -> Self {
        .init(name, .bool, value, text)
    }

    static func int(
        _ name: String, _ value: ConfigValue, must rule: ConfigRule = .none, unit: ConfigUnit? = nil, _ text: String
    ) -> Self {
        .init(name, .int, value, unit: unit, rule: rule, text)
    }

    static func number(
        _ name: String, _ value: ConfigValue, must rule: ConfigRule = .none, unit: ConfigUnit? = nil, _ text: String
    ) -> Self {
        .init(name, .number, value, unit: unit, rule: rule, text)
    }

    static func string(_ name: String, _ value: ConfigValue, must rule: ConfigRule = .none, _ text: String) -> Self {
        .init(name, .string, value, rule: rule, text)
    }

    static func secret(_ name: String, _ text: String) -> Self {
        .init(name, .string, .null, isSecret: true, text)
    }

    static func strings(_ name: String, _ value: ConfigValue, must rule: ConfigRule = .none, _ text: String) -> Self {
        .init(name, .stringList, value, rule: rule, text)
    }

    static func map(_ name: String, _ text: String) -> Self { .init(name, .map, .null, text) }

    /// A key of Storm that is read and checked, and has no effect.
    static func without(_ name: String, _ type: ConfigType, _ value: ConfigValue, _ reason: String) -> Self {
        .init(name, type, value, standing: .withoutMeaning(reason), reason)
    }

    static func without(_ name: String, _ type: ConfigType, _ reason: String) -> Self {
        without(name, type, .null, reason)
    }

    static func withoutSecret(_ name: String, _ reason: String) -> Self {
        .init(name, .string, .null, isSecret: true, standing: .withoutMeaning(reason), reason)
    }
}
