/// A key with the Swift type that its value reads as: `config[.topologyWorkers]`.
///
/// The keys of the table are static members in `ConfigKey+….swift`. A program that has settings of its own makes keys
/// with `init`; such a key need not be in the table.
///
/// ```swift
/// let batchMax = ConfigKey<Int>("wordcount.batch.max", default: 100, rule: .atLeast(1), "words per batch")
/// let limit = try config.read(batchMax)
/// ```
public struct ConfigKey<Value: ConfigRepresentable>: Sendable {
    public let info: ConfigKeyInfo

    public var name: String { info.name }

    /// The value when nothing sets the key.
    public var defaultValue: Value {
        guard let value = Value(configValue: info.defaultValue) else {
            preconditionFailure("default of \(info.name) does not read as \(Value.self)")
        }
        return value
    }

    /// A key of a program's own.
    public init(
        _ name: String, default value: Value, unit: ConfigUnit? = nil, rule: ConfigRule = .none,
        isSecret: Bool = false, _ documentation: String
    ) {
        info = ConfigKeyInfo(
            name, Value.configTypes[0], value.configValue, unit: unit, rule: rule, isSecret: isSecret, documentation)
    }

    /// A key of the table.
    /// - Precondition: the table has a row of that name whose type and default fit `Value`.
    static func known(_ name: String) -> ConfigKey {
        guard let info = ConfigKeys.byName[name] else { preconditionFailure("no row for \(name) in the key table") }
        precondition(Value.configTypes.contains(info.type), "\(name) is \(info.type), not \(Value.self)")
        precondition(Value.allowsNull || !info.defaultValue.isNull, "\(name) may be null, \(Value.self) may not")
        return ConfigKey(info: info)
    }

    private init(info: ConfigKeyInfo) { self.info = info }
}
