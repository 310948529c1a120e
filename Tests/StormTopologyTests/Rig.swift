import StormCore
import StormTopology
import StormWire

/// Takes what an emitter sends, and says about credit what the test wants.
final class ListeningEdge: OutboxEdge {
    private(set) var sent: [Batch] = []
    var isOutOfCredit = false
    /// More than half of the credit is used up.
    var hasMuchUnderWay = false
    var isCongested: Bool { hasMuchUnderWay || isOutOfCredit }
    var isIdle = true
    /// How often the emitter asked to be told of credit and had none.
    private(set) var waits = 0

    func send(_ batch: Batch) { sent.append(batch) }
    func awaitCredit() -> Bool {
        waits += isOutOfCredit ? 1 : 0
        return isOutOfCredit
    }
    func nextBatchBytes(atLeast bytes: Int) -> Int { max(bytes, 2048) }

    func takeAll() -> [Batch] {
        defer { sent = [] }
        return sent
    }
}

/// A tuple that arrived: where, and what.
struct Arrival {
    let task: TaskID
    let tuple: Tuple
}

/// One task of a topology with its emitter, without an engine: what it emits ends in lists.
final class Rig {
    let topology: Topology
    let schema: Schema
    let task: TaskID
    let edges: [ListeningEdge]
    let emitter: Emitter
    /// Resolves the routes; done once when the rig is made.
    let resolve: () -> Void
    private(set) var errors: [String] = []

    /// - Parameters:
    ///   - index: which of the component's tasks.
    ///   - local: component names whose tasks are in the same worker.
    ///   - localTasks: further tasks there.
    ///   - isLoadAware: whether turns pass over loaded targets.
    init(
        _ component: String, _ topology: Topology, index: Int = 0, ackers: Int = 1, local: [String] = [],
        localTasks: [TaskID] = [], isLoadAware: Bool = true, seed: UInt64 = 1
    ) throws {
        self.topology = topology
        let description = topology.description
        let plan = try TopologyPlan(description, ackers: ackers)
        schema = Schema(description, plan: plan)
        task = plan[component]!.tasks[index]
        let subscribers = description.components.filter { $0.inputs.contains { $0.source.component == component } }
        let targets = subscribers.flatMap { plan[$0.id]!.tasks }
        let destinations = targets + (plan[TopologyPlan.ackerComponent]?.tasks ?? [])
        edges = destinations.map { _ in ListeningEdge() }
        emitter = Emitter(
            task: task, component: description[component], schema: schema, edges: edges, ackerCount: ackers,
            pool: BatchPool(), seed: seed)
        emitter.destinations = destinations
        let outboxes = Dictionary(uniqueKeysWithValues: targets.enumerated().map { ($1, Int32($0)) })
        let localTasks = Set(local.flatMap { plan[$0]!.tasks } + localTasks)
        resolve = { [emitter] in
            emitter.resolveRoutes(
                description, isLoadAware: isLoadAware, outbox: { outboxes[$0]! }, isLocal: { localTasks.contains($0) },
                custom: { topology.customGroupings[CustomGroupingKey(component: $0, source: $1.source)]?() })
        }
        resolve()
    }

    lazy var spout = SpoutCollector(
        emitter, generation: 0, maxPending: Int.max, timeoutNanoseconds: nil,
        report: { [unowned self] in
            errors.append("\($0)")
        })
    lazy var bolt = Collector(emitter) { [unowned self] error, _ in errors.append("\(error)") }

    func tasks(_ component: String) -> [TaskID] { schema.plan[component]!.tasks }

    /// Tuples and records sent since the last call, in the order of the destinations.
    func take() -> (arrivals: [Arrival], records: [AckRecord]) {
        emitter.flush(force: true)
        var arrivals: [Arrival] = []
        var records: [AckRecord] = []
        for (edge, destination) in zip(edges, emitter.destinations) {
            for batch in edge.takeAll() {
                var p = batch.payload
                for _ in 0..<batch.count {
                    if batch.kind == .tuples {
                        let tuple = Tuple(batch, p)
                        arrivals.append(Arrival(task: destination, tuple: tuple))
                        p += tuple.byteCount
                    } else {
                        records.append(AckRecord(at: p)!)
                        p += AckRecord.byteCount
                    }
                }
            }
        }
        return (arrivals, records)
    }

    /// How many tuples each task got since the last call.
    func takeCounts() -> [TaskID: Int] {
        take().arrivals.reduce(into: [:]) { $0[$1.task, default: 0] += 1 }
    }
}

extension Tuple {
    /// Root and edge of each anchor.
    var anchors: [(root: UInt64, edge: UInt64)] {
        (0..<anchorCount).map { (anchor($0).reading.u64(0), anchor($0).reading.u64(8)) }
    }
}

func build(_ body: (TopologyBuilder) -> Void) throws -> Topology {
    let builder = TopologyBuilder()
    body(builder)
    return try builder.build()
}

/// A spout that never emits by itself.
final class QuietSpout: Spout {
    static var outputs: Outputs { ["key", "number"] }
    func nextTuple(_ out: SpoutCollector) throws {}
}

/// A bolt that only takes.
final class QuietBolt: Bolt {
    func execute(_ tuple: Tuple, _ out: Collector) throws {}
}
