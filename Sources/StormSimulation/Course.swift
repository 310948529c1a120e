import StormWire

/// The course of one simulation.
struct Course: Sendable {
    private let cluster: SimulatedCluster
    private let options: Simulation.Options
    private let user: User
    private let counts = Confined<[String: Int]>([:])
    /// Progress of the user's doings.
    private let phase = Confined(Phase())

    private struct Phase {
        var isQuiet = false
        var played = 0
        var activated = 0
        var killed = 0
    }

    private var world: World { cluster.world }
    /// The rule that all comes to its end once there is peace.
    static let liveness = "liveness"
    private static let second: Int64 = 1_000_000_000
    private static let quietSecondsMax: Int64 = 240
    private static let cleanSecondsMax: Int64 = 180

    init(_ cluster: SimulatedCluster, _ options: Simulation.Options) {
        self.cluster = cluster
        self.options = options
        user = User(cluster)
    }

    func run() {
        let invariants = Invariants.all.map { $0.init() }
        for invariant in invariants { invariant.install(cluster) }
        world.every(100_000_000) { for invariant in invariants { invariant.check(cluster) } }
        cluster.state.it.topologies = topologies()
        world.act {
            options.plant?.install(cluster)
            cluster.start()
            startUsing()
        }
        hurt()
        world.act { endFaults() }
        waitForMessages()
        waitForCleanEnd()
        cluster.state.it.mayRestart = false
    }

    private func topologies() -> [SimulatedTopology] {
        (0..<world.random(1..<3)).map { index in
            let name = ["wide", "narrow"][index]
            return SimulatedTopology(
                name: name, book: MessageBook(world, topology: name, count: world.random(50..<400)), world: world,
                workers: world.random(1..<4), ackers: world.random(1..<3),
                paceNanoseconds: world.random(5...200) * 1_000_000, attempts: world.oneIn(2) ? 0 : world.random(2..<6))
        }
    }

    private func startUsing() {
        for topology in cluster.state.it.topologies {
            world.spawn(in: user.process) { [user, phase] in
                await user.submit(topology)
                await user.play(topology, until: { phase.it.isQuiet })
                phase.it.played += 1
            }
        }
    }

    // MARK: Hurting

    private func hurt() {
        let faults = Faults.named(options.faults)
        // A moment for the cluster to come up, or none.
        let start = world.time(milliseconds: 0...8000)
        world.run(untilNanoseconds: world.now + start)
        guard !faults.isEmpty else { return world.run(untilNanoseconds: world.now + 20 * Self.second) }
        for _ in 0..<options.steps where world.state.it.failure == nil {
            guard let fault = world.pick(faults) else { return }
            world.act { if fault.strike(cluster) { counts.it[fault.name, default: 0] += 1 } }
            // Some come close upon each other.
            let pause = world.oneIn(3) ? world.time(milliseconds: 0...100) : world.time(milliseconds: 0...5000)
            world.run(untilNanoseconds: world.now + pause)
        }
    }

    private func endFaults() {
        world.note("faults end")
        phase.it.isQuiet = true
        cluster.ensemble.state.it.connectivity.heal()
        cluster.ensemble.state.it.isDown = false
        cluster.wires.state.it.connectivity.heal()
        cluster.wires.state.it.corruptNext = 0
        cluster.wires.state.it.tricks = []
        cluster.wires.state.it.delayMax = 3_000_000
        cluster.state.it.failLaunches = 0
        cluster.state.it.spoilNextBlob = false
        cluster.state.it.killsLeaderInNextCall = false
        world.state.it.clockErrors = [:]
        world.state.it.fullDisks = []
        for process in cluster.processes { process.state.it.isPaused = false }
        for machine in cluster.state.it.deadMachines.sorted() { cluster.powerOn(machine) }
    }

    // MARK: Peace

    private func waitForMessages() {
        let topologies = cluster.state.it.topologies
        guard waits("the user is done", seconds: Self.quietSecondsMax, { phase.it.played == topologies.count }) else {
            return
        }
        for topology in topologies {
            world.spawn(in: user.process) { [user, phase] in
                await user.revive(topology)
                phase.it.activated += 1
            }
        }
        guard waits("topologies are active", seconds: Self.quietSecondsMax, { phase.it.activated == topologies.count })
        else { return }
        let isDone = waits("all messages are acked or dead letters", seconds: Self.quietSecondsMax) {
            topologies.allSatisfy(\.book.isComplete)
        }
        if isDone { LettersKept.check(cluster) }
    }

    private func waitForCleanEnd() {
        guard world.state.it.failure == nil else { return }
        let topologies = cluster.state.it.topologies
        for topology in topologies {
            world.spawn(in: user.process) { [user, phase] in
                await user.kill(topology)
                phase.it.killed += 1
            }
        }
        guard waits("topologies are killed", seconds: Self.cleanSecondsMax, { phase.it.killed == topologies.count })
        else { return }
        let end = world.now + Self.cleanSecondsMax * Self.second
        while world.state.it.failure == nil, world.now < end {
            if CleanEnd.leftovers(cluster).isEmpty { return }
            world.run(untilNanoseconds: world.now + Self.second)
        }
        let left = CleanEnd.leftovers(cluster)
        if !left.isEmpty { world.fail(Violation(CleanEnd.name, "left: \(left.prefix(10).joined(separator: ", "))")) }
    }

    private func waits(_ what: String, seconds: Int64, _ isDone: () -> Bool) -> Bool {
        world.run(untilNanoseconds: world.now + seconds * Self.second, isDone: isDone)
        guard world.state.it.failure == nil else { return false }
        if isDone() { return true }
        let books = cluster.state.it.topologies.map {
            "\($0.name): \($0.book.count - $0.book.missing.count) of \($0.book.count), missing \($0.book.missing.prefix(5))"
        }
        world.fail(
            Violation(Self.liveness, "not within \(seconds) s of peace: \(what) (\(books.joined(separator: "; ")))"))
        return false
    }

    // MARK: The end

    func report(_ seed: UInt64) -> SeedReport {
        let state = world.state.it
        var failures: [String: Int] = [:]
        for topology in cluster.state.it.topologies {
            for (reason, count) in topology.book.state.it.failures { failures["\(reason)", default: 0] += count }
        }
        return SeedReport(
            seed: seed, violation: state.failure?.description, traceHash: state.trace.hash,
            traceLines: state.trace.count, simulatedSeconds: world.seconds, turns: state.turns, faults: counts.it,
            messages: cluster.state.it.topologies.reduce(0) { $0 + $1.book.state.it.acked.count },
            emits: cluster.state.it.topologies.reduce(0) { $0 + $1.book.state.it.emits }, failures: failures,
            kills: user.kills.it, expirations: cluster.ensemble.state.it.expirations, cuts: cluster.wires.state.it.cuts,
            corrupted: cluster.wires.state.it.corrupted, tricks: cluster.wires.state.it.played,
            deadLetters: cluster.state.it.topologies.reduce(0) { $0 + $1.book.state.it.deadLettered.count },
            trace: state.failure == nil ? nil : state.trace.lines)
    }
}
