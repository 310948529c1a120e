package import StormCore
package import StormRuntime

/// Where a worker can be reached by its peers.
package struct PeerAddress: Hashable, Sendable {
    /// The supervisor's id.
    package let node: String
    package let host: String
    package let port: Int

    package init(node: String, host: String, port: Int) {
        self.node = node
        self.host = host
        self.port = port
    }
}

/// The worker's connections to its peers, as the worker sees them; the real ones are sockets.
package protocol WorkerNetwork: TupleTransport {
    /// Answers HTTP on the worker's port with these pages, if this network can. Call before `start`.
    func serve(_ pages: any PageSource)
    /// Listens on the worker's port and gives the engine what comes in. Call before the engine starts.
    func start(_ engine: TopologyEngine) async throws
    /// Where the tasks of other workers are. Connections that stay are left alone.
    func update(_ placement: [TaskID: PeerAddress]) async
    /// Waits until every peer is connected. - Returns: false when some were not within the limit.
    func waitUntilConnected(within limit: Duration) async -> Bool
    /// What it threw away so far, by `DropReason`.
    var dropped: [String: Int] { get }
    /// Sends what is queued, within a few seconds, and closes.
    func close() async
}

extension WorkerNetwork {
    package func serve(_ pages: any PageSource) {}
    package var dropped: [String: Int] { [:] }
}
