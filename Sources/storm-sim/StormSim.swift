import ArgumentParser
import FoundationEssentials
import Glibc
import StormProcess
import StormSimulation

/// Simulates whole clusters from seeds.
@main
struct StormSim: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "storm-sim",
        abstract:
            "Simulates whole clusters from seeds: every process, the coordination store and the network, with faults.",
        discussion: """
            The same seed is the same run. Prints seeds per second and how often each fault struck; for a failure the
            seed, what broke which rule, and the end of the trace. Exit code 1 when a seed failed.
            """,
        subcommands: [RunSeeds.self, WorkSeeds.self], defaultSubcommand: RunSeeds.self)
}

extension Plant: ExpressibleByArgument {}

/// What both commands are told.
struct SimulationOptions: ParsableArguments {
    @Option(help: "The first seed.") var seed: UInt64 = 1
    @Option(help: "So many seeds, one after the other.") var seeds = 1
    @Option(help: "Faults that may strike, with commas: all, none, or of \(Faults.names.joined(separator: ", ")).")
    var faults = "all"
    @Option(help: "How often a fault strikes in each seed.") var steps = 30
    @Flag(help: "Print every line of the trace as it happens.") var trace = false
    @Flag(help: "With --trace: every turn of every process too.") var turns = false
    @Option(help: "Put what the cluster logs from this level on into the trace.") var log: String?

    @Option(help: "Plant a bug, to see it noticed: \(Plant.allCases.map(\.rawValue).joined(separator: ", ")).")
    var plant: Plant?

    func validate() throws {
        guard seeds >= 1, steps >= 0 else { throw ValidationError("--seeds must be positive, --steps not negative") }
        for name in chosen where !Faults.names.contains(name) {
            throw ValidationError("no fault '\(name)'; there are: \(Faults.names.joined(separator: ", "))")
        }
    }

    var chosen: [String] {
        switch faults {
        case "all": Faults.names
        case "none": []
        default: faults.split(separator: ",").map(String.init)
        }
    }

    /// The same options for another range of seeds.
    func arguments(seed: UInt64, seeds: Int) -> [String] {
        ["--seed", "\(seed)", "--seeds", "\(seeds)", "--faults", faults, "--steps", "\(steps)"]
            + (trace ? ["--trace"] : []) + (turns ? ["--turns"] : []) + (log.map { ["--log", $0] } ?? [])
            + (plant.map { ["--plant", $0.rawValue] } ?? [])
    }
}
