import Logging
import StormCore
import StormRuntime
import StormTopology
import StormTransport

/// One worker of a measured topology: the engine and the transport that a worker of the cluster has, without ZooKeeper.
final class PerfWorker: Sendable {
    private let specification: RunSpecification
    private let plan: TopologyPlan
    private let engine: TopologyEngine
    private let transport: WorkerTransport?
    private let schedule = ScheduleLatency()
    private let errors = ErrorLog()

    /// - Parameter index: which of the specification's workers this is, from 0.
    init(_ specification: RunSpecification, index: Int) throws {
        self.specification = specification
        let topology = try specification.topology(schedule)
        plan = try TopologyPlan(topology.description, ackers: specification.ackerTasks)
        let logger = Logger(label: "storm-perf") { _ in SwiftLogNoOpLogHandler() }
        transport =
            specification.workers == 1
            ? nil
            : WorkerTransport(
                TransportConfiguration(
                    topologyID: "perf-1-1", node: Self.node(index), bindHost: "127.0.0.1", port: 0, token: ""),
                logger: logger)
        let places = specification.placement(plan)
        engine = TopologyEngine(
            topology, plan: plan, executors: plan.executors.filter { places[$0.first] == index },
            configuration: EngineConfiguration(
                topologyID: "perf-1-1", loops: specification.loops, maxSpoutPending: specification.maxPending),
            transport: transport, logger: logger, onError: { [errors] in errors.add($0) })
    }

    private static func node(_ index: Int) -> String { "worker\(index)" }

    /// - Returns: the port for the other workers; 0 when there are none.
    func listen() async throws -> Int {
        guard let transport else { return 0 }
        transport.attach(engine)
        try await transport.start()
        return transport.localPort ?? 0
    }

    /// - Parameter ports: of all workers, in order.
    func start(_ ports: [Int]) async throws {
        transport?.update(
            specification.placement(plan).mapValues {
                WorkerAddress(node: Self.node($0), host: "127.0.0.1", port: ports[$0])
            })
        try await engine.start()
        try await transport?.ready(within: .seconds(10))
    }

    func setActive(_ active: Bool) { engine.setActive(active) }

    func sample() async throws -> Sample {
        if let first = errors.first { throw PerfError(first) }
        var sample = Sample()
        sample.add(await engine.statistics())
        sample.scheduleLatency = schedule.current
        sample.wireBytesSent = transport?.statistics.bytesSent ?? 0
        sample.takeProcess()
        return sample
    }

    func stop() async {
        await engine.stop()
        await transport?.close(within: .seconds(1))
    }
}

extension RunSpecification {
    /// Worker of each task. CrossWorker: bolts in the last worker, all else in the first; other shapes: executors in turn.
    func placement(_ plan: TopologyPlan) -> [TaskID: Int] {
        var places: [TaskID: Int] = [:]
        for (number, range) in plan.executors.enumerated() {
            let isBolt = plan.component(of: range.first)?.role == .bolt
            let place = shape == .crossWorker ? (isBolt ? workers - 1 : 0) : number % workers
            for task in range.tasks { places[task] = place }
        }
        return places
    }
}
