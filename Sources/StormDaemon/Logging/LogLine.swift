import Logging
import StormCore

/// How log records are written.
public enum LogFormat: String, Sendable {
    /// `2026-11-21T01:07:58.123Z INFO  nimbus: topology submitted  topology.id=wc-1-17`
    case text
    /// `{"time":"…","level":"info","logger":"nimbus","message":"…","topology.id":"wc-1-17"}`
    case json
}

/// Writes one record as exactly one line, whatever is in it.
enum LogLine {
    /// Longer messages and values are cut, so that no record can fill a disk.
    static let textCharactersMax = 16_384

    static func make(
        _ format: LogFormat, time: LogTime, level: Logger.Level, label: String, message: String,
        metadata: Logger.Metadata
    ) -> String {
        let entries = metadata.sorted { $0.key < $1.key }
        switch format {
        case .text:
            var line = "\(time) \(name(level)) \(label): \(oneLine(message))"
            for (index, entry) in entries.enumerated() {
                line += (index == 0 ? "  " : " ") + "\(entry.key)=\(value(entry.value.description))"
            }
            return line + "\n"
        case .json:
            var line = "{\"time\":\"\(time)\",\"level\":\"\(level.rawValue)\",\"logger\":\(quoted(label))"
            line += ",\"message\":\(quoted(message))"
            for (key, value) in entries { line += ",\(quoted(key)):\(quoted(value.description))" }
            return line + "}\n"
        }
    }

    private static func name(_ level: Logger.Level) -> String {
        let name = level == .warning ? "WARN" : level.rawValue.uppercased()
        return name + String(repeating: " ", count: max(0, 5 - name.count))
    }

    /// A metadata value: in quotes when it would not read as one word.
    private static func value(_ text: String) -> String {
        let needsQuotes = text.isEmpty || text.unicodeScalars.contains { $0.value <= 0x20 || $0 == "\"" || $0 == "=" }
        return needsQuotes ? quoted(text) : cut(text)
    }

    private static func quoted(_ text: String) -> String { ConfigValue.quoted(cut(text)) }

    private static func oneLine(_ text: String) -> String {
        let text = cut(text)
        guard text.unicodeScalars.contains(where: { $0.value < 0x20 }) else { return text }
        return String(ConfigValue.quoted(text.replacingQuotes()).dropFirst().dropLast())
    }

    private static func cut(_ text: String) -> String {
        text.utf8.count <= textCharactersMax ? text : text.prefix(textCharactersMax) + "… (cut)"
    }
}

extension String {
    /// Double quotes and backslashes out of the way of the escaping of line ends.
    fileprivate func replacingQuotes() -> String {
        String(map { $0 == "\"" ? "'" : ($0 == "\\" ? "/" : $0) })
    }
}
