import StormWire

/// The durable source of the messages and the place where they end: which were emitted, what became of each, and which
/// reached a sink. Plays what survives a crash of every process.
final class MessageBook: Sendable {
    struct State {
        /// Ids that were acked.
        var acked: Set<Int> = []
        /// Ids of which the spout was told that they are dead letters.
        var deadLettered: Set<Int> = []
        /// Those of both.
        var done: Set<Int> = []
        /// An id that no spout gets to see: a planted bug.
        var hidden: Int?
        /// Arrivals at the sink by id.
        var arrivals: [Int: Int] = [:]
        var emits = 0
        var acks = 0
        var failures: [FailureReason: Int] = [:]
    }

    /// The rule that this watches.
    static let law = "nothing is lost"

    let topology: String
    /// Messages in all.
    let count: Int
    let state = Confined(State())
    private let world: World

    init(_ world: World, topology: String, count: Int) {
        self.world = world
        self.topology = topology
        self.count = count
    }

    /// The law: each message is acked or a dead letter.
    var isComplete: Bool { state.it.done.count == count }
    var missing: [Int] {
        (0..<count).filter { !state.it.done.contains($0) }
    }
    /// What a spout that begins has to emit.
    var open: [Int] { missing.filter { $0 != state.it.hidden } }

    func emitted(_ id: Int) { state.it.emits += 1 }

    func acked(_ id: Int) {
        state.it.acks += 1
        state.it.acked.insert(id)
        state.it.done.insert(id)
        if state.it.arrivals[id, default: 0] == 0 {
            world.fail(Violation(Self.law, "\(topology): message \(id) was acked but never arrived"))
        }
    }

    func failed(_ id: Int, _ reason: FailureReason) { state.it.failures[reason, default: 0] += 1 }

    func deadLettered(_ id: Int) {
        state.it.deadLettered.insert(id)
        state.it.done.insert(id)
    }

    func arrived(_ id: Int) { state.it.arrivals[id, default: 0] += 1 }
}
