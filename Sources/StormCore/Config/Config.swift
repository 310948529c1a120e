/// A resolved configuration: every key of the table has a value of its type, and every value knows where it came from.
///
/// Immutable; `overlaid` makes another one. Keys that the table does not know are kept as they are: Storm passes them to
/// the components of a topology, and so does this system.
///
/// ```swift
/// let config = try Config.resolve([fileLayer, commandLineLayer])
/// let workers = config[.topologyWorkers]
/// let timeout = config.duration(.topologyMessageTimeoutSecs)
/// ```
public struct Config: Sendable {
    /// What was set explicitly, the winning setting per key, in normal form.
    private let settings: [String: ConfigSetting]
    /// In the order of the sources.
    public let notices: [ConfigNotice]

    /// Nothing set: every default.
    public static let defaults = Config(settings: [:], notices: [])

    init(settings: [String: ConfigSetting], notices: [ConfigNotice]) {
        self.settings = settings
        self.notices = notices
    }

    package func withNotices(_ notices: [ConfigNotice]) -> Config { Config(settings: settings, notices: notices) }

    /// The value of a key of the table. For a key of a program's own, which nobody has checked, the default takes the
    /// place of a value that does not fit: use `read` to learn of it.
    public subscript<Value>(key: ConfigKey<Value>) -> Value {
        guard let setting = settings[key.name], let value = Value(configValue: setting.value) else {
            return key.defaultValue
        }
        return value
    }

    /// The value of a key of a program's own, checked now.
    /// - Throws: one fault that names key, value, place and what would be right.
    public func read<Value>(_ key: ConfigKey<Value>) throws(ConfigFaults) -> Value {
        guard let setting = settings[key.name] else { return key.defaultValue }
        guard let normal = key.info.accepted(setting.value), let value = Value(configValue: normal) else {
            throw ConfigFaults([Config.fault(setting, key.info)])
        }
        return value
    }

    /// The value as a length of time, by the key's unit.
    /// - Precondition: the key has a unit of time.
    public func duration(_ key: ConfigKey<Int>) -> Duration {
        Config.duration(Double(self[key]), key.info)
    }

    /// As for `Int`; nil when the key is unset.
    public func duration(_ key: ConfigKey<Int?>) -> Duration? {
        self[key].map { Config.duration(Double($0), key.info) }
    }

    public func duration(_ key: ConfigKey<Double>) -> Duration {
        Config.duration(self[key], key.info)
    }

    /// The value by name: what was set, else the table's default, else nil for an unknown key.
    public func value(named name: String) -> ConfigValue? {
        settings[name]?.value ?? ConfigKeys.byName[name]?.defaultValue
    }

    public func origin(named name: String) -> ConfigOrigin { settings[name]?.origin ?? .builtIn }

    public func isSet(_ name: String) -> Bool { settings[name] != nil }

    /// Everything that was set, without the defaults: what is stored with a topology or handed to a worker.
    public var explicit: [String: ConfigValue] { settings.mapValues(\.value) }

    /// Every known key with its value and everything else that was set: what Storm's `getNimbusConf` answers.
    public var effective: [String: ConfigValue] {
        var all = Dictionary(uniqueKeysWithValues: ConfigKeys.all.map { ($0.name, $0.defaultValue) })
        for (name, setting) in settings { all[name] = setting.value }
        return all
    }

    /// This configuration as a layer of another one; the origins stay what they are.
    public var layer: ConfigLayer { ConfigLayer(settings.values.sorted { $0.name < $1.name }) }

    /// One line per explicit setting, `key: value  (origin)`, in the order of the names, secrets masked.
    public var summary: [String] {
        settings.values.sorted { $0.name < $1.name }.map { setting in
            "\(setting.name): \(Config.printed(setting.name, setting.value))  (\(setting.origin))"
        }
    }

    /// What may be shown of a value: everything but secrets; also inside maps.
    public static func printed(_ name: String, _ value: ConfigValue) -> String {
        masked(name, value).description
    }

    /// `value` with secrets replaced by asterisks.
    public static func masked(_ name: String, _ value: ConfigValue) -> ConfigValue {
        if ConfigKeys.isSecret(name) { return value.isNull ? .null : "******" }
        switch value {
        case .map(let entries):
            return .map(Dictionary(uniqueKeysWithValues: entries.map { ($0.key, masked($0.key, $0.value)) }))
        case .list(let items): return .list(items.map { masked("", $0) })
        default: return value
        }
    }

    static func fault(_ setting: ConfigSetting, _ info: ConfigKeyInfo) -> ConfigFault {
        let printed = info.isSecret ? "******" : Config.printed(setting.name, setting.value)
        let shown = printed.count > 120 ? printed.prefix(117) + "…" : printed[...]
        return ConfigFault(
            key: setting.name,
            .badValue(printed: String(shown), kind: setting.value.kindName, expected: info.expectation),
            at: setting.origin)
    }

    private static func duration(_ amount: Double, _ info: ConfigKeyInfo) -> Duration {
        guard let duration = info.unit?.duration(amount) else {
            preconditionFailure("\(info.name) measures no time")
        }
        return duration
    }
}
