import Synchronization

/// Requests of a client since it was made, its recipes' included; its own heartbeats are not. A value of one moment.
public struct ClientTraffic: Sendable, Equatable {
    /// Requests of one kind.
    public struct Operation: Sendable, Equatable {
        /// Requests that ended, with an answer or without.
        public internal(set) var count = 0
        /// Of these, those without an answer about the node: a lost connection, no answer in time, a refusal. "No such node"
        /// and "another version" are answers.
        public internal(set) var failures = 0
        /// From being asked for to the end, waiting for a connection included.
        public internal(set) var total = Duration.zero
        /// How many took no longer than `latencyBounds[i]` and longer than the bound before; the last entry counts the
        /// rest.
        public internal(set) var latencies = [Int](repeating: 0, count: ClientTraffic.latencyBounds.count + 1)
        /// Whether it changes the server's data.
        public internal(set) var isWrite: Bool
    }

    /// Ascending.
    public static let latencyBounds: [Duration] = [
        .microseconds(1000), .microseconds(2500), .milliseconds(5), .milliseconds(10), .milliseconds(25),
        .milliseconds(50), .milliseconds(100), .milliseconds(250), .milliseconds(500), .seconds(1), .milliseconds(2500),
        .seconds(5), .seconds(10),
    ]

    /// By name: `create`, `get`, `set`, `multi`, ….
    public internal(set) var operations: [String: Operation] = [:]

    public init() {}

    mutating func add(_ operation: String, isWrite: Bool, took: Duration, failed: Bool) {
        var entry = operations[operation] ?? Operation(isWrite: isWrite)
        entry.count += 1
        if failed { entry.failures += 1 }
        entry.total += took
        entry.latencies[Self.latencyBounds.firstIndex { took <= $0 } ?? Self.latencyBounds.count] += 1
        operations[operation] = entry
    }
}

extension ZooKeeperError {
    /// Whether the server has looked at the node and said how it is.
    var isAnswer: Bool {
        [.noNode, .nodeExists, .badVersion, .notEmpty, .noChildrenForEphemerals].contains(code)
    }
}

extension ZooKeeperClient {
    /// What passed over this client so far.
    public var traffic: ClientTraffic { core.traffic }
}
