public import StormCore

extension ConfigLayer {
    /// What the environment sets.
    ///
    /// The rule: the variable for a key of the table is `STORM_` and the key in capitals, with `_` for each `.` and `-`:
    /// `topology.workers` is `STORM_TOPOLOGY_WORKERS`, `storm.zookeeper.servers` is `STORM_STORM_ZOOKEEPER_SERVERS` or,
    /// without the doubled word, `STORM_ZOOKEEPER_SERVERS`. Values are YAML (so also JSON); lists may be written `a,b`.
    /// Variables that match no key are somebody else's. In the order of the variables' names.
    public init(environment: [String: String]) {
        var settings: [ConfigSetting] = []
        for (variable, text) in environment.sorted(by: { $0.key < $1.key }) {
            guard let name = Self.keysByVariable[variable] else { continue }
            let value = ConfigText.fitted(ConfigText.yaml(text), text: text, to: name)
            settings.append(ConfigSetting(name, value, from: .environment(variable: variable)))
        }
        self.init(settings)
    }

    /// Variables that set nothing, and are so near to one that does that they are most likely mistyped. Others are
    /// somebody else's: a container has its own that begin with `STORM_`.
    static func mistyped(in environment: [String: String]) -> [ConfigNotice] {
        environment.keys.sorted().compactMap { variable in
            guard variable.hasPrefix("STORM_"), keysByVariable[variable] == nil, !reserved.contains(variable),
                let near = KeySuggestion.nearest(to: variable, among: keysByVariable.keys)
            else { return nil }
            return ConfigNotice(
                key: variable, .unknownSystemKey(suggestion: near), at: .environment(variable: variable))
        }
    }

    /// What `-c key=value` options set, in their order; the value is JSON, else text.
    /// - Throws: an option without `=` or without a key.
    public init(commandLine options: [String]) throws(ConfigFaults) {
        var settings: [ConfigSetting] = []
        var faults: [ConfigFault] = []
        for option in options {
            guard let equals = option.firstIndex(of: "="), equals != option.startIndex else {
                let what = "-c \(option) must be -c key=value, such as -c topology.workers=2"
                faults.append(ConfigFault(key: option, .unreadable(what), at: nil))
                continue
            }
            let name = String(option[..<equals])
            let text = String(option[option.index(after: equals)...])
            let value = ConfigText.fitted(ConfigText.json(text), text: text, to: name)
            settings.append(ConfigSetting(name, value, from: .commandLine(option: "-c \(name)")))
        }
        guard faults.isEmpty else { throw ConfigFaults(faults) }
        self.init(settings)
    }

    /// The variable that sets `name`, in its long form.
    public static func environmentVariable(for name: String) -> String {
        "STORM_" + capitals(name)
    }

    /// Long forms win over short ones where both name a key, so the rule stays unambiguous.
    static let keysByVariable: [String: String] = {
        let names = ConfigKeys.all.map(\.name)
        let short = names.filter { $0.hasPrefix("storm.") }.map { (capitals($0), $0) }
        let long = names.map { (environmentVariable(for: $0), $0) }
        return Dictionary(short + long, uniquingKeysWith: { $1 }).filter { !reserved.contains($0.key) }
    }()

    /// Variables of the launcher itself: they say where things are and set no key.
    static let reserved: Set<String> = ["STORM_CONF_DIR", "STORM_CONF_FILE", "STORM_HOME", "STORM_BASE_DIR"]

    private static func capitals(_ name: String) -> String {
        String(name.uppercased().map { $0 == "." || $0 == "-" ? "_" : $0 })
    }
}
