import ArgumentParser

/// A cluster's size, as every command for the control plane takes it.
struct ShapeOptions: ParsableArguments {
    @Option(help: "Machines.") var supervisors = 1_000
    @Option(help: "Slots of each machine.") var slots = 12
    @Option(help: "Topologies, all alike.") var topologies = 100
    @Option(help: "Workers of all topologies together.") var workers = 10_000
    @Option(help: "Executors of all topologies together.") var executors = 100_000

    var shape: ClusterShape {
        ClusterShape(
            supervisors: supervisors, slots: slots, topologies: topologies, workers: workers, executors: executors)
    }

    func validate() throws {
        if let fault = shape.fault { throw ValidationError(fault) }
        if workers > supervisors * slots {
            throw ValidationError("\(workers) workers do not fit into \(supervisors) machines with \(slots) slots")
        }
    }
}

struct Scheduling: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Times the scheduling of a large cluster: all of it, nothing to do, one machine lost, a rebalance.")

    @OptionGroup var options: ShapeOptions
    @Option(help: "Rounds; the fastest counts.") var rounds = 3
    @Flag(help: "Print JSON (always on; for scripts that say it).") var json = false

    func validate() throws {
        if rounds < 1 { throw ValidationError("--rounds is \(rounds); it must be at least 1") }
    }

    func run() throws { try Output.print(SchedulingMeasurement(shape: options.shape, rounds: rounds).run()) }
}
