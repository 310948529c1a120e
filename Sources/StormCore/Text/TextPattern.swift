/// A regular expression that takes time in proportion to text times pattern, whatever they are: it runs on executors, and
/// for whoever asks a machine for its logs. (glibc's `regcomp` takes gigabytes for some of 30 bytes.)
///
/// Knows `. * + ? | ( ) [a-z] [^a-z] [[:alpha:]] ^ $` and `\d \w \s \D \W \S \b \n \t`, `\` before anything else takes it
/// literally. Matches anywhere in the text unless anchored. No repetition counts, no back references.
package struct TextPattern: Hashable, Sendable {
    /// Why a pattern is refused, in a few words.
    package struct Fault: Error, Hashable, CustomStringConvertible {
        package let description: String

        package init(description: String) { self.description = description }
    }

    package static let charactersMax = 256

    package let text: String
    private let program: [PatternStep]

    /// - Throws: `Fault`.
    package init(_ text: String) throws(Fault) {
        guard text.unicodeScalars.count <= Self.charactersMax else {
            throw Fault(description: "a pattern may have \(Self.charactersMax) characters")
        }
        self.text = text
        var parser = PatternParser(text)
        program = try parser.parse()
    }

    /// Whether a part of the text matches.
    /// - Complexity: O(text × pattern); a few allocations, whatever the text is.
    package func matches(_ text: String) -> Bool { matches(scalars: text.unicodeScalars) }

    /// As `matches`, of a part of a text.
    package func matches(scalars text: some Sequence<Unicode.Scalar>) -> Bool {
        var walk = PatternWalk(program)
        return walk.finds(text)
    }
}

/// One instruction; `character` and the anchors go on with the next one.
enum PatternStep: Hashable, Sendable {
    case character(CharacterRule)
    case jump(Int)
    case split(Int, Int)
    case start, end, wordBoundary
    case match
}

/// Which characters a step takes.
struct CharacterRule: Hashable, Sendable {
    var ranges: [ClosedRange<Unicode.Scalar>]
    var isNegated = false

    static let any = CharacterRule(ranges: [], isNegated: true)
    static let digit: [ClosedRange<Unicode.Scalar>] = ["0"..."9"]
    static let word: [ClosedRange<Unicode.Scalar>] = ["0"..."9", "A"..."Z", "_"..."_", "a"..."z"]
    static let space: [ClosedRange<Unicode.Scalar>] = ["\t"..."\r", " "..." "]
    private static let letter: [ClosedRange<Unicode.Scalar>] = ["A"..."Z", "a"..."z"]

    /// POSIX' classes, as in the C locale.
    static let named: [String: [ClosedRange<Unicode.Scalar>]] = [
        "alpha": letter, "digit": digit, "alnum": letter + digit, "lower": ["a"..."z"], "upper": ["A"..."Z"],
        "space": space, "blank": ["\t"..."\t", " "..." "], "xdigit": digit + ["A"..."F", "a"..."f"],
        "punct": ["!"..."/", ":"..."@", "["..."`", "{"..."~"], "cntrl": ["\0"..."\u{1F}", "\u{7F}"..."\u{7F}"],
        "print": [" "..."~"], "graph": ["!"..."~"],
    ]

    func contains(_ scalar: Unicode.Scalar) -> Bool { ranges.contains { $0.contains(scalar) } != isNegated }
}
