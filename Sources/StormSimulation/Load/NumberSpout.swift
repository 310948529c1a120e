import StormCore
import StormTopology
import StormWire

/// Emits the numbers of a book that were not acked yet, those of its task, one every few milliseconds, and each again
/// when it fails, unless the engine does that. Checks, on its own books, what the engine says of each.
final class NumberSpout: Spout {
    static var outputs: Outputs { ["id"] }

    private let book: MessageBook
    private let world: World
    private let paceNanoseconds: Int64
    private let hasRetries: Bool
    private var waiting: [Int] = []
    private var inFlight: Set<Int> = []
    private var nextEmit: Int64 = 0
    let counts = Confined(SpoutCounts())
    private let register: (SpoutCounts.Reader) -> Void

    init(
        _ book: MessageBook, _ world: World, paceNanoseconds: Int64, hasRetries: Bool,
        register: @escaping (SpoutCounts.Reader) -> Void
    ) {
        self.book = book
        self.world = world
        self.paceNanoseconds = paceNanoseconds
        self.hasRetries = hasRetries
        self.register = register
    }

    func open(_ context: TaskContext, _ out: SpoutCollector) throws {
        let tasks = context.tasks(of: context.component).count
        waiting = book.open.filter { $0 % tasks == context.taskIndex }.reversed()
        counts.it.hasRetries = hasRetries
        register(SpoutCounts.Reader(task: context.task, topology: context.topologyID, counts: counts))
    }

    func nextTuple(_ out: SpoutCollector) throws {
        guard world.now >= nextEmit, let id = waiting.popLast() else { return }
        nextEmit = world.now + world.random(paceNanoseconds / 2...paceNanoseconds * 2)
        if !inFlight.insert(id).inserted {
            world.fail(Violation("conservation", "\(book.topology): message \(id) was emitted while in flight"))
        }
        book.emitted(id)
        counts.it.emitted += 1
        out.emit(id: .int(id), id)
    }

    func ack(_ id: MessageID) {
        guard let number = id.int else { return }
        settle(number, "acked")
        counts.it.acked += 1
        book.acked(number)
    }

    func fail(_ id: MessageID, _ reason: FailureReason) {
        guard let number = id.int else { return }
        settle(number, "failed")
        counts.it.failed += 1
        book.failed(number, reason)
        waiting.append(number)
    }

    func deadLettered(_ id: MessageID, _ reason: FailureReason) {
        guard let number = id.int else { return }
        settle(number, "dead-lettered")
        counts.it.deadLettered += 1
        book.deadLettered(number)
    }

    private func settle(_ id: Int, _ how: String) {
        if inFlight.remove(id) == nil {
            world.fail(Violation("conservation", "\(book.topology): message \(id) \(how) but was not in flight"))
        }
    }
}

/// What one spout object saw.
struct SpoutCounts: Sendable {
    var emitted = 0
    var acked = 0
    var failed = 0
    var deadLettered = 0
    /// Whether the engine emits failed messages again, so that the spout hears of the last end only.
    var hasRetries = false

    var inFlight: Int { emitted - acked - failed - deadLettered }

    struct Reader: Sendable {
        let task: TaskID
        let topology: String
        let counts: Confined<SpoutCounts>
    }
}
