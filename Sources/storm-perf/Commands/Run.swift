import ArgumentParser

struct Run: AsyncParsableCommand {
    enum Switch: String, ExpressibleByArgument, CaseIterable { case on, off }

    static let configuration = CommandConfiguration(abstract: "Runs one topology and prints what it did.")

    @Argument(help: "Which topology; see `storm-perf list`.") var topology: Shape
    @Option(help: "Whether messages are tracked.") var acking = Switch.on
    @Option(help: "Worker processes (CrossWorker: 2).") var workers: Int?
    @Option(help: "Executors of the spout.") var spouts = 1
    @Option(help: "Executors of each bolt.") var bolts = 1
    @Option(help: "Acker executors, when messages are tracked.") var ackers = 1
    @Option(help: "topology.max.spout.pending.") var maxPending: Int?
    @Option(help: "Length of the measured window.") var seconds = 10.0
    @Option(help: "Seconds before it.") var warmup = 2.0
    @Option(help: "Messages per second at fixed times (topologies with a constant spout).") var rate: Double?
    @Option(help: "Threads for the executors of each process.") var loops: Int?
    @Option(help: "Text file for FileReadWordCount.") var input: String?
    @Option(help: "Length of the constant string, in bytes (default 9).") var payload: Int?
    @Option(help: "SlowBolt: microseconds of sleep per tuple.") var pause: Int?
    @Option(help: "Shell topologies: a Python that has the package storm-swift, for its classes.") var python: String?
    @Option(help: "Shell topologies: whether the package may use the channel.") var channel = Switch.on
    @Flag(help: "Print JSON (always on; for scripts that say it).") var json = false

    func validate() throws {
        let counts = [("--workers", workers ?? 1), ("--spouts", spouts), ("--bolts", bolts), ("--ackers", ackers)]
        for (name, value) in counts + [
            ("--loops", loops ?? 1), ("--max-pending", maxPending ?? 1), ("--payload", payload ?? 1),
        ]
        where value < 1 { throw ValidationError("\(name) is \(value); it must be at least 1") }
        guard seconds > 0, warmup >= 0, seconds.isFinite, warmup.isFinite else {
            throw ValidationError("--seconds and --warmup must be positive")
        }
        if let rate, !(rate > 0 && rate.isFinite) { throw ValidationError("--rate is \(rate); it must be positive") }
        if let pause, pause < 0 { throw ValidationError("--pause is \(pause); it must not be negative") }
        if rate != nil, [.wordCount, .fileReadWordCount].contains(topology) {
            throw ValidationError("--rate is for topologies with a constant spout, not \(topology.rawValue)")
        }
        if topology == .crossWorker, let workers, workers < 2 {
            throw ValidationError("CrossWorker needs at least 2 workers")
        }
    }

    var specification: RunSpecification {
        var run = RunSpecification(topology)
        run.acking = acking == .on
        if let workers { run.workers = workers }
        run.spouts = spouts
        run.bolts = bolts
        run.ackers = ackers
        run.maxPending = maxPending
        run.seconds = seconds
        run.warmupSeconds = warmup
        run.rate = rate
        run.loops = loops
        if let input { run.input = input }
        run.payloadBytes = payload
        if let pause { run.pauseMicroseconds = pause }
        run.python = python
        run.hasChannel = channel == .on
        return run
    }

    func run() async throws { try Output.print(await Measurement.run(specification)) }
}
