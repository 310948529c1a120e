import Storm

/// The lines of a file with their numbers, each until it is acked.
final class Lines: Spout {
    static let outputs: Outputs = ["line_number", "line"]

    private let path: String
    private var lines: [String] = []
    private var next = 0
    private var again: [Int] = []
    private var acked = 0
    private var context: TaskContext?

    init(_ path: String) { self.path = path }

    func open(_ context: TaskContext, _ out: SpoutCollector) throws {
        self.context = context
        lines = try Text.lines(of: path)
    }

    func nextTuple(_ out: SpoutCollector) {
        let number: Int
        if let failed = again.popLast() {
            number = failed
        } else if next < lines.count {
            number = next
            next += 1
        } else {
            return
        }
        out.emit(id: .int(number), number, lines[number])
    }

    func ack(_ id: MessageID) {
        acked += 1
        if acked == lines.count { context?.finish() }
    }

    func fail(_ id: MessageID, _ reason: FailureReason) { if let number = id.int { again.append(number) } }
}
