import Glibc
import StormCore

/// What `--grep` looks for in a line: a text, or a regular expression between slashes (`/timeout|lost/`), see `TextPattern`.
package struct LinePattern {
    package struct Fault: Error, Hashable, CustomStringConvertible {
        package let description: String
    }

    package static let bytesMax = 256
    /// How much of a line an expression sees.
    static let scalarsMax = 64 << 10

    private let text: String
    private let expression: TextPattern?

    package init(_ pattern: String) throws(Fault) {
        guard !pattern.isEmpty, pattern.utf8.count <= Self.bytesMax else {
            throw Fault(description: "a pattern has 1 to \(Self.bytesMax) bytes")
        }
        text = pattern
        guard pattern.utf8.count > 2, pattern.hasPrefix("/"), pattern.hasSuffix("/") else {
            expression = nil
            return
        }
        do throws(TextPattern.Fault) {
            expression = try TextPattern(String(pattern.unicodeScalars.dropFirst().dropLast()))
        } catch {
            throw Fault(description: "\(pattern) is no regular expression here: \(error)")
        }
    }

    package func matches(_ line: String) -> Bool {
        guard let expression else { return strstr(line, text) != nil }
        return expression.matches(scalars: line.unicodeScalars.prefix(Self.scalarsMax))
    }
}
