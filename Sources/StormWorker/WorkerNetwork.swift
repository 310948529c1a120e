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

/// What passed between a worker and its peers since its start. A value of one moment.
package struct NetworkTraffic: Sendable, Equatable {
    package var bytesSent = 0
    package var bytesReceived = 0
    package var framesSent = 0
    package var framesReceived = 0
    package var tuplesSent = 0
    package var tuplesReceived = 0
    package var reconnects = 0
    /// Sent and not executed by the peers yet.
    package var bytesUnconfirmed = 0
    /// Peers that this worker sends to, with and without a connection just now.
    package var peersOpen = 0
    package var peersWaiting = 0

    package init() {}
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
    /// What passed over it so far; nil: it does not count.
    var traffic: NetworkTraffic? { get }
    /// Sends what is queued, within a few seconds, and closes.
    func close() async
}

extension WorkerNetwork {
    package func serve(_ pages: any PageSource) {}
    package var dropped: [String: Int] { [:] }
    package var traffic: NetworkTraffic? { nil }
}
