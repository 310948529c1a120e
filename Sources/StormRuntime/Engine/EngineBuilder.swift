import Logging
import StormCore
import StormTopology
import StormWire

/// Makes the executors of one worker with their emitters and edges. Used once, by `TopologyEngine.init`.
struct EngineBuilder {
    let topology: Topology
    let plan: TopologyPlan
    let schema: Schema
    let configuration: EngineConfiguration
    let localTasks: Set<TaskID>
    let transport: (any TupleTransport)?
    let clock: any TimeSource
    let logger: Logger
    let resources: WorkerResources
    let errorSink: @Sendable (ComponentError) -> Void
    let group: LoopGroup
    let drops = EmitDrops()
    let notes: FailureNotes
    var random: FastRandom
    private(set) var executors: [Executor] = []
    private var executorByTask: [TaskID: Executor] = [:]
    /// Edges made before all executors exist get their local targets through these.
    private var pendingTargets: [(Edge.Placeholder, TaskID)] = []

    init(
        topology: Topology, plan: TopologyPlan, schema: Schema, configuration: EngineConfiguration,
        localTasks: Set<TaskID>, transport: (any TupleTransport)?, clock: any TimeSource, logger: Logger,
        resources: WorkerResources, group: LoopGroup, seed: UInt64,
        errorSink: @escaping @Sendable (ComponentError) -> Void
    ) {
        self.topology = topology
        self.plan = plan
        self.schema = schema
        self.configuration = configuration
        self.localTasks = localTasks
        notes = FailureNotes(localTasks: localTasks)
        self.transport = transport
        self.clock = clock
        self.logger = logger
        self.resources = resources
        self.group = group
        self.errorSink = errorSink
        random = FastRandom(seed: seed)
    }

    mutating func build(_ ranges: [ExecutorRange]) {
        let cycles = FlowControl.cycleEdges(topology.description)
        var position: [String: Int] = [:]
        for range in ranges.sorted() {
            guard let component = plan.component(of: range.first) else {
                preconditionFailure("executor \(range) is not in the topology's plan")
            }
            let executor = make(component, range, loop(for: component.id, &position), cycles)
            executor.neighbours = neighbours(of: component)
            executors.append(executor)
            for task in range.tasks { executorByTask[task] = executor }
        }
        for (placeholder, task) in pendingTargets {
            guard let executor = executorByTask[task] else { preconditionFailure("task \(task) has no executor here") }
            placeholder.executor = executor
        }
    }

    /// The n-th executors of all components start on the same loop: a chain of tasks stays on one core for as long as one
    /// core is enough (`LoadBalancer`).
    private func loop(for component: String, _ position: inout [String: Int]) -> ExecutorLoop {
        let own = topology.description[component]?.configuration[ConfigKey.topologyComponentDedicatedThread.name]
        if own == .bool(true) { return group.makeDedicated() }
        let index = position[component, default: 0]
        position[component] = index + 1
        return group.shared[index % group.shared.count]
    }

    /// Components that exchange tuples or ack records with this one.
    private func neighbours(of component: PlannedComponent) -> [String] {
        let ackers = plan[TopologyPlan.ackerComponent] == nil ? [] : [TopologyPlan.ackerComponent]
        if component.role == .acker { return topology.description.components.map(\.id) }
        let sources = topology.description[component.id]?.inputs.map(\.source.component) ?? []
        let targets = topology.description.components.filter { target in
            target.inputs.contains { $0.source.component == component.id }
        }
        return Set(sources + targets.map(\.id)).subtracting([component.id]).sorted() + ackers
    }

    private mutating func make(
        _ component: PlannedComponent, _ range: ExecutorRange, _ loop: ExecutorLoop, _ cycles: Set<[String]>
    ) -> Executor {
        switch component.role {
        case .acker: return acker(range, loop)
        case .spout:
            guard case .spout(let make)? = topology.factories[component.id] else { missing(component) }
            let parts = range.tasks.map { task(component, $0, loop, cycles) }
            let executor = SpoutExecutor(
                range: range, component: component.id, loop: loop, parts: parts, limits: limits(component.id),
                generation: UInt32(truncatingIfNeeded: random.next()), make: make)
            own(parts, executor)
            return executor
        case .bolt:
            guard case .bolt(let make)? = topology.factories[component.id] else { missing(component) }
            let parts = range.tasks.map { task(component, $0, loop, cycles) }
            let own = topology.description[component.id]?.configuration["topology.tick.tuple.freq.secs"]?.intValue
            let executor = BoltExecutor(
                range: range, component: component.id, loop: loop, parts: parts, schema: schema,
                inputs: InputStreams(of: topology.description[component.id], plan: plan),
                tickSeconds: (own ?? configuration.tickSeconds).flatMap { $0 > 0 ? $0 : nil },
                asyncLimits: asyncLimits(component.id), crash: crash(component.id), make: make)
            self.own(parts, executor)
            return executor
        }
    }

    private func missing(_ component: PlannedComponent) -> Never {
        preconditionFailure("component '\(component.id)' has no code of its kind")
    }

    private func own(_ parts: [TaskParts], _ executor: Executor) {
        for part in parts { for edge in part.edges { edge.sender = executor } }
    }

    private mutating func limits(_ component: String) -> SpoutExecutor.Limits {
        let own = topology.description[component]?.configuration ?? [:]
        return SpoutExecutor.Limits(
            maxPending: own["topology.max.spout.pending"]?.intValue ?? configuration.maxSpoutPending ?? Int.max,
            timeoutNanoseconds: configuration.messageTimeoutsEnabled ? configuration.messageTimeoutNanoseconds : nil,
            retry: RetryPolicy(configuration.values.merging(own) { $1 }).map {
                RetrySetup(
                    policy: $0, letters: configuration.deadLetters, topologyID: configuration.topologyID, clock: clock,
                    seed: random.next())
            })
    }

    /// Nil unless `topology.bolt.exception` says so, for the component or all.
    private func crash(_ component: String) -> ((TaskID, String) -> Void)? {
        let key = ConfigKey.topologyBoltException.name
        let value = topology.description[component]?.configuration[key] ?? configuration.values[key]
        guard value == .string("crash") else { return nil }
        return { [configuration, clock] task, message in
            configuration.onCrash(
                ComponentError(
                    component: component, task: task, message: message, epochMilliseconds: clock.epochMilliseconds()))
        }
    }

    private func asyncLimits(_ component: String) -> BoltExecutor.AsyncLimits {
        let key = ConfigKey.topologyAsyncBoltMaxInFlight.name
        let own = topology.description[component]?.configuration[key]?.intValue
        return BoltExecutor.AsyncLimits(
            inFlight: own ?? configuration.values[key]?.intValue ?? 64,
            timeoutNanoseconds: configuration.messageTimeoutsEnabled ? configuration.messageTimeoutNanoseconds : nil)
    }

    // MARK: Edges

    /// - Parameter senders: tasks that share the receiver's inbox; nil for an edge without flow control.
    private mutating func edge(to task: TaskID, senders: Int?) -> Edge {
        let isRemote = !localTasks.contains(task)
        let windowBytes = senders.map { FlowControl.windowBytes(senders: $0, isRemote: isRemote) }
        if !isRemote {
            let placeholder = Edge.Placeholder()
            pendingTargets.append((placeholder, task))
            return Edge(to: .later(placeholder), windowBytes: windowBytes)
        }
        guard let transport else { preconditionFailure("task \(task) is elsewhere and there is no transport") }
        return Edge(to: .remote(transport), windowBytes: windowBytes)
    }

    private mutating func task(
        _ component: PlannedComponent, _ id: TaskID, _ loop: ExecutorLoop, _ cycles: Set<[String]>
    ) -> TaskParts {
        let description = topology.description[component.id]
        let subscribers = topology.description.components.filter { c in
            c.inputs.contains { $0.source.component == component.id }
        }
        var edges: [Edge] = []
        var destinations: [TaskID] = []
        for subscriber in subscribers {
            guard let planned = plan[subscriber.id] else { continue }
            let senders = Set(subscriber.inputs.map(\.source.component)).reduce(0) { $0 + (plan[$1]?.tasks.count ?? 0) }
            let isCycle = cycles.contains([component.id, subscriber.id])
            for target in planned.tasks {
                edges.append(edge(to: target, senders: isCycle ? nil : senders))
                destinations.append(target)
            }
        }
        let ackers = plan[TopologyPlan.ackerComponent]?.tasks ?? []
        // An acker never waits for anybody, so waiting for one cannot close a circle.
        for acker in ackers {
            edges.append(edge(to: acker, senders: plan.taskCount - ackers.count))
            destinations.append(acker)
        }
        let emitter = Emitter(
            task: id, component: description, schema: schema, edges: edges, ackerCount: ackers.count, pool: loop.pool,
            seed: random.next())
        emitter.destinations = destinations
        emitter.drops = drops
        emitter.notes = notes
        let context = context(component, id, description)
        let errors = ErrorReporter(
            component: component.id, task: id, clock: clock, limit: configuration.errorsPerInterval,
            intervalMilliseconds: Int64(configuration.errorIntervalSeconds) * 1000, sink: errorSink)
        return TaskParts(
            context: context, emitter: emitter, edges: edges, errors: errors,
            resolveRoutes: routes(emitter, destinations.count - ackers.count))
    }

    /// - Parameter targets: number of outboxes that lead to bolts.
    private func routes(_ emitter: Emitter, _ targets: Int) -> () -> Void {
        let outboxByTask = Dictionary(
            uniqueKeysWithValues: emitter.destinations.prefix(targets).enumerated().map { ($1, Int32($0)) })
        let local = localTasks
        let topology = topology
        let isLoadAware = configuration.isLoadAware
        return { [unowned emitter] in
            emitter.resolveRoutes(
                topology.description, isLoadAware: isLoadAware, outbox: { outboxByTask[$0]! },
                isLocal: { local.contains($0) },
                custom: { component, input in
                    topology.customGroupings[CustomGroupingKey(component: component, source: input.source)]?()
                })
        }
    }

    private func context(
        _ component: PlannedComponent, _ id: TaskID, _ description: ComponentDescription?
    ) -> TaskContext {
        var logger = logger
        logger[metadataKey: "component.id"] = "\(component.id)"
        logger[metadataKey: "task.id"] = "\(id)"
        return TaskContext(
            topologyID: configuration.topologyID, component: component.id, task: id,
            workerPort: configuration.workerPort, description: topology.description, plan: plan,
            configuration: configuration.values.merging(description?.configuration ?? [:]) { $1 }, logger: logger,
            resources: resources, onFinish: configuration.onFinish)
    }

    private mutating func acker(_ range: ExecutorRange, _ loop: ExecutorLoop) -> Executor {
        let spouts = plan.components.filter { $0.role == .spout }.flatMap(\.tasks)
        var owned: [Edge] = []
        let parts = range.tasks.map { id in
            let edges = spouts.map { edge(to: $0, senders: nil) }
            owned += edges
            let emitter = Emitter(
                task: id, component: nil, schema: schema, edges: edges, ackerCount: 0, pool: loop.pool,
                seed: random.next())
            emitter.destinations = spouts
            emitter.drops = drops
            var outboxes = [Int32](repeating: -1, count: Int(spouts.last?.rawValue ?? 0) + 1)
            for (outbox, spout) in spouts.enumerated() { outboxes[Int(spout.rawValue)] = Int32(outbox) }
            return AckerExecutor.Part(task: id, emitter: emitter, outboxBySpout: outboxes)
        }
        let executor = AckerExecutor(
            range: range, loop: loop, parts: parts,
            sweepNanoseconds: configuration.messageTimeoutNanoseconds,
            treesTakeAnyTime: !configuration.messageTimeoutsEnabled)
        for edge in owned { edge.sender = executor }
        return executor
    }
}

extension Edge {
    /// Stands for an executor of this worker that is made later.
    final class Placeholder {
        weak var executor: Executor?
    }
}
