import Storm

/// Tells each second which words are the most frequent now, and how often each word that came has come.
///
/// Words are held, and acked when their counts are on their way: should a count be lost, its words come again, are known by
/// their places, and the count is told again.
final class RankWords: Bolt {
    static let outputs = Outputs(["word", "count"]).stream("top", ["words"])

    /// Held words that are told of before the second is over.
    private static let heldMax = 2000

    private let top: Int
    private var window: WordWindow
    private var held: [String: [Tuple]] = [:]
    private var heldCount = 0
    private var topStream: OutputStream?

    init(seconds: Int, top: Int) {
        self.top = top
        window = WordWindow(seconds: seconds)
    }

    func prepare(_ context: TaskContext, _ out: Collector) throws { topStream = out.stream("top") }

    func execute(_ tuple: Tuple, _ out: Collector) throws {
        let word = tuple.string("word")
        let place = WordWindow.Place(message: tuple.int("message"), place: tuple.int("place"))
        window.add(word, second: tuple.int("second"), at: place)
        held[word, default: []].append(tuple)
        heldCount += 1
        if heldCount >= Self.heldMax { tell(out) }
    }

    func tick(_ tuple: Tuple, _ out: Collector) throws {
        tell(out)
        guard let topStream else { return }
        // Not anchored: what is lost is told again in a second.
        let words = window.top(top).map { Value.list([.string($0.word), .int($0.count)]) }
        out.emit(values: [.list(words)], stream: topStream)
    }

    private func tell(_ out: Collector) {
        for (word, tuples) in held {
            out.emit(anchors: tuples, word, window.totals[word, default: 0])
            for tuple in tuples { out.ack(tuple) }
        }
        held.removeAll(keepingCapacity: true)
        heldCount = 0
    }
}
