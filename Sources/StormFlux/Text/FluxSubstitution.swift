/// Puts values in the place of `${key}`, `${key[n]}` and `${ENV-NAME}` before a text is read as YAML.
///
/// Flux's rules, without two of its limits: every placeholder of a line is replaced, not only the last, and one that
/// nobody knows is told and left as it is, also without a properties file. Lines that are comments are left alone. A value
/// is put in as it is: it may be any piece of YAML on one line.
package struct FluxSubstitution: Sendable {
    package var properties: JavaProperties?
    /// Nil: `${ENV-…}` is not replaced.
    package var environment: [String: String]?

    package init(properties: JavaProperties? = nil, environment: [String: String]? = nil) {
        self.properties = properties
        self.environment = environment
    }

    /// - Returns: the text, and what could not be replaced.
    package func apply(_ text: String, file: String) -> (text: String, notices: [FluxFault]) {
        guard text.contains("${") else { return (text, []) }
        var notices: [FluxFault] = []
        var lines: [String] = []
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            if line.first(where: { !$0.isWhitespace }) == "#" {
                lines.append(String(line))
            } else {
                lines.append(replaced(line, FluxPlace(file, index + 1), &notices))
            }
        }
        return (lines.joined(separator: "\n"), notices)
    }

    private func replaced(_ line: Substring, _ place: FluxPlace, _ notices: inout [FluxFault]) -> String {
        var out = ""
        var rest = line
        while let start = rest.firstRange(of: "${") {
            out += rest[..<start.lowerBound]
            guard let end = rest[start.upperBound...].firstIndex(of: "}") else {
                out += rest[start.lowerBound...]
                return out
            }
            let key = rest[start.upperBound..<end]
            switch value(String(key)) {
            case .success(let value): out += value
            case .failure(let reason):
                notices.append(FluxFault(place, "", "${\(key)} is left as it is: \(reason.text)"))
                out += rest[start.lowerBound...end]
            }
            rest = rest[rest.index(after: end)...]
        }
        return out + rest
    }

    private struct Unknown: Error { let text: String }

    private func value(_ key: String) -> Result<String, Unknown> {
        if key.hasPrefix("ENV-") {
            let name = String(key.dropFirst(4))
            guard let environment else { return .failure(Unknown(text: "--env-filter is not given")) }
            return environment[name].map { .success($0) }
                ?? .failure(Unknown(text: "there is no environment variable \(name)"))
        }
        guard let properties else { return .failure(Unknown(text: "--filter FILE is not given")) }
        if let value = properties[key] { return .success(value) }
        guard key.hasSuffix("]"), let bracket = key.lastIndex(of: "["),
            let number = Int(key[key.index(after: bracket)...].dropLast()), number >= 0,
            let list = properties[String(key[..<bracket])]
        else { return .failure(Unknown(text: "the properties have no such key")) }
        let items = Self.items(list)
        guard number < items.count else {
            return .failure(Unknown(text: "the list has \(items.count) elements, counted from 0"))
        }
        return .success(items[number])
    }

    /// The elements of `["a", "b"]`: brackets and quotes go.
    private static func items(_ text: String) -> [String] {
        var inner = Substring(text)
        while let last = inner.last, last.isWhitespace { inner.removeLast() }
        if inner.first == "[" { inner.removeFirst() }
        if inner.last == "]" { inner.removeLast() }
        return inner.split(separator: ",").map { piece in
            var piece = piece.drop { $0.isWhitespace }
            while let last = piece.last, last.isWhitespace { piece.removeLast() }
            if piece.count > 1, let quote = piece.first, quote == "\"" || quote == "'", piece.last == quote {
                piece = piece.dropFirst().dropLast()
            }
            return String(piece)
        }
    }
}
