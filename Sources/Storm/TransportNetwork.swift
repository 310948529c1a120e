import Logging
import StormCore
import StormManifest
import StormRuntime
import StormTransport
import StormWire
import StormWorker

/// The worker's network over real sockets.
final class TransportNetwork: WorkerNetwork {
    private let transport: WorkerTransport

    init(_ manifest: WorkerManifest, logger: Logger) {
        transport = WorkerTransport(
            TransportConfiguration(
                topologyID: manifest.topologyID, node: manifest.supervisorID,
                bindHost: LoopbackName.includes(manifest.host) ? "127.0.0.1" : "0.0.0.0", port: manifest.port,
                token: manifest.token),
            logger: logger)
    }

    func send(_ batch: Batch) { transport.send(batch) }

    func serve(_ pages: any PageSource) { transport.serve(pages) }

    func start(_ engine: TopologyEngine) async throws {
        transport.attach(engine)
        try await transport.start()
    }

    func update(_ placement: [TaskID: PeerAddress]) async {
        transport.update(
            placement.mapValues { WorkerAddress(node: $0.node, host: $0.host, port: $0.port) })
    }

    func waitUntilConnected(within limit: Duration) async -> Bool {
        do {
            try await transport.ready(within: limit)
            return true
        } catch {
            return false
        }
    }

    var dropped: [String: Int] { transport.statistics.dropped }

    var traffic: NetworkTraffic? {
        let statistics = transport.statistics
        let peers = transport.peerCounts
        var traffic = NetworkTraffic()
        traffic.bytesSent = statistics.bytesSent
        traffic.bytesReceived = statistics.bytesReceived
        traffic.framesSent = statistics.framesSent
        traffic.framesReceived = statistics.framesReceived
        traffic.tuplesSent = statistics.tuplesSent
        traffic.tuplesReceived = statistics.tuplesReceived
        traffic.reconnects = statistics.reconnects
        traffic.bytesUnconfirmed = statistics.bytesUnconfirmed
        traffic.peersOpen = peers.open
        traffic.peersWaiting = peers.all - peers.open
        return traffic
    }

    func close() async { await transport.close(within: .seconds(1)) }
}
