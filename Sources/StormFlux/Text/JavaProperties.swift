/// The `key=value` text of a Java `.properties` file: `#` and `!` begin comments, `=`, `:` or white space ends a key, a
/// backslash at the end of a line continues it, and `\n`, `\t`, `\r`, `\f` and `\uXXXX` are what they are in Java.
package struct JavaProperties: Equatable, Sendable {
    /// The last of several equal keys wins.
    package private(set) var values: [String: String] = [:]

    package init(_ text: String) {
        for line in Self.logicalLines(text) { add(line) }
    }

    package subscript(key: String) -> String? { values[key] }

    private static func logicalLines(_ text: String) -> [[Character]] {
        var lines: [[Character]] = []
        var open: [Character]?
        for raw in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            let line = Array(raw.drop { $0.isWhitespace })
            if open == nil, line.isEmpty || line[0] == "#" || line[0] == "!" { continue }
            let backslashes = line.reversed().prefix { $0 == "\\" }.count
            let isContinued = backslashes % 2 == 1
            let whole = (open ?? []) + (isContinued ? line.dropLast() : line[...])
            open = isContinued ? whole : nil
            if !isContinued { lines.append(whole) }
        }
        if let open { lines.append(open) }
        return lines
    }

    private mutating func add(_ line: [Character]) {
        var end = 0
        while end < line.count, !"=:".contains(line[end]), !line[end].isWhitespace {
            end += line[end] == "\\" ? 2 : 1
        }
        end = min(end, line.count)
        var rest = line[end...].drop { $0.isWhitespace }
        if let first = rest.first, first == "=" || first == ":" { rest = rest.dropFirst().drop { $0.isWhitespace } }
        values[Self.unescaped(line[..<end])] = Self.unescaped(rest)
    }

    private static func unescaped(_ text: ArraySlice<Character>) -> String {
        var out = ""
        var rest = text
        while let character = rest.popFirst() {
            guard character == "\\", let escape = rest.popFirst() else {
                if character != "\\" { out.append(character) }
                continue
            }
            switch escape {
            case "n": out.append("\n")
            case "t": out.append("\t")
            case "r": out.append("\r")
            case "f": out.append("\u{0C}")
            case "u":
                let digits = rest.prefix(4)
                if digits.count == 4, let code = UInt32(String(digits), radix: 16), let scalar = Unicode.Scalar(code) {
                    out.unicodeScalars.append(scalar)
                    rest = rest.dropFirst(4)
                } else {
                    out.append("u")
                }
            default: out.append(escape)
            }
        }
        return out
    }
}
