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

    func build(register: @escaping @Sendable (SpoutCounts.Reader) -> Void = { _ in }) throws -> Topology {
        let builder = TopologyBuilder()
        let (book, world, pace) = (book, world, paceNanoseconds)
        _ = builder.spout("numbers", parallelism: 2) {
            NumberSpout(book, world, paceNanoseconds: pace, register: register)
        }
        _ = builder.bolt("relay", parallelism: 2) { RelayBolt() }.tasks(3).shuffle("numbers")
        _ = builder.bolt("note", parallelism: 2) { NotingBolt(book, world) }.fields("relay", "id")
        return try builder.build()
    }

    var settings: [String: ConfigValue] {
        [
            "topology.workers": .int(workers), "topology.acker.executors": .int(ackers),
            "topology.message.timeout.secs": .int(10), "topology.max.spout.pending": .int(20),
            "topology.executor.loops": .int(1),
        ]
    }
}
