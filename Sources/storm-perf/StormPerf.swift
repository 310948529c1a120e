import ArgumentParser

/// Benchmarks of the data plane and the control plane that anyone can run.
@main
struct StormPerf: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "storm-perf", abstract: "Measures topologies and the pieces that they run on.",
        discussion: "Results are JSON on stdout. Compare ratios of runs on one machine at one time.",
        subcommands: [
            Run.self, List.self, Table.self, Micro.self, Reference.self, Scheduling.self, Control.self,
            WorkerCommand.self, NimbusCommand.self,
        ],
        defaultSubcommand: Run.self)
}
