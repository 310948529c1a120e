import ArgumentParser
import FoundationEssentials
import Glibc
import StormProcess
import StormSimulation

/// Runs seeds in child processes and says what came of them.
struct RunSeeds: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "run", abstract: "Runs seeds (the default).")

    @OptionGroup var options: SimulationOptions
    @Option(help: "Child processes at a time.") var jobs = 1
    @Option(help: "Seeds in one child process.") var batch = 20
    @Flag(help: "Go on after a failure.") var keepGoing = false
    @Flag(help: "One line for each seed.") var each = false

    func validate() throws {
        guard jobs >= 1, batch >= 1 else { throw ValidationError("--jobs and --batch must be positive") }
    }

    func run() async throws {
        let start = ContinuousClock.now
        var tally = Tally()
        let last = options.seed + UInt64(options.seeds)
        try await withThrowingTaskGroup(of: BatchResult.self) { group in
            var next = options.seed
            for _ in 0..<jobs where next < last { next = add(next, last, &group) }
            while let result = try await group.next() {
                tally.add(result)
                if each { for report in result.reports { print(Tally.line(report)) } }
                if result.hasFailed, !keepGoing { next = last }
                if next < last { next = add(next, last, &group) }
            }
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        print(tally.text(seconds: seconds))
        if tally.hasFailed { throw ExitCode(1) }
    }

    /// Starts a batch. - Returns: the seed after it.
    private func add(
        _ first: UInt64, _ last: UInt64, _ group: inout ThrowingTaskGroup<BatchResult, any Error>
    ) -> UInt64 {
        let count = min(UInt64(batch), last - first)
        group.addTask { try await SeedBatch(options: options, first: first, count: Int(count)).run() }
        return first + count
    }
}
