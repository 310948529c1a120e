import FoundationEssentials
import Storm

/// The lines of a file with their numbers, each until it is acked; then the work is done.
final class Lines: Spout {
    static let outputs: Outputs = ["number", "line"]

    private let path: String
    private var lines: [String] = []
    private var waiting: [Int] = []
    private var acked = 0
    private var context: TaskContext?

    init(_ path: String) { self.path = path }

    func open(_ context: TaskContext, _ out: SpoutCollector) throws {
        self.context = context
        let text = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        lines = text.split(whereSeparator: \.isNewline).map(String.init)
        waiting = Array(lines.indices.reversed())
    }

    func nextTuple(_ out: SpoutCollector) {
        guard let number = waiting.popLast() else { return }
        out.emit(id: .int(number), number, lines[number])
    }

    func ack(_ id: MessageID) {
        acked += 1
        if acked == lines.count { context?.finish() }
    }

    func fail(_ id: MessageID, _ reason: FailureReason) { if let number = id.int { waiting.append(number) } }
}

/// The words of each line, but for some.
final class Split: BasicBolt {
    static let outputs: Outputs = ["word", "number", "place"]

    private let leftOut: Set<String>

    init(without leftOut: Set<String>) { self.leftOut = leftOut }

    func execute(_ tuple: Tuple, _ out: BasicCollector) throws {
        for (place, word) in tuple.string("line").split(separator: " ").enumerated() {
            let word = String(word)
            if !leftOut.contains(word) { out.emit(word, tuple.int("number"), place) }
        }
    }
}

/// Counts each word of each line once, however often it comes; writes `word<TAB>count` lines at each tick.
final class Count: BasicBolt {
    private struct Place: Hashable {
        let line: Int
        let place: Int
    }

    private let output: String
    private var counts: [String: Int] = [:]
    private var seen: Set<Place> = []

    init(output: String) { self.output = output }

    func execute(_ tuple: Tuple, _ out: BasicCollector) throws {
        if seen.insert(Place(line: tuple.int("number"), place: tuple.int("place"))).inserted {
            counts[tuple.string("word"), default: 0] += 1
        }
    }

    func tick(_ tuple: Tuple, _ out: BasicCollector) throws { try write() }

    func cleanup() {
        // At the end of a run nobody is left to tell but the reader of the file.
        try? write()
    }

    /// A reader sees the old text or the new one.
    private func write() throws {
        let text = counts.map { "\($0.key)\t\($0.value)\n" }.joined()
        try Data(text.utf8).write(to: URL(filePath: output), options: .atomic)
    }
}
