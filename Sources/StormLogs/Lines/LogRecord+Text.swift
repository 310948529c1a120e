import StormCore

extension LogRecord {
    /// `INFO  split[3]: message  key=value`: who and what, without time and place. Without a logger: the message alone.
    package var plainText: String {
        var text = ""
        if let name { text += "\(name): " }
        text += message
        for (index, entry) in (metadata ?? [:]).sorted(by: { $0.key < $1.key }).enumerated() {
            text += (index == 0 ? "  " : " ") + "\(entry.key)=\(Self.word(entry.value))"
        }
        return text
    }

    /// The task of a component, else the logger.
    package var name: String? {
        if let component { return task.map { "\(component)[\($0)]" } ?? component }
        return logger
    }

    /// `INFO `, five characters wide.
    package var levelColumn: String {
        let name = threshold?.stormName ?? level.uppercased()
        return name + String(repeating: " ", count: max(0, 5 - name.count))
    }

    private static func word(_ text: String) -> String {
        let needsQuotes = text.isEmpty || text.unicodeScalars.contains { $0.value <= 0x20 || $0 == "\"" || $0 == "=" }
        return needsQuotes ? ConfigValue.quoted(text) : text
    }
}
