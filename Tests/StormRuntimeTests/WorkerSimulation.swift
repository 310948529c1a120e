import StormCore
import StormTestKit
import StormTopology
import StormWire

@testable import StormRuntime

/// One or two workers in one thread, from a seed: which loop of which worker has its next turn, and what the network
/// between them delays, is chosen at random. The same seed is the same run.
struct WorkerSimulation {
    private enum Actor: Equatable {
        case loop(worker: Int, Int)
        /// The network's way from a worker.
        case lane(Int)
    }

    let clock = SimulatedClock()
    let seed: UInt64
    let workers: [SteppedEngine]
    private let network: SimulatedNetwork?
    private let actors: [Actor]
    /// Who may have the next turn; named several times where it has more of them.
    private var turns: [Actor]
    private var random: FastRandom

    /// - Parameters:
    ///   - workers: 1 or 2; executors are spread over two at random.
    ///   - place: the worker of an executor, where chance shall not decide.
    ///   - maxDelayNanoseconds: of the network.
    init(
        _ topology: Topology, seed: UInt64, workers count: Int = 1, ackers: Int = 1, loops: Int = 2,
        maxDelayNanoseconds: Int64 = 1_000_000, place: (PlannedComponent) -> Int? = { _ in nil },
        configure: (inout EngineConfiguration) -> Void = { _ in }
    ) throws {
        self.seed = seed
        var random = FastRandom(seed: seed)
        let plan = try TopologyPlan(topology.description, ackers: ackers)
        var ranges: [[ExecutorRange]] = Array(repeating: [], count: count)
        for range in plan.executors {
            let wanted = plan.component(of: range.first).flatMap(place)
            ranges[wanted ?? Int.random(in: 0..<count, using: &random)].append(range)
        }
        let clock = clock
        let network =
            count == 1
            ? nil
            : SimulatedNetwork(clock: clock, seed: random.next(), maxDelayNanoseconds: maxDelayNanoseconds)
        workers = try ranges.indices.map { side in
            try SteppedEngine(
                ackers: ackers, loops: loops, seed: seed &* 3 &+ UInt64(side), clock: clock, executors: ranges[side],
                transport: network.map { SimulatedNetwork.Port($0, side: side) }, configure: configure,
                topology: topology)
        }
        self.network = network
        actors =
            workers.enumerated().flatMap { side, worker in
                worker.engine.loops.indices.map { Actor.loop(worker: side, $0) }
            } + (count == 1 ? [] : [.lane(0), .lane(1)])
        turns = actors
        self.random = random
    }

    /// Gives the loop that runs the last executor of a component one turn of so many that the others have.
    mutating func slow(_ component: String, oneIn: Int) {
        var slow: Actor?
        for (side, worker) in workers.enumerated() {
            guard let executor = worker.engine.executors.last(where: { $0.component == component }),
                let index = worker.engine.loops.firstIndex(where: { $0 === executor.loop })
            else { continue }
            slow = .loop(worker: side, index)
        }
        turns = actors.flatMap { $0 == slow ? [$0] : Array(repeating: $0, count: oneIn) }
    }

    // MARK: Run

    private func act(_ actor: Actor) -> Bool {
        switch actor {
        case .loop(let worker, let index): workers[worker].engine.loops[index].round()
        case .lane(let side): network?.deliver(from: side, to: workers.map(\.engine)) ?? false
        }
    }

    /// One turn of somebody. - Returns: false when nobody has anything to do before the clock moves.
    mutating func work() -> Bool {
        if let chosen = turns.randomElement(using: &random), act(chosen) { return true }
        // Twice: a loop with nothing to do may hand its open batches to one that was asked before.
        for _ in 0..<2 { for actor in actors where act(actor) { return true } }
        return false
    }

    /// Works, and moves the clock when nothing else is left to do, until `condition` holds.
    /// - Parameter every: called with the number of the turn, now and then.
    /// - Throws: `WaitTimeout` after `turns`.
    mutating func run(
        turns: Int = 1_000_000, every: (Int) -> Void = { _ in }, until condition: () -> Bool
    ) throws {
        for turn in 0..<turns {
            if turn % 16 == 0 {
                every(turn)
                if condition() { return }
            }
            if work() { continue }
            if condition() { return }
            let next = workers.reduce(network?.nextArrival ?? .max) { min($0, $1.engine.nextDeadline) }
            guard next < .max else { throw WaitTimeout(description: "seed \(seed): nothing will ever happen again") }
            clock.advance(to: next)
        }
        throw WaitTimeout(description: "seed \(seed): not within \(turns) turns")
    }

    /// Lets time pass until nothing is left anywhere, at most so many seconds.
    /// - Returns: what is left then: credit outstanding, open batches, trees watched, batches not meant for their worker.
    mutating func leftovers(withinSeconds seconds: Int) throws -> [String] {
        for _ in 0..<seconds {
            if leftovers.isEmpty { break }
            let end = clock.monotonicNanoseconds() + 1_000_000_000
            while clock.monotonicNanoseconds() < end {
                while work() {}
                clock.advance(
                    to: workers.reduce(min(end, network?.nextArrival ?? .max)) { min($0, $1.engine.nextDeadline) })
            }
        }
        return leftovers
    }

    private var leftovers: [String] {
        var found: [String] = []
        for (side, worker) in workers.enumerated() {
            for executor in worker.engine.executors {
                let name = "worker \(side): \(executor.component) \(executor.range)"
                if executor.emitters.contains(where: { $0.outboxEdges.contains { !$0.isIdle } }) {
                    found.append("\(name) has credit outstanding")
                }
                if executor.hasOpenBatches { found.append("\(name) has an open batch") }
            }
            for task in worker.engine.steppedStatistics() where task.pending > 0 {
                found.append("worker \(side): \(task.component) \(task.task) still watches \(task.pending)")
            }
            if worker.engine.undeliverableBatches > 0 { found.append("worker \(side) got batches not meant for it") }
        }
        return found
    }

    // MARK: Looking in

    var statistics: [TaskStatistics] { workers.flatMap { $0.engine.steppedStatistics() } }
    /// Batches that came from the allocator, and batches that were used again.
    var poolCounts: (made: Int, reused: Int) {
        workers.reduce((0, 0)) { ($0.0 + $1.engine.poolCounts.made, $0.1 + $1.engine.poolCounts.reused) }
    }

    /// Bytes sent and not executed yet of every edge, by (source component, destination component).
    func eachEdge(_ body: (_ from: String, _ to: String, _ bytesUnderWay: Int) -> Void) {
        for worker in workers {
            let plan = worker.engine.schema.plan
            for executor in worker.engine.executors {
                for emitter in executor.emitters {
                    for (edge, task) in zip(emitter.outboxEdges, emitter.destinations) {
                        guard let edge = edge as? Edge else { continue }
                        body(executor.component, plan.component(of: task)?.id ?? "", edge.bytesUnderWay)
                    }
                }
            }
        }
    }
}
