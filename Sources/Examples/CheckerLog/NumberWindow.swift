/// The messages of a spout task by number: which are emitted, which are acked. Memory is kept from the first number that
/// is not acked on.
package struct NumberWindow: Equatable, Sendable {
    /// All numbers below it are acked.
    package private(set) var lowWater = 0
    /// The first number that was never emitted.
    package private(set) var next = 0
    /// From `lowWater - passed` on.
    private var isAcked: [Bool] = []
    private var passed = 0

    package init() {}

    package static func == (a: NumberWindow, b: NumberWindow) -> Bool {
        a.lowWater == b.lowWater && a.next == b.next && a.isAcked[a.passed...] == b.isAcked[b.passed...]
    }

    /// Emitted and not acked.
    package var open: [Int] { (lowWater..<next).filter { !isAcked[passed + $0 - lowWater] } }
    package var isEmpty: Bool { lowWater == next }

    /// All numbers below `end` are emitted.
    package mutating func emit(below end: Int) {
        guard end > next else { return }
        isAcked.append(contentsOf: repeatElement(false, count: end - next))
        next = end
    }

    package func isOpen(_ number: Int) -> Bool {
        number >= lowWater && number < next && !isAcked[passed + number - lowWater]
    }

    /// Amortized O(1). A number that is not open is left alone.
    package mutating func ack(_ number: Int) {
        guard isOpen(number) else { return }
        isAcked[passed + number - lowWater] = true
        while passed < isAcked.count, isAcked[passed] {
            passed += 1
            lowWater += 1
        }
        if passed > 4096, passed * 2 > isAcked.count {
            isAcked.removeFirst(passed)
            passed = 0
        }
    }
}

extension NumberWindow {
    /// Where a spout task was when its last process ended: from all its diaries, in any order.
    package init(diaries: [String]) throws(CheckError) {
        self.init()
        // A number may be acked in a later process than it was emitted in, so the emissions of all files come first.
        for path in diaries {
            var reader = DiaryReader(path)
            try reader.read { (record) throws(CheckError) in
                if record.kind == .emittedThrough { emit(below: record.number + 1) }
            }
        }
        for path in diaries {
            var reader = DiaryReader(path)
            try reader.read { (record) throws(CheckError) in
                if record.kind == .acked { ack(record.number) }
            }
        }
    }
}
