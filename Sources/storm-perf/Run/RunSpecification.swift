import StormCore

/// One run: which topology, how large, for how long. Handed to the worker processes as JSON.
struct RunSpecification: Codable, Sendable, Equatable {
    var shape: Shape
    var acking = true
    var workers = 1
    /// Executors of the spout.
    var spouts = 1
    /// Executors of each bolt.
    var bolts = 1
    var ackers = 1
    /// `topology.max.spout.pending`; nil: only flow control bounds what is pending.
    var maxPending: Int?
    var seconds = 10.0
    var warmupSeconds = 2.0
    /// Messages per second of all spouts together, at fixed times; nil: as fast as possible.
    var rate: Double?
    /// Threads that run the executors of one process; nil: the engine's choice.
    var loops: Int?
    /// Text for `FileReadWordCount`.
    var input = "/usr/share/common-licenses/GPL-3"
    /// Bytes of the constant string; nil: "some data".
    var payloadBytes: Int?
    /// How long `SlowBolt` sleeps for each tuple.
    var pauseMicroseconds = 200
    /// Shell components: an interpreter that has the package storm-swift; nil: `python3` and a bare script.
    var python: String?
    /// Shell components: whether they may use the channel.
    var hasChannel = true

    init(_ shape: Shape) {
        self.shape = shape
        workers = shape == .crossWorker ? 2 : 1
    }

    var ackerTasks: Int { acking ? ackers : 0 }
}
