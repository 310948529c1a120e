import FoundationEssentials
package import StormCore

/// What a znode holds, decoded. Pure.
package enum ZNodeData: Hashable, Sendable {
    case empty
    case json(ConfigValue)
    case text(String)
    case bytes([UInt8])

    package init(_ bytes: [UInt8]) {
        if bytes.isEmpty {
            self = .empty
        } else if let first = bytes.first, first == UInt8(ascii: "{") || first == UInt8(ascii: "["),
            // What only looks like JSON is shown as text.
            let value = try? JSONDecoder().decode(ConfigValue.self, from: Data(bytes))
        {
            self = .json(Self.masked(value))
        } else if let text = String(validating: bytes, as: UTF8.self), !text.contains("\0") {
            self = .text(text)
        } else {
            self = .bytes(bytes)
        }
    }

    /// For `--json`: JSON as it is, else a text, else base64 in an object.
    var value: ConfigValue {
        switch self {
        case .empty: .null
        case .json(let value): value
        case .text(let text): .string(text)
        case .bytes(let bytes): .map(["base64": .string(Data(bytes).base64EncodedString())])
        }
    }

    /// - Parameter now: epoch milliseconds; times inside are shown with their age.
    package func lines(now: Int64) -> [String] {
        switch self {
        case .empty: []
        case .json(let value): JSONLines.lines(value, now: now)
        case .text(let text): text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        case .bytes(let bytes): ["(\(bytes.count) bytes that are no text)"]
        }
    }

    // MARK: Secrets

    /// Fields whose values are not for a screen.
    private static let secretFields: Set<String> = ["worker_token", "credentials"]

    private static func masked(_ value: ConfigValue) -> ConfigValue {
        switch value {
        case .list(let items): return .list(items.map(masked))
        case .map(let entries):
            return .map(
                Dictionary(
                    uniqueKeysWithValues: entries.map { key, value in
                        (key, secretFields.contains(key) && !value.isNull ? hidden(value) : masked(value))
                    }))
        default: return value
        }
    }

    private static func hidden(_ value: ConfigValue) -> ConfigValue {
        if case .map(let entries) = value { .map(entries.mapValues { _ in "***" }) } else { "***" }
    }
}

/// JSON over several lines, with the age of times beside them: a field `…_ms` that holds a date.
package enum JSONLines {
    package static func lines(_ value: ConfigValue, now: Int64) -> [String] {
        var lines: [String] = []
        add(value, name: nil, indent: "", comma: "", now: now, to: &lines)
        return lines
    }

    private static func add(
        _ value: ConfigValue, name: String?, indent: String, comma: String, now: Int64, to lines: inout [String]
    ) {
        let head = indent + (name.map { ConfigValue.quoted($0) + ": " } ?? "")
        switch value {
        case .map(let entries) where !entries.isEmpty:
            lines.append(head + "{")
            for (index, entry) in entries.sorted(by: { $0.key < $1.key }).enumerated() {
                let comma = index + 1 < entries.count ? "," : ""
                add(entry.value, name: entry.key, indent: indent + "  ", comma: comma, now: now, to: &lines)
            }
            lines.append(indent + "}" + comma)
        case .list(let items) where items.contains(where: \.isContainer):
            lines.append(head + "[")
            for (index, item) in items.enumerated() {
                let comma = index + 1 < items.count ? "," : ""
                add(item, name: nil, indent: indent + "  ", comma: comma, now: now, to: &lines)
            }
            lines.append(indent + "]" + comma)
        default: lines.append(head + "\(value)" + comma + age(value, name, now))
        }
    }

    private static func age(_ value: ConfigValue, _ name: String?, _ now: Int64) -> String {
        // From 2001 on: smaller numbers are durations.
        guard let name, name.hasSuffix("_ms"), case .int(let time) = value, time > 1_000_000_000_000 else { return "" }
        return "    (\(Age.since(Int64(time), now: now)))"
    }
}

extension ConfigValue {
    fileprivate var isContainer: Bool {
        switch self {
        case .map(let entries): !entries.isEmpty
        case .list(let items): !items.isEmpty
        default: false
        }
    }
}
