/// An extended regular expression as a list of instructions, for `LineMatcher`. It has at most twice as many instructions as
/// the expression has characters, and one more.
///
/// What POSIX has, over Unicode scalars: `.`, `[a-z]`, `[^[:digit:]]`, `( )`, `|`, `*`, `+`, `?`, `^`, `$`, and a backslash
/// before what is meant literally. As elsewhere: `\d`, `\w`, `\s`, with capitals for everything else, `\b`, `\t`. Not
/// possible: counts in braces, back-references.
struct LineExpression {
    enum Instruction {
        case one(ScalarSet)
        /// Goes on with the next instruction and with this one.
        case split(Int)
        case jump(Int)
        case isStart
        case isEnd
        case isWordBoundary
        case found
    }

    let instructions: [Instruction]

    init(_ text: String) throws(LinePattern.Fault) {
        var parser = LineExpressionParser(text)
        instructions = try parser.whole() + [.found]
    }
}

/// By recursive descent; groups are as deep as `LinePattern.bytesMax` lets them be. Instructions are relative to their own
/// place until the whole is put together: `split` and `jump` hold distances.
private struct LineExpressionParser {
    private typealias Piece = [LineExpression.Instruction]

    private let text: String
    private let scalars: [Unicode.Scalar]
    private var place = 0

    init(_ text: String) {
        self.text = text
        scalars = Array(text.unicodeScalars)
    }

    mutating func whole() throws(LinePattern.Fault) -> [LineExpression.Instruction] {
        let piece = try alternatives()
        guard place == scalars.count else { throw fault("a ) without its (") }
        return piece.enumerated().map { index, instruction in
            switch instruction {
            case .split(let distance): .split(index + distance)
            case .jump(let distance): .jump(index + distance)
            default: instruction
            }
        }
    }

    private var next: Unicode.Scalar? { place < scalars.count ? scalars[place] : nil }

    private func fault(_ reason: String) -> LinePattern.Fault {
        LinePattern.Fault(description: "/\(text)/ is no regular expression here: \(reason)")
    }

    private mutating func alternatives() throws(LinePattern.Fault) -> Piece {
        var pieces = [try sequence()]
        while next == "|" {
            place += 1
            pieces.append(try sequence())
        }
        var whole = pieces.removeLast()
        for piece in pieces.reversed() {
            whole = [.split(piece.count + 2)] + piece + [.jump(whole.count + 1)] + whole
        }
        return whole
    }

    private mutating func sequence() throws(LinePattern.Fault) -> Piece {
        var whole: Piece = []
        while let scalar = next, scalar != "|", scalar != ")" {
            whole += try repeated()
        }
        return whole
    }

    private mutating func repeated() throws(LinePattern.Fault) -> Piece {
        var piece = try atom()
        var isMany = false
        var isOptional = false
        while let scalar = next, scalar == "*" || scalar == "+" || scalar == "?" {
            isMany = isMany || scalar != "?"
            isOptional = isOptional || scalar != "+"
            place += 1
        }
        // One after the other they mean no more than the widest of them: `a+?` is `a*`.
        if isMany { piece.append(.split(-piece.count)) }
        if isOptional { piece = [.split(piece.count + 1)] + piece }
        return piece
    }

    private mutating func atom() throws(LinePattern.Fault) -> Piece {
        guard let scalar = next else { return [] }
        place += 1
        switch scalar {
        case "(":
            let piece = try alternatives()
            guard next == ")" else { throw fault("a ( without its )") }
            place += 1
            return piece
        case "[": return [.one(try brackets())]
        case ".": return [.one(.any)]
        case "^": return [.isStart]
        case "$": return [.isEnd]
        case "*", "+", "?": throw fault("there is nothing before \(scalar) that it could repeat")
        case "{": throw fault("counts in braces are not possible (a brace itself: \\{)")
        case "\\": return [try escaped()]
        default: return [.one(ScalarSet(scalar))]
        }
    }

    private mutating func escaped() throws(LinePattern.Fault) -> LineExpression.Instruction {
        guard let scalar = next else { throw fault("a backslash with nothing behind it") }
        place += 1
        if scalar == "b" { return .isWordBoundary }
        if let set = ScalarSet.escaped[scalar] { return .one(set) }
        guard !ScalarSet.digits.contains(scalar) else { throw fault("back-references are not possible") }
        guard !ScalarSet.letters.contains(scalar) else { throw fault("\\\(scalar) is not known") }
        return .one(ScalarSet(scalar))
    }

    private mutating func brackets() throws(LinePattern.Fault) -> ScalarSet {
        var set = ScalarSet()
        let isOpposite = next == "^"
        if isOpposite { place += 1 }
        let first = place
        while let scalar = next {
            place += 1
            // The first one is meant literally.
            if scalar == "]", place > first + 1 { return isOpposite ? set.opposite : set }
            if scalar == "[", next == ":" {
                set.insert(try namedClass())
            } else {
                set.insert(scalar...(try endOfRange(from: scalar)))
            }
        }
        throw fault("a [ without its ]")
    }

    private mutating func endOfRange(from first: Unicode.Scalar) throws(LinePattern.Fault) -> Unicode.Scalar {
        guard next == "-", place + 1 < scalars.count, scalars[place + 1] != "]" else { return first }
        let last = scalars[place + 1]
        guard first <= last else { throw fault("\(first)-\(last) is empty") }
        place += 2
        return last
    }

    private mutating func namedClass() throws(LinePattern.Fault) -> ScalarSet {
        let rest = scalars[(place + 1)...]
        guard let end = rest.firstIndex(of: ":"), end + 1 < scalars.count, scalars[end + 1] == "]" else {
            throw fault("a [: without its :]")
        }
        var name = ""
        name.unicodeScalars.append(contentsOf: scalars[(place + 1)..<end])
        guard let set = ScalarSet.named[name] else { throw fault("[:\(name):] is not known") }
        place = end + 2
        return set
    }
}
