import NIOCore
import NIOPosix
import StormCore
import StormRuntime
import StormTopology
import StormWire
import Testing

@testable import StormTransport

/// What a checking spout and bolt have seen, for the conservation law.
struct Ledger: Sendable {
    var emitted = 0
    var acks: [Int: Int] = [:]
    var failed = 0
    var executed = 0
    var reasons: [FailureReason: Int] = [:]
    /// Most bytes that were sent and not confirmed while the bolt executed.
    var underWayMax = 0

    var acked: Int { acks.values.reduce(0, +) }
}

/// Emits the numbers below `count`, each again until it is acked.
final class NumberSpout: Spout {
    static let outputs: Outputs = ["number", "text"]

    private let ledger: Watched<Ledger>
    private let text: String
    private let isTracked: Bool
    private var waiting: [Int]

    init(_ ledger: Watched<Ledger>, count: Int, text: String, isTracked: Bool) {
        self.isTracked = isTracked
        self.ledger = ledger
        self.text = text
        waiting = Array((0..<count).reversed())
    }

    func nextTuple(_ out: SpoutCollector) {
        guard let number = waiting.popLast() else { return }
        ledger.change { $0.emitted += 1 }
        if isTracked { out.emit(id: .int(number), number, text) } else { out.emit(number, text) }
    }

    func ack(_ id: MessageID) { ledger.change { $0.acks[id.int ?? -1, default: 0] += 1 } }

    func fail(_ id: MessageID, _ reason: FailureReason) {
        ledger.change {
            $0.failed += 1
            $0.reasons[reason, default: 0] += 1
        }
        if let number = id.int { waiting.append(number) }
    }
}

/// Passes numbers on, and does some `work` for each.
final class RelayBolt: BasicBolt {
    static let outputs: Outputs = ["number"]

    private let ledger: Watched<Ledger>
    private let work: @Sendable (Tuple) -> Void

    init(_ ledger: Watched<Ledger>, work: @escaping @Sendable (Tuple) -> Void) {
        self.ledger = ledger
        self.work = work
    }

    func execute(_ tuple: Tuple, _ out: BasicCollector) {
        work(tuple)
        ledger.change { $0.executed += 1 }
        out.emit(tuple.int(0))
    }
}

final class SinkBolt: BasicBolt {
    static let outputs: Outputs = []
    func execute(_ tuple: Tuple, _ out: BasicCollector) {}
}

/// A topology cut over two workers: the spout and the last bolt in one, the bolt between them in the other.
struct TwoWorkers: Sendable {
    enum AckerPlace: Sendable, CaseIterable { case withSpout, withBolt }

    let ledger = Watched(Ledger())
    let topology: Topology
    let plan: TopologyPlan
    private let farTasks: Set<TaskID>
    private let timeoutSeconds: Int

    init(
        count: Int, text: String = "some text", acker: AckerPlace, maxPending: Int = 100, timeoutSeconds: Int = 300,
        isTracked: Bool = true, work: @escaping @Sendable (Tuple) -> Void = { _ in }
    ) throws {
        let ledger = ledger
        let builder = TopologyBuilder()
        builder.spout("numbers") { NumberSpout(ledger, count: count, text: text, isTracked: isTracked) }
            .maxPending(maxPending)
        builder.bolt("relay", parallelism: 2) { RelayBolt(ledger, work: work) }.shuffle("numbers")
        builder.bolt("sink") { SinkBolt() }.fields("relay", "number")
        topology = try builder.build()
        plan = try TopologyPlan(topology.description, ackers: 2)
        self.timeoutSeconds = timeoutSeconds
        let far = ["relay"] + (acker == .withBolt ? [TopologyPlan.ackerComponent] : [])
        farTasks = Set(far.flatMap { [plan] in plan[$0]?.tasks ?? [] })
    }

    /// One worker: its transport and engine.
    struct Worker: Sendable {
        let transport: WorkerTransport
        let engine: TopologyEngine

        func stop() async {
            await engine.stop()
            await transport.close(within: .zero)
        }
    }

    /// Makes a worker that listens; its engine is not started.
    func worker(isFar: Bool, port: Int = 0) async throws -> Worker {
        let node = isFar ? "far" : "near"
        let transport = WorkerTransport(
            configuration(node, port: port), group: MultiThreadedEventLoopGroup.singleton, logger: quietLogger())
        let ranges = plan.executors.filter { farTasks.contains($0.first) == isFar }
        let engine = TopologyEngine(
            topology, plan: plan, executors: ranges,
            configuration: EngineConfiguration(
                topologyID: "words-1-1", workerPort: port, loops: 1, messageTimeoutSeconds: timeoutSeconds),
            transport: transport, logger: quietLogger(), onError: { Issue.record("\($0)") })
        transport.attach(engine)
        try await transport.start()
        return Worker(transport: transport, engine: engine)
    }

    func placement(near: WorkerTransport, far: WorkerAddress) throws -> [TaskID: WorkerAddress] {
        let near = try near.address("near")
        let tasks = plan.components.flatMap(\.tasks)
        return Dictionary(uniqueKeysWithValues: tasks.map { ($0, farTasks.contains($0) ? far : near) })
    }

    /// Two workers, connected, with their spouts active.
    func run() async throws -> (near: Worker, far: Worker) {
        let near = try await worker(isFar: false)
        let far = try await worker(isFar: true)
        let placement = try placement(near: near.transport, far: try far.transport.address("far"))
        for worker in [far, near] {
            worker.transport.update(placement)
            try await worker.engine.start()
        }
        for worker in [far, near] { try await worker.transport.ready(within: patience) }
        near.engine.setActive(true)
        return (near, far)
    }

    /// Each id acked once, nothing pending, and every emit accounted for.
    func expectConservation(count: Int, near: TopologyEngine) async {
        let ledger = ledger.current
        #expect(ledger.acks.count == count)
        #expect(ledger.acks.values.allSatisfy { $0 == 1 })
        #expect(ledger.emitted == ledger.acked + ledger.failed)
        let spouts = plan["numbers"]?.tasks ?? []
        let pending = await near.statistics().filter { spouts.contains($0.task) }.reduce(0) { $0 + $1.pending }
        #expect(pending == 0)
    }
}
