package import Logging
package import StormCluster
package import StormCore
package import StormManifest
import StormProcess
import StormRuntime
package import StormTopology

/// One worker process: its share of a topology, as nimbus assigned it.
///
/// Watches its topology and its assignment, tells the cluster how it is doing, and ends by itself when it is not wanted
/// any more. While ZooKeeper is away it goes on with what it last knew.
package struct Worker: Sendable {
    let manifest: WorkerManifest
    let config: Config
    let topology: Topology
    /// As nimbus stored it; nil when it is not known.
    let submitted: TopologyDescription?
    let state: ClusterState
    let makeNetwork: @Sendable (TopologyPlan) -> any WorkerNetwork
    let clock: any TimeSource
    let logger: Logger

    package init(
        manifest: WorkerManifest, config: Config, topology: Topology, submitted: TopologyDescription?,
        state: ClusterState, clock: any TimeSource = SystemClock(), logger: Logger,
        makeNetwork: @escaping @Sendable (TopologyPlan) -> any WorkerNetwork
    ) {
        self.manifest = manifest
        self.config = config
        self.topology = topology
        self.submitted = submitted
        self.state = state
        self.makeNetwork = makeNetwork
        self.clock = clock
        self.logger = logger
    }

    /// How long the spouts' trees may take to finish in an orderly stop; within the supervisor's
    /// `supervisor.worker.shutdown.sleep.secs` (3).
    static let drainLimit = Duration.milliseconds(1500)
    static let connectLimit = Duration.seconds(20)
    /// Repairs a missed watch event.
    static let repairInterval = Duration.seconds(10)

    private var slot: WorkerSlot { WorkerSlot(node: manifest.supervisorID, port: manifest.port) }

    /// Runs until the worker is not wanted any more or `stop` yields; then ends in order.
    /// - Throws: what makes it impossible to run: another topology, a port in use, a component that cannot start.
    package func run(stop: AsyncStream<Void>) async throws {
        let started = clock.monotonicNanoseconds()
        let id = manifest.topologyID
        guard let base = try await state.storms.get(id)?.record else {
            logger.info("the topology was removed before this worker started")
            return
        }
        let plan = try WorkerPlan.make(topology.description, submitted: submitted, base: base)
        let assignment = try await state.assignments.get(id)?.record
        let duty = WorkerDuty(base: base, assignment: assignment, slot: slot, incarnation: manifest.incarnation)
        guard case .run(_, let peers) = duty else {
            if case .leave(let reason) = duty { logger.info("not starting: \(reason)") }
            return
        }
        let network = makeNetwork(plan)
        let errors = ErrorOutbox()
        var configuration = EngineConfiguration(config, topologyID: id, workerPort: manifest.port)
        configuration.onFinish = { [logger] in logger.info("the topology says that its work is done") }
        let engine = TopologyEngine(
            topology, plan: plan, executors: manifest.executors.executors, configuration: configuration,
            transport: network,
            clock: clock, logger: logger, onError: { errors.add($0, logger: logger) })
        let run = WorkerRun(
            worker: self, plan: plan, engine: engine, network: network, startedNanoseconds: started)
        try await network.start(engine)
        await network.update(peers)
        async let writing: Void = errors.drain(
            to: state.errors, topologyID: id, host: manifest.host, port: manifest.port, logger: logger)
        let outcome: Result<Void, any Error>
        do {
            try await run.work(stop: stop)
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        await network.close()
        errors.finish()
        await writing
        try outcome.get()
    }
}
