public import Logging
public import StormCore
public import StormTopology
public import StormWire
import Synchronization

/// One worker's share of a topology at work: its executors on their loops.
///
/// Knows no socket and no ZooKeeper: batches for other workers go to the transport, batches from them come in through
/// `receive`. All methods may be called from any thread.
public final class TopologyEngine: Sendable {
    public let schema: Schema
    let topology: Topology
    private let configuration: EngineConfiguration
    let executors: [Executor]
    let drops: EmitDrops
    private let executorByTask: [Int32: Executor]
    let group: LoopGroup
    var loops: [ExecutorLoop] { group.loops }
    let clock: any TimeSource
    /// Monotonic nanoseconds.
    let madeAt: Int64
    /// Where the loops, and the transport, exchange empty batches.
    package var depot: BatchDepot { group.depot }
    private let transport: (any TupleTransport)?
    let resources = WorkerResources()
    let taps = TapDesk()
    private let ackers: [TaskID]
    private let undeliverable = Atomic<Int>(0)
    private let refused = Atomic<Int>(0)
    let hasStarted = Atomic<Bool>(false)
    private let hasStopped = Atomic<Bool>(false)
    /// Whether `start` makes no threads: see TopologyEngine+Stepping.
    let isStepped = Atomic<Bool>(false)

    /// - Parameters:
    ///   - ranges: the executors that run here; nil: all of the plan.
    ///   - transport: the way to the other tasks; may be nil when all are here.
    ///   - onError: what components threw or reported, rate-limited; called on a loop's thread, must not block.
    public init(
        _ topology: Topology, plan: TopologyPlan, executors ranges: [ExecutorRange]? = nil,
        configuration: EngineConfiguration, transport: (any TupleTransport)? = nil,
        clock: any TimeSource = SystemClock(),
        logger: Logger, onError: @escaping @Sendable (ComponentError) -> Void
    ) {
        let here = ranges ?? plan.executors
        let cores = configuration.loops ?? onlineCores()
        group = LoopGroup(count: max(1, min(cores, here.count)), clock: clock, logger: logger)
        self.clock = clock
        madeAt = clock.monotonicNanoseconds()
        schema = Schema(topology.description, plan: plan)
        self.topology = topology
        self.configuration = configuration
        self.transport = transport
        ackers = plan[TopologyPlan.ackerComponent]?.tasks ?? []
        var system = SystemRandomNumberGenerator()
        var builder = EngineBuilder(
            topology: topology, plan: plan, schema: schema, configuration: configuration,
            localTasks: Set(here.flatMap(\.tasks)), transport: transport, clock: clock, logger: logger,
            resources: resources, group: group, seed: configuration.seed ?? system.next(), errorSink: onError)
        builder.build(here)
        executors = builder.executors
        drops = builder.drops
        group.attach(executors)
        executorByTask = Dictionary(
            uniqueKeysWithValues: executors.flatMap { e in e.range.tasks.map { ($0.rawValue, e) } })
    }

    // MARK: Life

    /// Runs the worker hooks, starts the loops, and makes and opens all components; bolts work from here on, spouts
    /// when activated.
    /// - Throws: `ComponentStartError` for the first component that failed, or what a worker hook threw; then what had
    ///   been started was ended again and nothing runs.
    public func start() async throws {
        try startHooks()
        do {
            if !isStepped.load(ordering: .acquiring) { try group.start() }
        } catch {
            for hook in topology.workerHooks { hook.shutdown(resources) }
            throw error
        }
        hasStarted.store(true, ordering: .releasing)
        do {
            // Bolts first: no tuple finds its bolt unprepared.
            for executor in spoutsLast {
                try await onLoop(executor) { try $0.openNamingFault() }
            }
        } catch {
            await stop()
            throw error
        }
    }

    /// A hook that fails ends the ones before it.
    func startHooks() throws {
        for (index, hook) in topology.workerHooks.enumerated() {
            do {
                try hook.start(resources)
            } catch {
                for started in topology.workerHooks[..<index].reversed() { started.shutdown(resources) }
                throw error
            }
        }
    }

    var spoutsLast: [Executor] {
        executors.filter { !($0 is SpoutExecutor) } + executors.filter { $0 is SpoutExecutor }
    }

    /// Turns the spouts on or off. Bolts keep draining.
    public func setActive(_ active: Bool) {
        for executor in executors where executor is SpoutExecutor { executor.post { $0.setActive(active) } }
    }

    /// Orderly end: closes the components, spouts first, and stops the loops. Batches for other workers are with the
    /// transport when it returns. A second call does nothing.
    public func stop() async {
        guard !hasStopped.exchange(true, ordering: .acquiringAndReleasing) else { return }
        for executor in spoutsLast.reversed() {
            // Closing reports nothing that could be acted on any more.
            try? await onLoop(executor) { $0.close() }
        }
        stopLoops()
        for hook in topology.workerHooks { hook.shutdown(resources) }
    }

    private func stopLoops() {
        group.stop()
        for executor in executors { executor.end() }
    }

    private func onLoop<R: Sendable>(
        _ executor: Executor, _ body: @escaping @Sendable (Executor) throws -> R
    ) async throws -> R {
        // Without a thread nobody would carry it out.
        guard hasStarted.load(ordering: .acquiring) else { throw EngineStoppedError() }
        return try await withCheckedThrowingContinuation { continuation in
            let isAccepted = executor.post { executor in continuation.resume(with: Result { try body(executor) }) }
            if !isAccepted { continuation.resume(throwing: EngineStoppedError()) }
        }
    }

    // MARK: Batches from and to other workers

    /// Takes a batch that passed `BatchValidator`. A batch for a task that does not run here, or that takes no batches of
    /// its kind, fails its trees.
    public func receive(_ batch: Batch) {
        if let executor = executorByTask[batch.destinationTask], executor.takes == batch.kind {
            executor.deliver(batch)
        } else {
            undeliverable.add(batch.count, ordering: .relaxed)
            refused.add(1, ordering: .relaxed)
            lost(batch)
        }
    }

    /// Fails at once the trees of a batch that its receiver never confirmed, and returns its credit. How trees ended, as
    /// ackers here had told spouts in it, is told again.
    public func lost(_ batch: Batch) {
        for failure in LostTuples.failures(of: batch, ackers: ackers, reason: .workerLost, schema: schema) {
            if let executor = executorByTask[failure.destinationTask] {
                executor.deliver(failure)
            } else {
                transport?.send(failure)
            }
        }
        if let failure = LostTuples.unstarted(by: batch, schema: schema) {
            executorByTask[batch.sourceTask]?.deliver(failure)
        }
        // Only what an acker here said: a batch that strayed here from elsewhere must not go round in circles.
        if executorByTask[batch.sourceTask] is AckerExecutor,
            let outcomes = LostTuples.outcomes(of: batch, schema: schema)
        {
            transport?.send(outcomes)
        }
        batch.credit?.returnCredit(batch.byteCount, sequence: batch.sequence)
        batch.credit = nil
    }

    /// As `processLost(_:)`, when nothing but the tasks is known.
    public func processLost(of tasks: [TaskID]) { processLost(ProcessLoss(of: tasks)) }

    /// Fails what the ackers among the lost tasks were watching for spouts of this worker, and in a while what else may have
    /// been lost with the process (`SuspectTrees`).
    public func processLost(_ loss: ProcessLoss) {
        let plan = schema.plan
        guard loss.tasks.contains(where: { task in plan.component(of: task).map { $0.role != .spout } ?? false })
        else { return }
        let lost = Set(ackers.indices.filter { loss.tasks.contains(ackers[$0]) })
        let count = ackers.count
        let before = clock.monotonicNanoseconds() - max(0, loss.nanosecondsAgo)
        for executor in executors where executor is SpoutExecutor {
            executor.post { executor in
                guard let spouts = executor as? SpoutExecutor else { return }
                if !lost.isEmpty { spouts.ackersLost({ lost.contains($0) }, ackerCount: count, place: loss.place) }
                spouts.workerLost(before: before, place: loss.place)
            }
        }
    }

    public func placed(_ places: [TaskID: TaskPlace]) {
        // A transport may know of the other workers alone.
        let places = places.merging(ownPlaces) { $1 }
        for executor in executors where executor is SpoutExecutor {
            executor.post { ($0 as? SpoutExecutor)?.places = places }
        }
    }

    private var ownPlaces: [TaskID: TaskPlace] {
        guard let place = configuration.place else { return [:] }
        return Dictionary(uniqueKeysWithValues: executors.flatMap { $0.range.tasks.map { ($0, place) } })
    }

    // MARK: Looking in

    /// Counters of all tasks here, in task order. An executor that has been in user code for seconds shows what it showed
    /// last; before `start` and after `stop` there are none.
    public func statistics() async -> [TaskStatistics] {
        guard hasStarted.load(ordering: .acquiring), !executors.isEmpty else { return [] }
        let round = ExecutorRound<[TaskStatistics]>(count: executors.count)
        for (index, executor) in executors.enumerated() {
            executor.askStatistics { round.answer(index, $0) }
        }
        let answers = await round.answers()
        return executors.enumerated().flatMap { answers[$0] ?? $1.latestStatistics }.sorted { $0.task < $1.task }
    }

    /// Batches that came for a task which does not run here, or cannot take their kind.
    public var undeliverableBatches: Int { refused.load(ordering: .relaxed) }
    /// Tuples and records within them.
    public var undeliverableTuples: Int { undeliverable.load(ordering: .relaxed) }
}

/// The engine was asked for something before `start` or after `stop`.
struct EngineStoppedError: Error {}

extension Executor {
    /// - Throws: `ComponentStartError`.
    func openNamingFault() throws {
        do { try open() } catch { throw ComponentStartError(component: component, cause: error) }
    }
}
