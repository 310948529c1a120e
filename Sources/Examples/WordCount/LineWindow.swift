/// Where a line is in the text of one spout task.
struct LinePosition: Equatable {
    /// Index among the task's files.
    var file: Int
    var offset: Int
}

/// The lines of a spout task from the first one that is not acked yet: their places, not their text.
///
/// Lines are numbered from 0 in the order in which they were first emitted.
struct LineWindow {
    private struct Line {
        var position: LinePosition
        var isAcked = false
    }

    /// All lines below it are acked.
    private(set) var lowWater: Int
    private var lines: [Line] = []
    /// Lines at the start of `lines` that are below the low water and not thrown away yet.
    private var passed = 0

    init(lowWater: Int = 0) { self.lowWater = lowWater }

    var count: Int { lines.count - passed }
    var isEmpty: Bool { count == 0 }
    /// Of the line at the low water; nil when all lines are acked.
    var firstPosition: LinePosition? { isEmpty ? nil : lines[passed].position }

    /// - Returns: the number of the line.
    mutating func append(_ position: LinePosition) -> Int {
        lines.append(Line(position: position))
        return lowWater + count - 1
    }

    /// Amortized O(1).
    mutating func ack(_ line: Int) {
        guard line >= lowWater, line < lowWater + count else { return }
        lines[passed + line - lowWater].isAcked = true
        while passed < lines.count, lines[passed].isAcked {
            passed += 1
            lowWater += 1
        }
        if passed > 1024, passed * 2 > lines.count {
            lines.removeFirst(passed)
            passed = 0
        }
    }

    /// - Returns: nil when the line is acked already.
    func position(of line: Int) -> LinePosition? {
        guard line >= lowWater, line < lowWater + count else { return nil }
        let entry = lines[passed + line - lowWater]
        return entry.isAcked ? nil : entry.position
    }
}
