/// A regular expression that takes time in proportion to text times pattern, whatever they are: it runs on executors.
///
/// Knows `. * + ? | ( ) [a-z] [^a-z] ^ $` and `\d \w \s \D \W \S`, `\` before anything else takes it literally. Matches
/// anywhere in the text unless anchored. No repetition counts, no back references.
package struct TextPattern: Hashable, Sendable {
    /// Why a pattern is refused, in a few words.
    package struct Fault: Error, Hashable, CustomStringConvertible {
        package let description: String
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
    package func matches(_ text: String) -> Bool {
        var now = StepSet(program.count)
        var next = StepSet(program.count)
        var isFirst = true
        for scalar in text.unicodeScalars {
            if add(0, to: &now, isStart: isFirst, isEnd: false) { return true }
            isFirst = false
            next.removeAll()
            for index in now.members {
                guard case .character(let set) = program[index], set.contains(scalar) else { continue }
                if add(index + 1, to: &next, isStart: false, isEnd: false) { return true }
            }
            swap(&now, &next)
        }
        // What waits for the end of the text gets it now.
        next.removeAll()
        for index in [0] + now.members where add(index, to: &next, isStart: isFirst, isEnd: true) { return true }
        return false
    }

    /// Adds a step and what follows it without a character. - Returns: whether the pattern has matched.
    private func add(_ index: Int, to set: inout StepSet, isStart: Bool, isEnd: Bool) -> Bool {
        var pending = [index]
        while let index = pending.popLast() {
            guard set.insert(index) else { continue }
            switch program[index] {
            case .match: return true
            case .character: break
            case .jump(let target): pending.append(target)
            case .split(let first, let second): pending += [second, first]
            case .start: if isStart { pending.append(index + 1) }
            case .end: if isEnd { pending.append(index + 1) }
            }
        }
        return false
    }
}

/// One instruction; `character` and the anchors go on with the next one.
enum PatternStep: Hashable, Sendable {
    case character(CharacterRule)
    case jump(Int)
    case split(Int, Int)
    case start, end
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

    func contains(_ scalar: Unicode.Scalar) -> Bool { ranges.contains { $0.contains(scalar) } != isNegated }
}

/// Steps that are alive, each once, in the order they were added.
private struct StepSet {
    private(set) var members: [Int] = []
    private var isMember: [Bool]

    init(_ count: Int) { isMember = Array(repeating: false, count: count) }

    mutating func insert(_ index: Int) -> Bool {
        guard !isMember[index] else { return false }
        isMember[index] = true
        members.append(index)
        return true
    }

    mutating func removeAll() {
        for index in members { isMember[index] = false }
        members.removeAll(keepingCapacity: true)
    }
}
