/// Translates a pattern into steps. Depth is bounded by the pattern's length.
struct PatternParser {
    private var rest: ArraySlice<Unicode.Scalar>

    init(_ text: String) { rest = Array(text.unicodeScalars)[...] }

    mutating func parse() throws(TextPattern.Fault) -> [PatternStep] {
        let steps = try alternatives(depth: 0)
        guard rest.isEmpty else { throw fault("a ) too much") }
        return steps + [.match]
    }

    private func fault(_ text: String) -> TextPattern.Fault { TextPattern.Fault(description: text) }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard rest.first == scalar else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func alternatives(depth: Int) throws(TextPattern.Fault) -> [PatternStep] {
        guard depth < 32 else { throw fault("too many parentheses inside one another") }
        var steps = try sequence(depth: depth)
        while take("|") {
            let other = try sequence(depth: depth)
            // split to either, and from the end of the first past the second
            steps =
                [.split(1, steps.count + 2)] + Self.moved(steps, by: 1) + [.jump(steps.count + 2 + other.count)]
                + Self.moved(other, by: steps.count + 2)
        }
        return steps
    }

    private mutating func sequence(depth: Int) throws(TextPattern.Fault) -> [PatternStep] {
        var steps: [PatternStep] = []
        while let scalar = rest.first, scalar != "|", scalar != ")" {
            steps += Self.moved(try repeated(depth: depth), by: steps.count)
        }
        return steps
    }

    private mutating func repeated(depth: Int) throws(TextPattern.Fault) -> [PatternStep] {
        var piece = try piece(depth: depth)
        while let scalar = rest.first {
            switch scalar {
            case "*": piece = [.split(1, piece.count + 2)] + Self.moved(piece, by: 1) + [.jump(0)]
            case "+": piece += [.split(0, piece.count + 1)]
            case "?": piece = [.split(1, piece.count + 1)] + Self.moved(piece, by: 1)
            case "{": throw fault("repetition counts {} are not known; write \\{ for the character")
            default: return piece
            }
            guard piece.count <= 4096 else { throw fault("it is too long") }
            rest.removeFirst()
        }
        return piece
    }

    private mutating func piece(depth: Int) throws(TextPattern.Fault) -> [PatternStep] {
        let scalar = rest.removeFirst()
        switch scalar {
        case ".": return [.character(.any)]
        case "^": return [.start]
        case "$": return [.end]
        case "*", "+", "?", "{": throw fault("there is nothing before \(scalar) to repeat")
        case "(":
            let inner = try alternatives(depth: depth + 1)
            guard take(")") else { throw fault("a ( without its )") }
            return inner
        case "[": return [.character(try set())]
        case "\\":
            if take("b") { return [.wordBoundary] }
            return [.character(try escaped())]
        default: return [.character(CharacterRule(ranges: [scalar...scalar]))]
        }
    }

    private mutating func set() throws(TextPattern.Fault) -> CharacterRule {
        var rule = CharacterRule(ranges: [], isNegated: take("^"))
        var isFirst = true
        while let scalar = rest.popFirst() {
            if scalar == "]", !isFirst { return rule }
            isFirst = false
            if scalar == "\\" {
                let inner = try escaped()
                guard !inner.isNegated else { throw fault("\\D, \\W and \\S cannot be in a set") }
                rule.ranges += inner.ranges
            } else if scalar == "[", take(":") {
                rule.ranges += try namedClass()
            } else if rest.first == "-", let last = rest.dropFirst().first, last != "]" {
                guard scalar <= last else { throw fault("the range \(scalar)-\(last) is backwards") }
                rest.removeFirst(2)
                rule.ranges.append(scalar...last)
            } else {
                rule.ranges.append(scalar...scalar)
            }
        }
        throw fault("a [ without its ]")
    }

    private mutating func namedClass() throws(TextPattern.Fault) -> [ClosedRange<Unicode.Scalar>] {
        var name = ""
        while let scalar = rest.popFirst(), scalar != ":" { name.unicodeScalars.append(scalar) }
        guard take("]"), let ranges = CharacterRule.named[name] else { throw fault("[:\(name):] is not known") }
        return ranges
    }

    private mutating func escaped() throws(TextPattern.Fault) -> CharacterRule {
        guard let scalar = rest.popFirst() else { throw fault("a \\ at the end") }
        switch scalar {
        case "d": return CharacterRule(ranges: CharacterRule.digit)
        case "w": return CharacterRule(ranges: CharacterRule.word)
        case "s": return CharacterRule(ranges: CharacterRule.space)
        case "D": return CharacterRule(ranges: CharacterRule.digit, isNegated: true)
        case "W": return CharacterRule(ranges: CharacterRule.word, isNegated: true)
        case "S": return CharacterRule(ranges: CharacterRule.space, isNegated: true)
        case "n": return CharacterRule(ranges: ["\n"..."\n"])
        case "t": return CharacterRule(ranges: ["\t"..."\t"])
        case "1"..."9": throw fault("back references are not known")
        default: return CharacterRule(ranges: [scalar...scalar])
        }
    }

    /// The same steps, starting at another place.
    private static func moved(_ steps: [PatternStep], by offset: Int) -> [PatternStep] {
        steps.map { step in
            switch step {
            case .jump(let target): .jump(target + offset)
            case .split(let first, let second): .split(first + offset, second + offset)
            case .character, .start, .end, .wordBoundary, .match: step
            }
        }
    }
}
