import Logging
import Storm

/// Counts its share of the words, exactly.
///
/// A word is acked when the file with the state holds it, so it is lost with no crash; and a word that is sent again
/// because its ack was late, or its line's other words failed, is known by its place.
final class CountWords: Bolt {
    static let outputs = Outputs()
        .stream("totals", ["task", "entries", "word", "count"])
        .stream("live", ["word", "count"])

    /// The state is written when so many words wait for it, and with each tick.
    private static let heldMax = 20_000

    private let output: String?
    private let once: Bool
    private var state = CountState()
    /// Words that are counted in memory only.
    private var held: [Tuple] = []
    private var writeAt = heldMax
    /// The spouts' requests for the report.
    private var requests: [Tuple] = []
    private var path: String?
    private var task = 0
    private var spouts = 0
    private var totals: OutputStream?
    private var live: OutputStream?

    init(output: String?, once: Bool) {
        self.output = output
        self.once = once
    }

    func prepare(_ context: TaskContext, _ out: Collector) throws {
        task = context.taskIndex
        spouts = context.tasks(of: "lines").count
        totals = out.stream("totals")
        live = out.stream("live")
        path = try StateFolder(output: output, context)?.counts(task)
        if let path, let saved = try CountState.load(path) {
            state = saved
            context.logger.info("goes on after a restart", metadata: ["words": "\(saved.counts.count)"])
        }
    }

    func execute(_ tuple: Tuple, _ out: Collector) throws {
        switch tuple.sourceStream {
        case "progress":
            state.advance(spout: tuple.int(0), to: tuple.int(1))
            out.ack(tuple)
            if tuple.bool(2), !held.isEmpty { try checkpoint(out) }
        case "done":
            state.finish(spout: tuple.int(0))
            requests.append(tuple)
            try answer(out)
        default:
            try count(tuple, out)
        }
    }

    func tick(_ tuple: Tuple, _ out: Collector) throws {
        if !held.isEmpty { try checkpoint(out) }
        if !once, let live { for (word, count) in state.counts { out.emit(live, word, count) } }
    }

    private func count(_ tuple: Tuple, _ out: Collector) throws {
        let line = LineID(rawValue: tuple.int(1))
        if state.isPast(line) { return out.ack(tuple) }
        state.add(tuple.string(0), at: CountState.Place(line: line, position: tuple.int(2)))
        held.append(tuple)
        if held.count >= writeAt { try checkpoint(out) }
    }

    /// Brings the state to the disk, then acks what it holds.
    private func checkpoint(_ out: Collector) throws {
        // If the disk is full, the next attempt is not made with the very next word.
        writeAt = held.count + Self.heldMax
        state.prune()
        if let path { try state.save(path) }
        for tuple in held { out.ack(tuple) }
        held.removeAll(keepingCapacity: true)
        writeAt = Self.heldMax
    }

    /// Sends all counts when all spout tasks are through. Anchored: if anything of it is lost, the spouts ask again.
    private func answer(_ out: Collector) throws {
        guard state.finishedSpouts.count == spouts, let totals else { return }
        try checkpoint(out)
        if state.counts.isEmpty { out.emit(totals, anchors: requests, task, 0, "", 0) }
        for (word, count) in state.counts {
            out.emit(totals, anchors: requests, task, state.counts.count, word, count)
        }
        for request in requests { out.ack(request) }
        requests.removeAll()
    }
}
