import FoundationEssentials
package import StormCore
package import StormThrift

/// What the commands about the configuration say.
package enum ConfigAnswers {
    /// `NAME: VALUE`, as Storm prints it: texts bare, the items of a list with spaces between, `null` for nothing.
    package static func line(_ name: String, _ value: ConfigValue?) -> String {
        let shown = value.map { Config.masked(name, $0) } ?? .null
        let text =
            switch shown {
            case .list(let items): items.map(bare).joined(separator: " ")
            default: bare(shown)
            }
        return "\(name): \(text)"
    }

    private static func bare(_ value: ConfigValue) -> String {
        if case .string(let text) = value { text } else { value.description }
    }

    /// One key and its value: `localconfvalue --json`, `remoteconfvalue --json`. The value of a secret is masked.
    package struct Answer: Encodable, Equatable, Sendable {
        package let key: String
        /// `null` when nothing is set and the key has no default.
        package let value: ConfigValue

        package init(_ name: String, _ value: ConfigValue?) {
            key = name
            self.value = value.map { Config.masked(name, $0) } ?? .null
        }
    }

    /// The value that the leading nimbus has; nil when it has none.
    package static func remoteValue(_ name: String, _ nimbus: any NimbusService) async throws -> ConfigValue? {
        do {
            let text = try await nimbus.getNimbusConf()
            return try JSONDecoder().decode([String: ConfigValue].self, from: Data(text.utf8))[name]
        } catch let error as DecodingError {
            throw CommandFailure("nimbus' configuration cannot be read: \(error)")
        } catch {
            throw CommandFailure.nimbus(error)
        }
    }

    /// One key: what it means here, and where its value comes from.
    package struct Explanation: Encodable, Equatable, Sendable {
        package let key: String
        package let value: ConfigValue
        package let source: String
        package let defaultValue: ConfigValue
        package let expected: String
        package let meaning: String
        package let hasEffect: Bool

        private enum CodingKeys: String, CodingKey {
            case key, value, source, expected, meaning
            case defaultValue = "default"
            case hasEffect = "has_effect"
        }

        package var lines: [String] {
            [
                "key:      \(key)", "value:    \(value)", "source:   \(source)", "default:  \(defaultValue)",
                "expected: \(expected)", "meaning:  \(meaning)",
            ] + (hasEffect ? [] : ["effect:   none in this system"])
        }
    }

    /// - Throws: a failure for a key that nobody knows and nobody has set, with the one that was probably meant.
    package static func explain(_ name: String, in config: Config) throws(CommandFailure) -> Explanation {
        let value = Config.masked(name, config.value(named: name) ?? .null)
        guard let info = ConfigKeys.byName[name] else {
            guard config.isSet(name) else { throw CommandFailure(unknown(name)) }
            return Explanation(
                key: name, value: value, source: "\(config.origin(named: name))", defaultValue: .null,
                expected: "anything", meaning: "a key of your own: it is passed to the components of topologies",
                hasEffect: true)
        }
        let hasEffect = info.standing == .used
        return Explanation(
            key: name, value: value, source: "\(config.origin(named: name))",
            defaultValue: Config.masked(name, info.defaultValue), expected: info.expectation,
            meaning: info.documentation, hasEffect: hasEffect)
    }

    /// What to say of a key beside its value; nil for one that is known or set.
    package static func doubt(_ name: String, isSet: Bool) -> String? {
        guard !isSet, ConfigKeys.byName[name] == nil else { return nil }
        return unknown(name)
    }

    private static func unknown(_ name: String) -> String {
        let near = KeySuggestion.nearest(to: name, among: ConfigKeys.byName.keys)
        return "there is no key \"\(name)\"" + (near.map { "; did you mean \($0)?" } ?? "")
    }

    /// Keys whose name contains `text`, in the order of the names.
    package static func names(containing text: String) -> [String] {
        ConfigKeys.byName.keys.filter { text.isEmpty || $0.contains(text) }.sorted()
    }
}
