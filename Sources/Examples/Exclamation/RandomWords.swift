import Storm

/// Emits random words; one that fails is emitted again.
final class RandomWords: Spout {
    static let outputs: Outputs = ["word"]
    private static let words = ["ant", "bison", "crane", "dormouse", "eel", "finch", "gecko", "heron"]

    private let count: Int?
    private var context: TaskContext?
    private var emitted = 0
    private var acked = 0
    private var failed: [MessageID] = []
    private var random = SystemRandomNumberGenerator()

    /// - Parameter count: how many words; nil: no end.
    init(count: Int?) { self.count = count }

    func open(_ context: TaskContext, _ out: SpoutCollector) throws { self.context = context }

    func nextTuple(_ out: SpoutCollector) throws {
        if let id = failed.popLast() {
            out.emit(id: id, word)
        } else if emitted < count ?? .max {
            emitted += 1
            out.emit(id: .int(emitted), word)
        }
    }

    func ack(_ id: MessageID) {
        acked += 1
        if acked == count { context?.finish() }
    }

    func fail(_ id: MessageID, _ reason: FailureReason) { failed.append(id) }

    private var word: String { Self.words.randomElement(using: &random) ?? "" }
}
