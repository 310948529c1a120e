import StormCore
import StormTestKit
import StormTopology
import StormWire
import Testing

@testable import StormRuntime

/// One seed's run: source → middle → sink with both hops by one grouping, and a side stream.
private struct ExactRun {
    static let messages = 60
    static let sinks = 2

    let way: Way
    let tasks: Int
    let seed: UInt64
    let mischief: Mischief
    let check = DeliveryCheck()
    let topology: Topology

    init(_ way: Way, tasks: Int, seed: UInt64, messages: Int = Self.messages) throws {
        self.way = way
        self.tasks = tasks
        self.seed = seed
        let mischief = Mischief(seed: seed)
        self.mischief = mischief
        let check = check
        topology = try makeTopology { topology in
            let spout = topology.spout("source", parallelism: Int(seed % 2) + 1) {
                ExactSpout(check, way, count: messages)
            }
            if let bound = [nil, 1, 7, 50][Int(seed / 2 % 4)] { spout.maxPending(bound) }
            way.subscribe(
                topology.bolt("middle", parallelism: tasks) { MischiefBolt(way, mischief, seed: seed) }
                    .tick(everySeconds: 1), to: "source")
            way.subscribe(
                topology.bolt("sink", parallelism: Self.sinks) { ExactSink(check, mischief, seed: seed + 50) },
                to: "middle")
            topology.bolt("audit") { ExactSink(nil, mischief, seed: seed + 99) }.global("middle", stream: "side")
        }
    }

    /// What the end of a run says against the law.
    func faults(_ statistics: [TaskStatistics], messages: Int = Self.messages) -> [String] {
        var faults = check.faults(messages: messages, exactlyOnce: false)
        let state = check.state.value
        if state.acked != messages { faults.append("\(state.acked) acks of \(messages) messages") }
        if !state.pending.isEmpty { faults.append("\(state.pending.count) messages are still pending") }
        if mischief.isQuiet {
            if state.failed > 0 { faults.append("\(state.failures) for no reason") }
            for id in 0..<messages {
                // Two hops, each of which may copy.
                let wanted = way.copies(id, tasks: tasks) * way.copies(id, tasks: Self.sinks)
                let arrived = state.arrivals[id, default: 0]
                if arrived != wanted { faults.append("message \(id) arrived \(arrived) times, not \(wanted)") }
            }
        }
        let spouts = statistics.filter { $0.component == "source" }
        if spouts.reduce(0, { $0 + $1.acked }) != messages { faults.append("the engine counted other acks") }
        if spouts.reduce(0, { $0 + $1.failed }) != state.failed { faults.append("the engine counted other fails") }
        return Array(faults.prefix(5))
    }
}

/// Each message is acked exactly once, none is missing, and nothing is pending at the end.
@Suite struct AckExactnessTests {
    @Test(arguments: Way.allCases, [1, 2, 3])
    func everyMessageIsAckedExactlyOnce(_ way: Way, _ tasks: Int) throws {
        for seed in UInt64(0)..<12 {
            let run = try ExactRun(way, tasks: tasks, seed: seed)
            var simulation = try WorkerSimulation(
                run.topology, seed: seed, workers: Int(seed / 3 % 2) + 1, ackers: Int(seed % 3) + 1,
                loops: Int(seed % 4) + 1, maxDelayNanoseconds: [0, 1_000_000, 50_000_000][Int(seed / 6 % 3)],
                configure: { $0.messageTimeoutSeconds = 5 })
            try simulation.run { run.check.state.value.ackedIDs.count == ExactRun.messages }
            let leftovers = try simulation.leftovers(withinSeconds: 60)
            let place: Comment = "\(way) to \(tasks) tasks, seed \(seed)"
            #expect(leftovers == [], place)
            #expect(run.faults(simulation.statistics) == [], place)
        }
    }

    @Test func theSeedsTogetherMakeEveryKindOfTrouble() throws {
        var failures: Set<FailureReason> = []
        var replayed = 0
        for seed in UInt64(0)..<12 {
            let run = try ExactRun(.shuffle, tasks: 2, seed: seed)
            var simulation = try WorkerSimulation(
                run.topology, seed: seed, configure: { $0.messageTimeoutSeconds = 5 })
            try simulation.run { run.check.state.value.ackedIDs.count == ExactRun.messages }
            failures.formUnion(run.check.state.value.failures.keys)
            replayed += run.check.state.value.emitted - ExactRun.messages
        }
        #expect(failures == [.explicit, .threw, .timeout])
        #expect(replayed > 20)
    }

    @Test(.timeLimit(.minutes(1)), arguments: Way.allCases)
    func onThreadsEveryMessageIsAckedExactlyOnceToo(_ way: Way) async throws {
        // Fails, joins and late acks, but neither timeouts nor a bound on what is pending.
        let run = try ExactRun(way, tasks: 3, seed: 9, messages: 1_500)
        try await withEngine(run.topology, ackers: 2, loops: 3) { engine in
            try await run.check.wait(acked: 1_500)
            // The acks were counted before the spout was told of them.
            #expect(run.faults(await engine.statistics(), messages: 1_500) == [], "\(way)")
        }
    }
}
