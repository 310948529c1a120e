import StormCore
import StormRuntime
import StormTestKit
import StormTopology
import StormWire
import Testing

/// What arrived where: for each pair of tasks the number last seen, which must rise.
private final class OrderLog: Sendable {
    struct Pair: Hashable {
        let source: TaskID
        let target: TaskID
    }

    struct State: Sendable {
        var last: [Pair: Int] = [:]
        /// Arrivals by component.
        var arrived: [String: Int] = [:]
        var faults: [String] = []
    }

    let state = Observed(State())

    func arrived(_ tuple: Tuple, at context: TaskContext) {
        let pair = Pair(source: tuple.sourceTask, target: context.task)
        let number = tuple.int("number")
        state.update { state in
            state.arrived[context.component, default: 0] += 1
            let last = state.last.updateValue(number, forKey: pair) ?? -1
            guard number <= last, state.faults.count < 5 else { return }
            state.faults.append("\(context.component) \(pair.target): \(number) of \(pair.source) came after \(last)")
        }
    }
}

/// Text of no fixed length: now and then longer than most batches, rarely longer than any.
private func filler(_ random: inout FastRandom) -> String {
    let length = [3, 40, 200, 1_500, 40_000][[0, 0, 0, 0, 1, 1, 1, 2, 2, 3][Int.random(in: 0..<10, using: &random)]]
    return String(repeating: "x", count: Int.random(in: 0..<60, using: &random) == 0 ? 40_000 : length)
}

/// Emits the numbers `0..<count`, once each; its tuples are tracked by turns.
private final class NumberingSpout: Spout {
    static var outputs: Outputs { Way.outputs }
    private let ways: [(Way, String)]
    private let count: Int
    private let seed: UInt64
    private var random = FastRandom(seed: 0)
    private var emissions: [Emission] = []
    private var next = 0

    /// - Parameter ways: a way with its subscriber, for each stream that is used.
    init(_ ways: [(Way, String)], count: Int, seed: UInt64) {
        self.ways = ways
        self.count = count
        self.seed = seed
    }

    func open(_ context: TaskContext, _ out: SpoutCollector) throws {
        random = FastRandom(seed: seed &+ UInt64(context.taskIndex))
        emissions = ways.map { Emission($0.0, to: $0.1, context) }
    }

    func nextTuple(_ out: SpoutCollector) throws {
        for _ in 0..<Int.random(in: 1...5, using: &random) where next < count {
            let key = "key \(Int.random(in: 0..<20, using: &random))"
            let text = filler(&random)
            for emission in emissions {
                emission.emit(out, id: Bool.random(using: &random) ? .int(next) : nil, next, key, text)
            }
            next += 1
        }
    }
}

/// Numbers what it passes on anew.
private final class NumberingBolt: Bolt {
    static var outputs: Outputs { Way.outputs }
    private let log: OrderLog
    private let way: Way
    private var context: TaskContext?
    private var emission: Emission?
    private var next = 0

    init(_ log: OrderLog, _ way: Way) {
        self.log = log
        self.way = way
    }

    func prepare(_ context: TaskContext, _ out: Collector) throws {
        self.context = context
        emission = Emission(way, to: "sink", context)
    }

    func execute(_ tuple: Tuple, _ out: Collector) throws {
        guard let context else { return }
        log.arrived(tuple, at: context)
        emission?.emit(out, anchors: [tuple], next, tuple.string("key"), tuple.string("text"))
        next += 1
        out.ack(tuple)
    }
}

private func sink(_ log: OrderLog) -> BlockBolt {
    var context: TaskContext?
    return BlockBolt(prepare: { made, _ in context = made }) { tuple, out in
        if let context { log.arrived(tuple, at: context) }
        out.ack(tuple)
    }
}

/// For each pair of tasks, tuples arrive in the order in which they were emitted.
@Suite struct OrderTests {
    private static let sources = 2
    private static let middles = 3

    /// source → middle → sink, both hops by the same grouping.
    private func chain(_ way: Way, _ log: OrderLog, count: Int, seed: UInt64, maxPending: Int? = nil) throws -> Topology
    {
        try makeTopology { topology in
            let spout = topology.spout("source", parallelism: Self.sources) {
                NumberingSpout([(way, "middle")], count: count, seed: seed)
            }
            if let maxPending { spout.maxPending(maxPending) }
            way.subscribe(
                topology.bolt("middle", parallelism: 2) { NumberingBolt(log, way) }.tasks(Self.middles), to: "source")
            way.subscribe(topology.bolt("sink", parallelism: 3) { sink(log) }, to: "middle")
        }
    }

    private func expectedAtMiddle(_ way: Way, count: Int) -> Int {
        switch way {
        case .all: Self.sources * count * Self.middles
        // `count` is even.
        case .custom: Self.sources * count / 2 * (1 + Self.middles)
        default: Self.sources * count
        }
    }

    /// Whether all that can be expected at the sink is there; how much depends on how the middle tasks shared.
    private func isComplete(_ way: Way, _ state: OrderLog.State, count: Int) -> Bool {
        let middle = state.arrived["middle", default: 0]
        guard middle == expectedAtMiddle(way, count: count) else { return false }
        let sink = state.arrived["sink", default: 0]
        switch way {
        case .all: return sink == middle * 3
        // Each middle task numbers from 0: about half its numbers go to three tasks.
        case .custom: return sink >= middle * 2 && sink <= middle * 2 + Self.middles
        default: return sink == middle
        }
    }

    @Test(arguments: Way.allCases, UInt64(0)..<12)
    func eachPairOfTasksKeepsItsOrderInSimulation(_ way: Way, _ seed: UInt64) throws {
        let log = OrderLog()
        let topology = try chain(way, log, count: 250, seed: seed, maxPending: seed % 3 == 0 ? 20 : nil)
        var run = try WorkerSimulation(
            topology, seed: seed, workers: Int(seed % 2) + 1, ackers: Int(seed % 3), loops: Int(seed % 4) + 1,
            maxDelayNanoseconds: [0, 1_000_000, 50_000_000][Int(seed / 2 % 3)])
        if seed % 5 == 1 { run.slow("middle", oneIn: 20) }
        if seed % 5 == 2 { run.slow("sink", oneIn: 20) }
        try run.run { isComplete(way, log.state.value, count: 250) }
        let leftovers = try run.leftovers(withinSeconds: 100)
        #expect(leftovers == [], "\(way), seed \(seed)")
        #expect(log.state.value.faults == [], "\(way), seed \(seed)")
        #expect(isComplete(way, log.state.value, count: 250), "\(way), seed \(seed): \(log.state.value.arrived)")
    }

    @Test(.timeLimit(.minutes(1)), arguments: Way.allCases, [1, 3])
    func eachPairOfTasksKeepsItsOrderOnThreads(_ way: Way, _ loops: Int) async throws {
        let log = OrderLog()
        let topology = try chain(way, log, count: 3_000, seed: 5)
        try await withEngine(topology, loops: loops) { _ in
            let state = try await log.state.wait("all arrivals") { isComplete(way, $0, count: 3_000) }
            #expect(state.faults == [])
        }
    }

    /// Between two tasks there is one way, whatever streams and groupings share it.
    @Test(arguments: UInt64(0)..<20)
    func streamsAndGroupingsBetweenTheSameTasksShareOneOrder(_ seed: UInt64) throws {
        let log = OrderLog()
        let count = 150
        let topology = try makeTopology { topology in
            topology.spout("source", parallelism: 2) {
                NumberingSpout([(.fields, "sink"), (.direct, "sink")], count: count, seed: seed)
            }
            // Both streams of the source, one of them twice: equal numbers may follow one another.
            let sink = topology.bolt("sink", parallelism: 3) {
                var context: TaskContext?
                var last: [TaskID: Int] = [:]
                return BlockBolt(prepare: { made, _ in context = made }) { tuple, out in
                    defer { out.ack(tuple) }
                    guard let context else { return }
                    let number = tuple.int("number")
                    let before = last.updateValue(number, forKey: tuple.sourceTask) ?? 0
                    log.state.update { state in
                        state.arrived["sink", default: 0] += 1
                        if number < before { state.faults.append("\(number) after \(before) at \(context.task)") }
                    }
                }
            }
            Way.fields.subscribe(sink, to: "source")
            Way.direct.subscribe(sink, to: "source")
            for way in [Way.shuffle, .all, .partialKey, .global, .custom] {
                way.subscribe(topology.bolt(way.rawValue, parallelism: 2) { otherSink(log) }, to: "source")
            }
        }
        var run = try WorkerSimulation(
            topology, seed: seed, workers: Int(seed % 2) + 1, ackers: 1, loops: 3, maxDelayNanoseconds: 5_000_000)
        try run.run { log.state.value.arrived["sink"] == 4 * count && log.state.value.arrived["all"] == 4 * count }
        let leftovers = try run.leftovers(withinSeconds: 100)
        #expect(leftovers == [], "seed \(seed)")
        let state = log.state.value
        #expect(state.faults == [], "seed \(seed)")
        #expect(
            state.arrived == [
                "sink": 4 * count, "shuffle": 2 * count, "all": 4 * count, "partialKey": 2 * count,
                "global": 2 * count, "custom": 3 * count,
            ], "seed \(seed)")
    }

    private func otherSink(_ log: OrderLog) -> BlockBolt { sink(log) }
}
