/// A Swift type that a configuration value reads as.
public protocol ConfigRepresentable: Sendable {
    /// Reads a value that has passed its key's check; nil when the key's row and the Swift type do not fit together.
    init?(configValue: ConfigValue)
    var configValue: ConfigValue { get }
    /// The table types that always read as this Swift type.
    static var configTypes: [ConfigType] { get }
    /// Whether null reads as a value of this type.
    static var allowsNull: Bool { get }
}

extension ConfigRepresentable {
    public static var allowsNull: Bool { false }
}

extension Bool: ConfigRepresentable {
    public static var configTypes: [ConfigType] { [.bool] }
    public var configValue: ConfigValue { .bool(self) }
    public init?(configValue: ConfigValue) {
        guard case .bool(let value) = configValue else { return nil }
        self = value
    }
}

extension Int: ConfigRepresentable {
    public static var configTypes: [ConfigType] { [.int] }
    public var configValue: ConfigValue { .int(self) }
    public init?(configValue: ConfigValue) {
        switch configValue {
        case .int(let value): self = value
        case .double(let value):
            guard let whole = Int(exactly: value) else { return nil }
            self = whole
        default: return nil
        }
    }
}

extension Double: ConfigRepresentable {
    public static var configTypes: [ConfigType] { [.number, .int] }
    public var configValue: ConfigValue { .double(self) }
    public init?(configValue: ConfigValue) {
        switch configValue {
        case .int(let value): self = Double(value)
        case .double(let value): self = value
        default: return nil
        }
    }
}

extension String: ConfigRepresentable {
    public static var configTypes: [ConfigType] { [.string] }
    public var configValue: ConfigValue { .string(self) }
    public init?(configValue: ConfigValue) {
        guard case .string(let value) = configValue else { return nil }
        self = value
    }
}

extension Array: ConfigRepresentable where Element: ConfigRepresentable {
    public static var configTypes: [ConfigType] {
        if Element.self == String.self { return [.stringList, .stringOrList] }
        if Element.self == Int.self { return [.intList] }
        return [.list, .mapList, .stringList, .intList, .stringOrList]
    }
    public var configValue: ConfigValue { .list(map(\.configValue)) }
    public init?(configValue: ConfigValue) {
        guard case .list(let values) = configValue else { return nil }
        self = []
        for value in values {
            guard let element = Element(configValue: value) else { return nil }
            append(element)
        }
    }
}

extension Dictionary: ConfigRepresentable where Key == String, Value: ConfigRepresentable {
    public static var configTypes: [ConfigType] { [.map] }
    public var configValue: ConfigValue { .map(mapValues(\.configValue)) }
    public init?(configValue: ConfigValue) {
        guard case .map(let entries) = configValue else { return nil }
        self = [:]
        for (key, value) in entries {
            guard let element = Value(configValue: value) else { return nil }
            self[key] = element
        }
    }
}

extension Optional: ConfigRepresentable where Wrapped: ConfigRepresentable {
    public static var configTypes: [ConfigType] { Wrapped.configTypes }
    public static var allowsNull: Bool { true }
    public var configValue: ConfigValue { self?.configValue ?? .null }
    public init?(configValue: ConfigValue) {
        if configValue.isNull {
            self = Wrapped?.none
            return
        }
        guard let wrapped = Wrapped(configValue: configValue) else { return nil }
        self = .some(wrapped)
    }
}

extension ConfigValue: ConfigRepresentable {
    public static var configTypes: [ConfigType] {
        [.bool, .int, .number, .string, .stringList, .intList, .list, .map, .mapList, .stringOrList, .listOrMap, .any]
    }
    public static var allowsNull: Bool { true }
    public var configValue: ConfigValue { self }
    public init?(configValue: ConfigValue) { self = configValue }
}
