import FoundationEssentials
import StormCore

/// Reads the lines that workers' loggers write, in both formats. Pure.
package enum LogLineParser {
    /// Nil for a line that is not of a logger's form.
    package static func parse(_ line: String) -> LogRecord? {
        line.utf8.first == UInt8(ascii: "{") ? json(line) : text(line)
    }

    // MARK: JSON

    private static func json(_ line: String) -> LogRecord? {
        // Anything but an object of texts was not written by a logger of ours: the line stands for itself.
        guard var fields = try? JSONDecoder().decode([String: String].self, from: Data(line.utf8)),
            let time = fields.removeValue(forKey: "time").flatMap({ LogInstant.parse($0) }),
            let level = fields.removeValue(forKey: "level").flatMap({ LogThreshold(name: $0) }),
            let message = fields.removeValue(forKey: "message")
        else { return nil }
        var record = LogRecord(
            timeMilliseconds: time, level: level.rawValue, logger: fields.removeValue(forKey: "logger"),
            message: message)
        record.take(metadata: fields)
        return record
    }

    // MARK: Text

    /// `TIME LEVEL LABEL: MESSAGE  KEY=VALUE KEY=VALUE`
    private static func text(_ line: String) -> LogRecord? {
        let utf8 = line.utf8
        guard let space = utf8.prefix(40).firstIndex(of: UInt8(ascii: " ")),
            let time = LogInstant.parse(line[..<space])
        else { return nil }
        var rest = line[utf8.index(after: space)...]
        guard let levelEnd = rest.utf8.firstIndex(of: UInt8(ascii: " ")),
            let level = LogThreshold(name: rest[..<levelEnd])
        else { return nil }
        rest = rest[levelEnd...]
        while rest.utf8.first == UInt8(ascii: " ") { rest = rest[rest.utf8.index(after: rest.startIndex)...] }
        guard let labelEnd = endOfLabel(rest) else { return nil }
        let content = rest[rest.utf8.index(labelEnd, offsetBy: 2)...]
        let (message, metadata) = divided(content)
        var record = LogRecord(
            timeMilliseconds: time, level: level.rawValue, logger: String(rest[..<labelEnd]), message: String(message))
        record.take(metadata: metadata)
        return record
    }

    /// Where the first ": " is.
    private static func endOfLabel(_ text: Substring) -> Substring.Index? {
        var from = text.startIndex
        while let colon = text.utf8[from...].firstIndex(of: UInt8(ascii: ":")) {
            let after = text.utf8.index(after: colon)
            if after < text.utf8.endIndex, text.utf8[after] == UInt8(ascii: " ") { return colon }
            from = after
        }
        return nil
    }

    /// The message, and the metadata behind the first two spaces after which there is nothing but metadata.
    private static func divided(_ text: Substring) -> (message: Substring, metadata: [String: String]) {
        let bytes = Array(text.utf8)
        var index = 0
        while index + 2 < bytes.count {
            if bytes[index] == UInt8(ascii: " "), bytes[index + 1] == UInt8(ascii: " "),
                let found = metadata(bytes, from: index + 2)
            {
                let end = text.utf8.index(text.startIndex, offsetBy: index)
                return (text[..<end], found)
            }
            index += 1
        }
        return (text, [:])
    }

    /// `KEY=VALUE KEY="a value"` up to the end; nil when it is anything else.
    private static func metadata(_ bytes: [UInt8], from start: Int) -> [String: String]? {
        var found: [String: String] = [:]
        var index = start
        while index < bytes.count {
            guard let equals = bytes[index...].firstIndex(where: { $0 == UInt8(ascii: "=") || $0 <= 0x20 }),
                equals > index, bytes[equals] == UInt8(ascii: "=")
            else { return nil }
            let key = String(decoding: bytes[index..<equals], as: UTF8.self)
            index = equals + 1
            let end: Int
            if index < bytes.count, bytes[index] == UInt8(ascii: "\"") {
                guard let quote = closingQuote(bytes, from: index + 1), let value = quoted(bytes[index...quote]) else {
                    return nil
                }
                found[key] = value
                end = quote + 1
            } else {
                end = bytes[index...].firstIndex { $0 <= 0x20 } ?? bytes.count
                found[key] = String(decoding: bytes[index..<end], as: UTF8.self)
            }
            if end == bytes.count { return found }
            guard bytes[end] == UInt8(ascii: " "), end + 1 < bytes.count else { return nil }
            index = end + 1
        }
        return nil
    }

    private static func closingQuote(_ bytes: [UInt8], from start: Int) -> Int? {
        var index = start
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\\"): index += 2
            case UInt8(ascii: "\""): return index
            default: index += 1
            }
        }
        return nil
    }

    private static func quoted(_ bytes: ArraySlice<UInt8>) -> String? {
        // With its quotes it is a JSON text; what is none is no metadata of ours.
        (try? JSONDecoder().decode([String].self, from: Data([UInt8(ascii: "[")] + bytes + [UInt8(ascii: "]")])))?.first
    }
}
