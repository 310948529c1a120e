/// Counts words, in all and within the newest seconds, each occurrence once however often it is told.
///
/// Seconds are those of the messages, not of a clock: told the same occurrences, in whatever order, it is the same. What is older
/// than the window when it comes counts in all only.
struct WordWindow {
    /// Of a word: which message, and where in it.
    struct Place: Hashable {
        let message: Int
        let place: Int
    }

    let seconds: Int
    private var seen: Set<Place> = []
    private(set) var totals: [String: Int] = [:]
    private var bySecond: [Int: [String: Int]] = [:]
    private var newest = Int.min

    init(seconds: Int) { self.seconds = seconds }

    mutating func add(_ word: String, second: Int, at place: Place) {
        guard seen.insert(place).inserted else { return }
        totals[word, default: 0] += 1
        if second > newest {
            newest = second
            bySecond = bySecond.filter { isInWindow($0.key) }
        }
        if isInWindow(second) { bySecond[second, default: [:]][word, default: 0] += 1 }
    }

    private func isInWindow(_ second: Int) -> Bool { newest - second < seconds }

    /// The most frequent words of the window, most frequent first, equal ones in alphabetical order.
    func top(_ count: Int) -> [(word: String, count: Int)] {
        var sums: [String: Int] = [:]
        for words in bySecond.values { sums.merge(words, uniquingKeysWith: +) }
        let ranked = sums.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
        return ranked.prefix(count).map { (word: $0.key, count: $0.value) }
    }
}
