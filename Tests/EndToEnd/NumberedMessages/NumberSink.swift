import Logging
import Storm

/// Counts what arrives.
final class NumberSink: Bolt {
    static let outputs: Outputs = []

    private let books: String
    private var book: Book?
    private var context: TaskContext?
    private var arrived = 0
    private var sum = 0

    init(books: String) { self.books = books }

    func prepare(_ context: TaskContext, _ out: Collector) throws {
        self.context = context
        let book = try Book(books, "sink-\(context.taskIndex)")
        arrived = book["arrived"]
        sum = book["sum"]
        self.book = book
        print("sink \(context.taskIndex) has a book")
    }

    func execute(_ tuple: Tuple, _ out: Collector) {
        arrived += 1
        sum &+= tuple.int(0)
        context?.logger.debug("number \(tuple.int(0))")
        out.ack(tuple)
    }

    func cleanup() {
        book?["arrived"] = arrived
        book?["sum"] = sum
        do { try book?.save() } catch { context?.logger.error("the book cannot be written: \(error)") }
    }
}
