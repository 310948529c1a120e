import StormCore
import StormTestKit
import StormTopology
import StormWire
import Testing

@testable import StormRuntime

/// What goes wrong in a run.
private struct Chaos {
    /// Out of 1000 turns.
    var breaksPerMille = 0
    var crashesPerMille = 0
    /// Fails of every thousand tuples of one bolt.
    var failsPerMille = 0
    /// Things go wrong in the first so many turns only, so that the run comes to an end.
    var turns = 3_000

    /// Seeds take turns with nothing, fails, broken connections, crashes, and all together.
    init(seed: UInt64) {
        switch seed % 5 {
        case 0: break
        case 1: failsPerMille = 30
        case 2: breaksPerMille = 5
        case 3: crashesPerMille = 2
        default:
            failsPerMille = 10
            breaksPerMille = 4
            crashesPerMille = 1
        }
    }

    var isQuiet: Bool { breaksPerMille + crashesPerMille + failsPerMille == 0 }
}

/// A topology on two workers, joined by a network that delays and loses, all driven from one seed.
private struct TwoWorkers {
    static let messages = 400

    let check = DeliveryCheck()
    let clock = SimulatedClock()
    let chaos: Chaos
    let seed: UInt64
    let topology: Topology
    let ranges: [[ExecutorRange]]
    let ackers: Int
    let network: SimulatedNetwork
    var workers: [SteppedEngine] = []
    var random: FastRandom
    /// Moments at which the ledgers of the spouts did not say what the check saw.
    private var ledgerFaults: [String] = []

    init(seed: UInt64) throws {
        self.seed = seed
        var random = FastRandom(seed: seed)
        let chaos = Chaos(seed: seed)
        let check = check
        let failSeed = random.next()
        topology = try makeTopology { topology in
            topology.spout("source", parallelism: 2) { CheckingSpout(check, count: Self.messages, perCall: 3) }
                .maxPending(50)
            topology.bolt("left", parallelism: 3) { PassingBolt() }.shuffle("source")
            topology.bolt("right", parallelism: 2, outputs: ["id"]) {
                var random = FastRandom(seed: failSeed)
                return BlockBolt { tuple, out in
                    guard Int.random(in: 0..<1000, using: &random) >= chaos.failsPerMille else {
                        return out.fail(tuple)
                    }
                    out.emit(anchor: tuple, tuple.int(0))
                    out.ack(tuple)
                }
            }.fields("source", "id")
            topology.bolt("sink", parallelism: 3) { CheckingSink(check) }.fields("left", "id").partialKey("right", "id")
        }
        ackers = Int(seed % 3) + 1
        let plan = try TopologyPlan(topology.description, ackers: ackers)
        var ranges: [[ExecutorRange]] = [[], []]
        for range in plan.executors {
            // A worker that crashes has no source: its messages would be forgotten with it.
            let isSource = plan.component(of: range.first)?.role == .spout
            ranges[isSource && chaos.crashesPerMille > 0 ? 0 : Int.random(in: 0..<2, using: &random)].append(range)
        }
        self.ranges = ranges
        self.chaos = chaos
        network = SimulatedNetwork(
            clock: clock, seed: random.next(), maxDelayNanoseconds: [0, 1_000_000, 80_000_000][Int(seed / 5 % 3)])
        self.random = random
        workers = try [0, 1].map { try makeWorker($0, seed: seed &* 3 &+ UInt64($0)) }
    }

    private func makeWorker(_ side: Int, seed: UInt64) throws -> SteppedEngine {
        try SteppedEngine(
            ackers: ackers, loops: 2, seed: seed, clock: clock, executors: ranges[side],
            transport: SimulatedNetwork.Port(network, side: side), topology: topology)
    }

    /// - Throws: `WaitTimeout` when the messages are not all acked in a bounded number of turns.
    mutating func run() throws {
        for turn in 0..<400_000 {
            if turn < chaos.turns { try disturb() }
            if turn % 16 == 0 { checkLedgers(turn) }
            if work() { continue }
            if check.state.value.ackedIDs.count == Self.messages, network.nextArrival == .max { return }
            clock.advance(to: min(network.nextArrival, workers.reduce(.max) { min($0, $1.engine.nextDeadline) }))
        }
        throw WaitTimeout(description: "seed \(seed): \(check.state.value.ackedIDs.count) of \(Self.messages) acked")
    }

    /// Lets one worker or the network do something; all of them when the chosen one has nothing to do.
    private mutating func work() -> Bool {
        let engines = workers.map(\.engine)
        let first = Int.random(in: 0..<4, using: &random)
        for offset in 0..<4 {
            let actor = (first + offset) % 4
            if actor < 2 ? engines[actor].step() : network.deliver(from: actor - 2, to: engines) { return true }
        }
        return false
    }

    private mutating func disturb() throws {
        let dice = Int.random(in: 0..<1000, using: &random)
        if dice < chaos.breaksPerMille {
            for (worker, lost) in zip(workers, network.breakConnection()) { lost.forEach(worker.engine.lost) }
        } else if dice < chaos.breaksPerMille + chaos.crashesPerMille {
            let lost = network.breakConnection()[0]
            workers[1] = try makeWorker(1, seed: random.next())
            lost.forEach(workers[0].engine.lost)
            workers[0].engine.processLost(of: ranges[1].flatMap(\.tasks))
        }
    }

    /// Emitted = acked + failed + in flight, and each of these is what the sources saw.
    private mutating func checkLedgers(_ turn: Int) {
        let ledgers = workers.flatMap { $0.engine.steppedLedgers() }
        let state = check.state.value
        let sums = [\SpoutLedger.emitted, \.acked, \.failed, \.inFlight].map { part in
            ledgers.reduce(0) { $0 + $1[keyPath: part] }
        }
        if ledgers.contains(where: { !$0.isBalanced })
            || sums != [state.emitted, state.acked, state.failed, state.pending.count]
        {
            ledgerFaults.append("turn \(turn): \(ledgers)")
        }
    }

    /// What the laws say about the end of a run.
    mutating func faults() throws -> [String] {
        var faults =
            Array(ledgerFaults.prefix(3)) + check.faults(messages: Self.messages, copies: 2, exactlyOnce: chaos.isQuiet)
        let state = check.state.value
        if chaos.isQuiet, state.failed > 0 { faults.append("\(state.failed) failed for no reason: \(state.failures)") }
        // Also after a crash: trees with tuples that the other worker had confirmed are suspect at once.
        if let timeouts = state.failures[.timeout] {
            faults.append("\(timeouts) timed out although both workers knew what was lost")
        }
        if !state.pending.isEmpty { faults.append("\(state.pending.count) messages are still pending") }
        // Long after the end nothing is left anywhere: no credit, no tree, no batch.
        for _ in 0..<200 {
            while work() {}
            clock.advance(to: clock.monotonicNanoseconds() + 1_000_000_000)
        }
        for (side, worker) in workers.enumerated() {
            for executor in worker.engine.executors {
                for edge in executor.emitters.flatMap(\.outboxEdges) where !edge.isIdle {
                    faults.append("worker \(side): \(executor.component) \(executor.range) has credit outstanding")
                }
                if executor.hasOpenBatches { faults.append("worker \(side): \(executor.range) has an open batch") }
            }
            for task in worker.engine.steppedStatistics() where task.pending > 0 {
                faults.append("worker \(side): \(task.component) \(task.task) still watches \(task.pending)")
            }
            if worker.engine.undeliverableBatches > 0 { faults.append("worker \(side) got batches not meant for it") }
        }
        return faults
    }
}

@Suite struct TwoWorkerSimulationTests {
    /// Nothing is lost, nothing is settled twice, no credit leaks, whatever the network and the other worker do.
    @Test(arguments: UInt64(0)..<200)
    func theConservationLawHolds(_ seed: UInt64) throws {
        var run = try TwoWorkers(seed: seed)
        try run.run()
        let faults = try run.faults()
        #expect(faults == [], "seed \(seed)")
    }

    @Test func theSameSeedIsTheSameRun() throws {
        func history(_ seed: UInt64) throws -> [Int] {
            var run = try TwoWorkers(seed: seed)
            try run.run()
            let state = run.check.state.value
            return [state.emitted, state.failed, state.arrived, Int(run.clock.monotonicNanoseconds())]
        }
        for seed in UInt64(0)..<5 { #expect(try history(seed) == history(seed), "seed \(seed)") }
    }
}
