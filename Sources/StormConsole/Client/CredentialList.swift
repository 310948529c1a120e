/// The credentials that `storm upload-credentials` sends: pairs on the command line win over a file of properties.
package enum CredentialList {
    /// What was uploaded: `storm upload-credentials --json`. Values are secrets and are not shown.
    package struct Uploaded: Encodable, Equatable, Sendable {
        package var name: String
        package var keys: [String]

        package init(_ name: String, _ credentials: [String: String]) {
            self.name = name
            keys = credentials.keys.sorted()
        }
    }

    /// - Parameters:
    ///   - pairs: key, value, key, value, …
    ///   - properties: the text of a file: `key=value` or `key: value` on a line; `#` and `!` begin a remark.
    package static func parse(
        pairs: [String], properties: String
    ) throws(CommandFailure) -> [String: String] {
        guard pairs.count.isMultiple(of: 2) else {
            throw .usage("credentials come in pairs of key and value; \"\(pairs[pairs.count - 1])\" has no value")
        }
        var all: [String: String] = [:]
        for (number, line) in properties.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let text = trimmed(line)
            if text.isEmpty || text.hasPrefix("#") || text.hasPrefix("!") { continue }
            guard let end = text.firstIndex(where: { $0 == "=" || $0 == ":" }) else {
                throw CommandFailure("line \(number + 1) of the file is not key=value")
            }
            all[trimmed(text[..<end])] = trimmed(text[text.index(after: end)...])
        }
        for index in stride(from: 0, to: pairs.count, by: 2) { all[pairs[index]] = pairs[index + 1] }
        return all
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }

    private static func trimmed(_ text: String) -> String { trimmed(text[...]) }
}
