import Glibc

/// What `--grep` looks for in a line: a text, or a POSIX extended regular expression between slashes (`/timeout|lost/`).
///
/// The machine that has the logs does the searching for whoever asks, so expressions that can take for ever are refused:
/// long ones, repetition counts in braces, and back-references. What remains is matched in time proportional to the line.
/// Not `Sendable`: made where it is used.
package final class LinePattern {
    package struct Fault: Error, Hashable, CustomStringConvertible {
        package let description: String
    }

    package static let bytesMax = 256

    private let text: String
    private var compiled = regex_t()
    private var isCompiled = false

    package init(_ pattern: String) throws(Fault) {
        guard !pattern.isEmpty, pattern.utf8.count <= Self.bytesMax else {
            throw Fault(description: "a pattern has 1 to \(Self.bytesMax) bytes")
        }
        guard pattern.utf8.count > 2, pattern.hasPrefix("/"), pattern.hasSuffix("/") else {
            text = pattern
            return
        }
        text = ""
        let expression = String(pattern.dropFirst().dropLast())
        if let fault = Self.refusal(expression) { throw Fault(description: fault) }
        let code = regcomp(&compiled, expression, REG_EXTENDED | REG_NOSUB)
        guard code == 0 else {
            var text = [CChar](repeating: 0, count: 128)
            regerror(code, &compiled, &text, text.count)
            let reason = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            throw Fault(description: "/\(expression)/ is no regular expression: \(reason)")
        }
        isCompiled = true
    }

    deinit { if isCompiled { regfree(&compiled) } }

    private static func refusal(_ expression: String) -> String? {
        var isEscaped = false
        var isInBrackets = false
        for character in expression {
            if isEscaped {
                if character.isNumber { return "/\(expression)/: back-references are not possible here" }
                isEscaped = false
            } else {
                switch character {
                case "\\": isEscaped = !isInBrackets
                case "[": isInBrackets = true
                case "]": isInBrackets = false
                case "{" where !isInBrackets: return "/\(expression)/: counts in braces are not possible here"
                default: break
                }
            }
        }
        return nil
    }

    package func matches(_ line: String) -> Bool {
        if isCompiled { return regexec(&compiled, line, 0, nil, 0) == 0 }
        return strstr(line, text) != nil
    }
}
