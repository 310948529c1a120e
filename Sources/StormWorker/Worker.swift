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
/// any more. While ZooKeeper is away it goes on with what it last knew; it even starts then, with what its supervisor
/// knew last.
package struct Worker: Sendable {
    let manifest: WorkerManifest
    let config: Config
    let topology: Topology
    /// As nimbus stored it; nil when it is not known.
    let submitted: TopologyDescription?
    let state: ClusterState
    let makeNetwork: @Sendable (TopologyPlan) -> any WorkerNetwork
    let clock: any TimeSource
    /// Of the program, for its pages.
    let version: String
    /// How far it is, for who asks.
    let status = WorkerStatus()
    let logger: Logger
    /// Takes over the log levels that are in force, by component or logger; nil: they are not followed.
    package var setLogLevels: (@Sendable ([String: LogThreshold]) -> Void)?

    /// - Parameter state: its store need not be connected yet.
    package init(
        manifest: WorkerManifest, config: Config, topology: Topology, submitted: TopologyDescription?,
        state: ClusterState, clock: any TimeSource = SystemClock(), version: String = "", logger: Logger,
        makeNetwork: @escaping @Sendable (TopologyPlan) -> any WorkerNetwork
    ) {
        self.manifest = manifest
        self.config = config
        self.topology = topology
        self.submitted = submitted
        self.state = state
        self.makeNetwork = makeNetwork
        self.clock = clock
        self.version = version
        self.logger = logger
    }

    /// How long the spouts' trees may take to finish in an orderly stop; within the supervisor's
    /// `supervisor.worker.shutdown.sleep.secs` (3).
    static let drainLimit = Duration.milliseconds(1500)
    static let connectLimit = Duration.seconds(20)
    /// Between two looks at what is under way, while the topology is paused.
    static let quietInterval = Duration.milliseconds(10)
    /// Repairs a missed watch event.
    static let repairInterval = Duration.seconds(10)
    /// How long the store may take at the start before the worker goes by what its supervisor knew. Being wrong costs
    /// little: what it reads later counts.
    static let startPatience = Duration.milliseconds(250)
    /// How long the store may take to answer a question that can be asked again.
    static let storePatience = Duration.seconds(1)
    /// How long the topology's records must be missing until that counts: a tree that is being deleted as a whole looks
    /// the same at first.
    static let removalSettle = Duration.seconds(1)
    /// What a store that is away may cost at the end.
    static let leaveLimit = Duration.seconds(1)

    /// Most time from a request to stop, which nobody but nimbus can grant without a failed tree, to the stop all the same:
    /// as long as nimbus lets trees finish, and a little for the rest of a move.
    package static func moveLimit(_ config: Config) -> Duration {
        (config.duration(.topologyDrainTimeoutSecs) ?? config.duration(.topologyMessageTimeoutSecs)) + .seconds(2)
    }

    var moveLimit: Duration { Self.moveLimit(config) }

    var slot: WorkerSlot { WorkerSlot(node: manifest.supervisorID, port: manifest.port) }

    /// Runs until the worker is not wanted any more or `stop` yields; then ends in order. A request to stop is heard at
    /// any moment, also while the worker starts.
    /// - Throws: what makes it impossible to run: another topology, a port in use, a component that cannot start.
    package func run(stop: AsyncStream<Void>) async throws {
        let request = StopRequest()
        let listening = Task {
            for await _ in stop { request.request() }
        }
        let pulse = WorkerPulse(
            file: manifest.heartbeatPath, interval: config.duration(.workerHeartbeatFrequencySecs), logger: logger)
        let beating = Task { await pulse.run() }
        let followingLevels = setLogLevels.map { apply in
            let levels = LogLevelWatch(
                store: state.store, topologyID: manifest.topologyID, clock: clock,
                lookInterval: config.duration(.workerLogLevelResetPollSecs), logger: logger, apply: apply)
            return Task { await levels.run() }
        }
        defer {
            listening.cancel()
            beating.cancel()
            followingLevels?.cancel()
        }
        try await withTaskCancellationHandler {
            guard let beginning = try await request.unless({ try await beginning() }) else { return }
            switch beginning {
            case .leave(let reason): logger.info("not starting: \(reason)")
            case .run(let known): try await run(known, request, beating)
            }
        } onCancel: {
            request.request()
        }
    }

    private func run(_ known: KnownTopology, _ stop: StopRequest, _ beating: Task<Void, Never>) async throws {
        let id = manifest.topologyID
        let started = clock.monotonicNanoseconds()
        let plan = try WorkerPlan.make(topology.description, submitted: submitted, base: known.base)
        let network = makeNetwork(plan)
        let errors = ErrorOutbox()
        var configuration = EngineConfiguration(config, topologyID: id, workerPort: manifest.port)
        let letters = ClusterDeadLetters(
            state.deadLetters, topologyID: id, lettersMax: config[.topologyDeadLettersMax])
        let desk = DeadLetterDesk(letters, logger: logger)
        configuration.place = TaskPlace(host: manifest.host, port: manifest.port)
        configuration.deadLetters = desk
        configuration.onFinish = { [logger] in logger.info("the topology says that its work is done") }
        let engine = TopologyEngine(
            topology, plan: plan, executors: manifest.executors.executors, configuration: configuration,
            transport: network,
            clock: clock, logger: logger, onError: { errors.add($0, logger: logger) })
        async let _ = deadLetters(desk, letters, engine)
        let run = WorkerRun(
            worker: self, plan: plan, engine: engine, network: network, known: known, stop: stop, beating: beating,
            startedNanoseconds: started)
        network.serve(WorkerPages(WorkerView(self, engine, network, startedNanoseconds: started)))
        try await network.start(engine)
        let writing = Task {
            await errors.drain(
                to: state.errors, topologyID: id, host: manifest.host, port: manifest.port, logger: logger)
        }
        let outcome: Result<Void, any Error>
        do {
            try await run.work()
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        await network.close()
        errors.finish()
        let limit = Task {
            // Cancelled when all is written.
            if (try? await Task.sleep(for: Self.leaveLimit)) != nil { writing.cancel() }
        }
        await writing.value
        limit.cancel()
        try outcome.get()
    }

    /// Writes dead letters and emits them again, until it is cancelled at the worker's end: what was not written by then
    /// was not acked either.
    private func deadLetters(_ desk: DeadLetterDesk, _ letters: ClusterDeadLetters, _ engine: TopologyEngine) async {
        guard engine.hasRetries else { return }
        async let _ = desk.run()
        await DeadLetterReplays(
            state.deadLetters, letters: letters, topologyID: manifest.topologyID, engine: engine, logger: logger
        ).run()
    }
}
