import ArgumentParser

struct Control: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs a nimbus with a cluster of any size around it, and counts writes, times and memory.",
        discussion: """
            Supervisors and workers are stand-ins in this process: their nodes are real, what workers write is written by \
            the workers' own code, and there are no topologies in them. Nimbus is a process of its own (with --store \
            memory it is in this one). Steps: an empty cluster is scheduled, the workers come up, nothing happens for a \
            while, one worker dies, nimbus is started again, one machine is lost.
            """)

    @OptionGroup var options: ShapeOptions
    @Option(help: "zookeeper (a server of its own, needs Java) or memory.") var store = Ensemble.Kind.zookeeper
    @Option(help: "Length of the time in which nothing happens.") var seconds = 60.0
    @Option(help: "executor.metrics.frequency.secs of the topologies.") var interval = 60
    @Option(help: "Sessions that the stand-ins share.") var sessions = 8
    @Flag(help: "Print JSON (always on; for scripts that say it).") var json = false

    func validate() throws {
        guard seconds > 0, seconds.isFinite else { throw ValidationError("--seconds must be positive") }
        if interval < 1 { throw ValidationError("--interval is \(interval); it must be at least 1") }
        if sessions < 1 { throw ValidationError("--sessions is \(sessions); it must be at least 1") }
    }

    var measurement: ControlMeasurement {
        ControlMeasurement(
            shape: options.shape, kind: store, windowSeconds: seconds, intervalSeconds: interval, sessions: sessions)
    }

    func run() async throws { try Output.print(await measurement.run()) }
}

extension Ensemble.Kind: ExpressibleByArgument {}
