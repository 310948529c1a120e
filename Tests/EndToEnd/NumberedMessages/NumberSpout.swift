import Logging
import Storm

/// Emits its share of the numbers at a steady pace, and each again until it is acked.
final class NumberSpout: Spout {
    static let outputs: Outputs = ["number"]

    /// Emits of one call, so that a spout that fell behind does not hold up its neighbours.
    private static let burst = 64
    private static let saveInterval: Duration = .milliseconds(250)
    /// A shorter time without a message is no pause but the pace.
    private static let pauseMilliseconds = 100

    private let books: String
    private let rate: Double
    private var book: Book?
    private var emitted = 0
    private var acked = 0
    private var failures = 0
    private var replayed = 0
    private var context: TaskContext?
    private var index = 0
    private var step = 1
    /// Count of this task's messages so far; its n-th has the number `n * step + index`.
    private var next = 0
    private var inFlight: Set<Int> = []
    private var failed: [Int] = []
    private var start = ContinuousClock.now
    /// Messages since `start`.
    private var paced = 0
    private var lastEmit = 0
    private var nextSave = ContinuousClock.now

    /// - Parameter rate: messages per second of one task.
    init(books: String, rate: Double) {
        self.books = books
        self.rate = rate
    }

    func open(_ context: TaskContext, _ out: SpoutCollector) throws {
        self.context = context
        index = context.taskIndex
        step = context.tasks(of: context.component).count
        var book = try Book(books, "numbers-\(index)")
        next = book["next"]
        // What was not acked when the book was written last is emitted again.
        failed = Array(book["low"]..<next)
        (emitted, acked, failures, replayed) = (book["emitted"], book["acked"], book["failed"], book["replayed"])
        book["processes"] += 1
        lastEmit = book["last_emit_ms"]
        self.book = book
    }

    func activate() {
        start = .now
        paced = 0
    }

    func nextTuple(_ out: SpoutCollector) throws {
        if ContinuousClock.now >= nextSave { try save() }
        let elapsed = (ContinuousClock.now - start) / .seconds(1)
        let due = min(Int(elapsed * rate) - paced, Self.burst)
        guard due > 0 else { return }
        notePause()
        for _ in 0..<due {
            if let message = failed.popLast() {
                replayed += 1
                emit(message, out)
            } else {
                emit(next, out)
                next += 1
            }
        }
        paced += due
    }

    private func emit(_ message: Int, _ out: SpoutCollector) {
        emitted += 1
        inFlight.insert(message)
        out.emit(id: .int(message), message * step + index)
    }

    /// How long nothing was emitted: across a restart too, by the time in the book.
    private func notePause() {
        let now = Book.epochMilliseconds()
        let pause = now - lastEmit
        if lastEmit > 0, pause >= Self.pauseMilliseconds { book?.entries["pauses_ms", default: []].append(pause) }
        lastEmit = now
    }

    func ack(_ id: MessageID) {
        guard let message = id.int, inFlight.remove(message) != nil else { return }
        acked += 1
    }

    func fail(_ id: MessageID, _ reason: FailureReason) {
        guard let message = id.int, inFlight.remove(message) != nil else { return }
        failures += 1
        failed.append(message)
    }

    func deactivate() { saveOrTell() }
    func close() { saveOrTell() }

    private func saveOrTell() {
        do { try save() } catch { context?.logger.error("the book cannot be written: \(error)") }
    }

    private func save() throws {
        nextSave = .now + Self.saveInterval
        for (name, value) in [
            ("emitted", emitted), ("acked", acked), ("failed", failures), ("replayed", replayed), ("next", next),
        ] { book?[name] = value }
        book?["low"] = min(inFlight.min() ?? next, failed.min() ?? next)
        book?["in_flight"] = inFlight.count
        book?["last_emit_ms"] = lastEmit
        try book?.save()
    }
}
