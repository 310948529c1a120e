/// Follows all possibilities of a pattern at once: K. Thompson, "Regular expression search algorithm", Communications of the
/// ACM 11 (1968). For one text.
struct PatternWalk {
    private let program: [PatternStep]
    /// Steps that wait for a character.
    private var now: [Int] = []
    private var then: [Int] = []
    /// At which place of the text a step was last reached.
    private var reachedAt: [Int]
    private var place = 0
    private var pending: [Int] = []

    init(_ program: [PatternStep]) {
        self.program = program
        reachedAt = [Int](repeating: -1, count: program.count)
    }

    mutating func finds(_ text: some Sequence<Unicode.Scalar>) -> Bool {
        var scalars = text.makeIterator()
        var before: Unicode.Scalar?
        var scalar = scalars.next()
        while true {
            // A match may begin at each place.
            if reach(0, before, scalar) { return true }
            guard let read = scalar else { return false }
            scalar = scalars.next()
            swap(&now, &then)
            now.removeAll(keepingCapacity: true)
            place += 1
            for index in then {
                guard case .character(let rule) = program[index], rule.contains(read) else { continue }
                if reach(index + 1, read, scalar) { return true }
            }
            before = read
        }
    }

    /// Follows what needs no character, at the place between the two.
    /// - Returns: whether that is the end.
    private mutating func reach(_ first: Int, _ before: Unicode.Scalar?, _ after: Unicode.Scalar?) -> Bool {
        pending.append(first)
        while let index = pending.popLast() {
            guard reachedAt[index] != place else { continue }
            reachedAt[index] = place
            switch program[index] {
            case .match: return true
            case .character: now.append(index)
            case .jump(let target): pending.append(target)
            case .split(let first, let second):
                pending.append(second)
                pending.append(first)
            case .start: if before == nil { pending.append(index + 1) }
            case .end: if after == nil { pending.append(index + 1) }
            case .wordBoundary: if isWord(before) != isWord(after) { pending.append(index + 1) }
            }
        }
        return false
    }

    private func isWord(_ scalar: Unicode.Scalar?) -> Bool {
        guard let scalar else { return false }
        return CharacterRule(ranges: CharacterRule.word).contains(scalar)
    }
}
