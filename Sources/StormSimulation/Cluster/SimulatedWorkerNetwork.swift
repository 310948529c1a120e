import StormCore
import StormManifest
import StormRuntime
import StormTransport
import StormWire
import StormWorker

/// A worker's network over simulated wires; also where its engine becomes one that is stepped.
final class SimulatedWorkerNetwork: WorkerNetwork {
    private let wires: SimulatedWires
    private let process: SimulatedProcess
    private let address: WorkerAddress
    private let transport: SteppedTransport

    init(_ wires: SimulatedWires, _ process: SimulatedProcess, _ manifest: WorkerManifest) {
        self.wires = wires
        self.process = process
        address = WorkerAddress(node: manifest.supervisorID, host: manifest.host, port: manifest.port)
        let configuration = TransportConfiguration(
            topologyID: manifest.topologyID, node: manifest.supervisorID, port: manifest.port, token: manifest.token)
        transport = SteppedTransport(
            configuration, wire: ProcessWire(wires, process), seed: wires.world.randomBits())
    }

    func send(_ batch: Batch) { transport.send(batch) }

    func start(_ engine: TopologyEngine) async throws {
        engine.startWithoutThreads()
        process.state.it.engine = engine
        transport.start(engine)
        wires.listen(address, process, transport)
    }

    func update(_ placement: [TaskID: PeerAddress]) async {
        transport.update(placement.mapValues { WorkerAddress(node: $0.node, host: $0.host, port: $0.port) })
    }

    func waitUntilConnected(within limit: Duration) async -> Bool {
        let deadline = ContinuousClock.now + limit
        while !transport.isReady {
            guard ContinuousClock.now < deadline else { return false }
            // Cancelled: whoever waits does not want to know.
            guard (try? await Task.sleep(for: .milliseconds(20))) != nil else { return false }
        }
        return true
    }

    var dropped: [String: Int] {
        ["connection_lost": transport.framesLost, "no_place": transport.framesDropped]
    }

    func close() async { transport.close() }
}

/// The wires as one process uses them.
final class ProcessWire: SteppedWire {
    private let wires: SimulatedWires
    private let process: SimulatedProcess

    init(_ wires: SimulatedWires, _ process: SimulatedProcess) {
        self.wires = wires
        self.process = process
    }

    func connect(to address: WorkerAddress, link: Int, of transport: SteppedTransport) {
        wires.connect(from: process, transport, link: link, to: address)
    }

    func send(_ bytes: [UInt8], link: Int) { wires.send(bytes, from: process, link: link) }
    func close(link: Int) { wires.close(process, link: link) }

    func after(milliseconds: Int, _ body: @escaping @Sendable () -> Void) {
        wires.world.after(Int64(milliseconds) * 1_000_000, in: process, body)
    }

    var nowNanoseconds: Int64 { wires.world.now }
    func note(_ line: String) { wires.world.note("\(process.name) \(line)") }
}
