package import StormCore
package import Yams

/// Turns parsed YAML into configuration values by our own rules: those of YAML 1.1 that Storm's files rely on, without
/// base-60 numbers (`10:30` stays text), and without the regular expressions that the library would need for them.
package enum YAMLValue {
    /// Nil for what has no place in a configuration: keys that are no plain text, values nested too deep.
    package static func value(_ node: Node, depthMax: Int = 32) -> ConfigValue? {
        guard depthMax > 0 else { return nil }
        switch node {
        case .scalar(let scalar): return self.scalar(scalar)
        case .sequence(let sequence):
            var items: [ConfigValue] = []
            for item in sequence {
                guard let item = value(item, depthMax: depthMax - 1) else { return nil }
                items.append(item)
            }
            return .list(items)
        case .mapping(let mapping):
            var entries: [String: ConfigValue] = [:]
            for (key, item) in mapping {
                guard case .scalar(let name) = key, let item = value(item, depthMax: depthMax - 1) else { return nil }
                entries[name.string] = item
            }
            return .map(entries)
        case .alias: return nil
        }
    }

    package static func refusal(_ key: String) -> String {
        "the value of \(key) cannot be used: only text, numbers, true/false, lists and maps with plain keys, "
            + "at most 30 levels deep"
    }

    package static func scalar(_ scalar: Node.Scalar) -> ConfigValue {
        let plain = scalar.style == .plain || scalar.style == .any
        guard plain, scalar.tag.description != "tag:yaml.org,2002:str" else { return .string(scalar.string) }
        return self.plain(scalar.string)
    }

    /// An unquoted scalar.
    package static func plain(_ text: String) -> ConfigValue {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON": return .bool(true)
        case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF": return .bool(false)
        default: return number(text) ?? .string(text)
        }
    }

    private static func number(_ text: String) -> ConfigValue? {
        guard let first = text.utf8.first, text.utf8.last != UInt8(ascii: "_"),
            "+-.0123456789".utf8.contains(first)
        else { return nil }
        let digits = text.filter { $0 != "_" }
        if let value = Int(digits) { return .int(value) }
        let unsigned = digits.drop { $0 == "+" || $0 == "-" }
        if unsigned.hasPrefix("0x") || unsigned.hasPrefix("0X") {
            guard let value = Int(unsigned.dropFirst(2), radix: 16) else { return nil }
            return .int(digits.hasPrefix("-") ? -value : value)
        }
        guard digits.utf8.allSatisfy({ "+-.eE0123456789".utf8.contains($0) }), let value = Double(digits) else {
            return nil
        }
        return .double(value)
    }

    /// The key of a line such as `nimbus.seeds: [a]` that starts at the left margin; nil for any other line.
    package static func marginKey(_ line: Substring) -> Substring? {
        guard let first = line.first, first.isLetter || first == "\"" || first == "'" || first == "_" else {
            return nil
        }
        guard let colon = line.firstIndex(of: ":") else { return nil }
        let after = line.index(after: colon)
        guard after == line.endIndex || line[after].isWhitespace else { return nil }
        var key = line[..<colon]
        while key.last?.isWhitespace == true { key.removeLast() }
        if let quote = key.first, quote == "\"" || quote == "'", key.count > 1, key.last == quote {
            key = key.dropFirst().dropLast()
        }
        return key.isEmpty || key.contains { $0.isWhitespace } ? nil : key
    }
}
