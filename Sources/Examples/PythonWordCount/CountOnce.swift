import Storm

/// Counts each word of each line once, however often it comes.
final class CountOnce: Bolt {
    private struct Place: Hashable {
        let line: Int
        let place: Int
    }

    private let output: String
    private var counts: [String: Int] = [:]
    private var seen: Set<Place> = []

    init(_ output: String) { self.output = output }

    func execute(_ tuple: Tuple, _ out: Collector) throws {
        if seen.insert(Place(line: tuple.int("line"), place: tuple.int("place"))).inserted {
            counts[tuple.string("word"), default: 0] += 1
        }
        out.ack(tuple)
    }

    func tick(_ tuple: Tuple, _ out: Collector) throws { try write() }

    func cleanup() {
        // At the end of a run nobody is left to tell but the reader of the file.
        try? write()
    }

    private func write() throws { try Text.write(counts.map { "\($0.key)\t\($0.value)\n" }.joined(), to: output) }
}
