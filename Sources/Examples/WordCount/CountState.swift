/// The counts of one task, and which words are in them: enough to know a word that comes a second time.
struct CountState: Equatable {
    /// One word of the text: its line and its place there.
    struct Place: Hashable {
        var line: LineID
        /// Byte offset in the line.
        var position: Int
    }

    private(set) var counts: [String: Int] = [:]
    /// Words that were counted, from lines at or above the low water of their spout task.
    private(set) var seen: Set<Place> = []
    /// By spout task: all its lines below are acked, so none of their words is new.
    private(set) var lowWater: [Int: Int] = [:]
    /// Spout tasks that asked for the report.
    private(set) var finishedSpouts: Set<Int> = []

    init() {}

    init(counts: [String: Int], seen: Set<Place>, lowWater: [Int: Int], finishedSpouts: Set<Int>) {
        self.counts = counts
        self.seen = seen
        self.lowWater = lowWater
        self.finishedSpouts = finishedSpouts
    }

    /// Counts the word unless it was counted before.
    mutating func add(_ word: String, at place: Place) {
        if isPast(place.line) { return }
        if seen.insert(place).inserted { counts[word, default: 0] += 1 }
    }

    /// Whether all words of the line were counted and written long ago.
    func isPast(_ line: LineID) -> Bool { line.number < lowWater[line.spout] ?? 0 }

    mutating func advance(spout: Int, to line: Int) { lowWater[spout] = max(line, lowWater[spout] ?? 0) }

    mutating func finish(spout: Int) { finishedSpouts.insert(spout) }

    /// Forgets the words that cannot come again. O(words seen).
    mutating func prune() {
        let lowWater = lowWater
        seen = seen.filter { $0.line.number >= lowWater[$0.line.spout] ?? 0 }
    }
}
