import FoundationEssentials
public import StormCore
import StormYAML
import Yams

/// Values that come as one piece of text: `-c key=value` and environment variables.
public enum ConfigText {
    /// JSON if it is JSON, else the text itself, as Storm's `-c` does it.
    public static func json(_ text: String) -> ConfigValue {
        // Text that is no JSON is the normal case here, not a fault.
        (try? JSONDecoder().decode(ConfigValue.self, from: Data(text.utf8))) ?? .string(text)
    }

    /// YAML, which JSON is part of, if it is YAML; else the text itself.
    public static func yaml(_ text: String) -> ConfigValue {
        // As above: what does not parse is plain text.
        guard let node = try? Yams.compose(yaml: text, .basic) else { return .string(text) }
        return YAMLValue.value(node) ?? .string(text)
    }

    /// Bends `value`, read from `text`, towards what `name` takes: a text key takes `2` as text, and a key that takes a
    /// list of strings takes `a,b` for `["a", "b"]`.
    static func fitted(_ value: ConfigValue, text: String, to name: String) -> ConfigValue {
        guard let info = ConfigKeys.byName[name], !value.isNull else { return value }
        switch (info.type, value) {
        case (.string, .int), (.string, .double), (.string, .bool): return .string(text)
        case (.stringList, .string), (.stringList, .int), (.stringOrList, .int):
            return .list(pieces(text).map { .string(String($0)) })
        case (.intList, .int): return .list([value])
        case (.intList, .string): return .list(pieces(text).map { Int($0).map { .int($0) } ?? .string(String($0)) })
        default: return value
        }
    }

    private static func pieces(_ text: String) -> [Substring] {
        text.split(separator: ",").map { piece in
            var piece = piece
            while piece.first == " " { piece.removeFirst() }
            while piece.last == " " { piece.removeLast() }
            return piece
        }
    }
}
