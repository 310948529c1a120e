import Glibc

/// What `--grep` looks for in a line: a text, or an extended regular expression between slashes (`/timeout|lost/`), see
/// `LineExpression`.
///
/// The machine that has the logs does the searching for whoever asks, so an expression is matched in time and memory that
/// grow with its length and the line's, and no faster. (glibc's `regcomp` takes gigabytes for some of 30 bytes.)
/// Not `Sendable`: made where it is used.
package final class LinePattern {
    package struct Fault: Error, Hashable, CustomStringConvertible {
        package let description: String
    }

    package static let bytesMax = 256
    /// How much of a line an expression sees.
    static let scalarsMax = 64 << 10

    private let text: String
    private var matcher: LineMatcher?

    package init(_ pattern: String) throws(Fault) {
        guard !pattern.isEmpty, pattern.utf8.count <= Self.bytesMax else {
            throw Fault(description: "a pattern has 1 to \(Self.bytesMax) bytes")
        }
        text = pattern
        if pattern.utf8.count > 2, pattern.hasPrefix("/"), pattern.hasSuffix("/") {
            var expression = pattern.unicodeScalars
            expression.removeFirst()
            expression.removeLast()
            matcher = LineMatcher(try LineExpression(String(expression)))
        }
    }

    package func matches(_ line: String) -> Bool {
        matcher?.matches(line.unicodeScalars.prefix(Self.scalarsMax)) ?? (strstr(line, text) != nil)
    }
}
