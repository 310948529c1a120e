import StormCore
import StormTopology

/// The topology that the simulated cluster runs: numbers, relayed and noted.
struct SimulatedTopology: Sendable {
    let name: String
    let book: MessageBook
    let world: World
    let workers: Int
    let ackers: Int
    let paceNanoseconds: Int64
    /// Emits of a message before it becomes a dead letter; 0: the spout itself emits again, for ever.
    let attempts: Int

    /// Whether the last bolt throws whenever it sees the message. Without a limit that would go on for ever.
    func isPoison(_ id: Int) -> Bool { attempts > 0 && id % 29 == 7 }

    func build(register: @escaping @Sendable (SpoutCounts.Reader) -> Void = { _ in }) throws -> Topology {
        let builder = TopologyBuilder()
        let (book, world, pace, attempts) = (book, world, paceNanoseconds, attempts)
        _ = builder.spout("numbers", parallelism: 2) {
            NumberSpout(book, world, paceNanoseconds: pace, hasRetries: attempts > 0, register: register)
        }
        _ = builder.bolt("relay", parallelism: 2) { RelayBolt() }.tasks(3).shuffle("numbers")
        _ = builder.bolt("note", parallelism: 2) { NotingBolt(book, world, isPoison: isPoison) }.fields("relay", "id")
        return try builder.build()
    }

    var settings: [String: ConfigValue] {
        [
            "topology.workers": .int(workers), "topology.acker.executors": .int(ackers),
            "topology.message.timeout.secs": .int(10), "topology.max.spout.pending": .int(20),
            "topology.executor.loops": .int(1), "topology.retry.max.attempts": .int(attempts),
            "topology.retry.max.backoff.ms": .int(2000),
        ]
    }
}
