/// Says whether an expression matches anywhere in a line, by following all its possibilities at once: K. Thompson, "Regular
/// expression search algorithm", Communications of the ACM 11 (1968).
///
/// - Complexity: O(scalars of the line × instructions), in memory O(instructions), whatever the expression and the line are.
struct LineMatcher {
    private let instructions: [LineExpression.Instruction]
    /// Instructions that wait for a scalar.
    private var now: [Int] = []
    private var then: [Int] = []
    /// In which step an instruction was last reached.
    private var reachedIn: [Int]
    private var step = 0
    private var open: [Int] = []

    init(_ expression: LineExpression) {
        instructions = expression.instructions
        reachedIn = [Int](repeating: 0, count: expression.instructions.count)
    }

    mutating func matches(_ line: Substring.UnicodeScalarView) -> Bool {
        var scalars = line.makeIterator()
        var before: Unicode.Scalar?
        var scalar = scalars.next()
        now.removeAll(keepingCapacity: true)
        step += 1
        while true {
            // A match may begin at each place.
            if reach(0, before, scalar) { return true }
            guard let read = scalar else { return false }
            scalar = scalars.next()
            swap(&now, &then)
            now.removeAll(keepingCapacity: true)
            step += 1
            for index in then {
                guard case .one(let set) = instructions[index], set.contains(read) else { continue }
                if reach(index + 1, read, scalar) { return true }
            }
            before = read
        }
    }

    /// Follows what needs no scalar, between the two.
    /// - Returns: whether that is the end.
    private mutating func reach(_ first: Int, _ before: Unicode.Scalar?, _ after: Unicode.Scalar?) -> Bool {
        open.append(first)
        while let index = open.popLast() {
            guard reachedIn[index] != step else { continue }
            reachedIn[index] = step
            switch instructions[index] {
            case .one: now.append(index)
            case .jump(let target): open.append(target)
            case .split(let target):
                open.append(target)
                open.append(index + 1)
            case .isStart: if before == nil { open.append(index + 1) }
            case .isEnd: if after == nil { open.append(index + 1) }
            case .isWordBoundary: if isWord(before) != isWord(after) { open.append(index + 1) }
            case .found:
                open.removeAll(keepingCapacity: true)
                return true
            }
        }
        return false
    }

    private func isWord(_ scalar: Unicode.Scalar?) -> Bool { scalar.map(ScalarSet.word.contains) ?? false }
}
