import FoundationEssentials
import Glibc
import StormProcess
import StormSimulation

/// What came of a child process.
struct BatchResult: Sendable {
    var reports: [SeedReport] = []
    /// The child ended in the middle of this seed, and how.
    var crash: (seed: UInt64, text: String)?

    /// A rule was broken, as the child says; with `--trace` that is all that is known here.
    var isViolated = false

    var hasFailed: Bool { crash != nil || isViolated }
}

/// Some seeds in a child process of their own, in which hashing is the same every time.
struct SeedBatch: Sendable {
    private struct Beginning: Codable {
        let begins: UInt64
    }

    let options: SimulationOptions
    let first: UInt64
    let count: Int
    private static let outputBytesMax = 8 << 20

    init(options: SimulationOptions, first: UInt64, count: Int) {
        self.options = options
        self.first = first
        self.count = count
    }

    func run() async throws -> BatchResult {
        var environment = ExecutableSearch.environment()
        environment["SWIFT_DETERMINISTIC_HASHING"] = "1"
        var specification = ProcessSpecification(
            executable: "/proc/self/exe", arguments: ["work"] + options.arguments(seed: first, seeds: count),
            environment: environment)
        specification.standardOutput = options.trace ? .inherit : .capture(lastBytesMax: Self.outputBytesMax)
        specification.standardError = .capture(lastBytesMax: 16 << 10)
        specification.whenParentEnds = .killed
        let child = try await ChildProcess.spawn(specification)
        let exit = try await child.waitForExit()
        return result(child, exit)
    }

    private func result(_ child: ProcessHandle, _ exit: ProcessExit) -> BatchResult {
        var result = BatchResult()
        var begun: UInt64?
        for line in child.capturedOutput.lines {
            let data = Data(line.utf8)
            // Each line is one or the other, or what a simulated program printed.
            if let report = try? JSONDecoder().decode(SeedReport.self, from: data) {
                result.reports.append(report)
                begun = nil
                // The other kind, or nothing of ours.
            } else if let beginning = try? JSONDecoder().decode(Beginning.self, from: data) {
                begun = beginning.begins
            }
        }
        result.isViolated = exit == .exited(code: WorkSeeds.violatedCode)
        WorkFolder.remove(pid: child.pid)
        if !exit.isSuccess, !result.isViolated {
            let errors = child.capturedErrors.lines.suffix(20).joined(separator: "\n")
            result.crash = (begun ?? first, "the simulation itself ended: \(exit)\n\(errors)")
        }
        return result
    }
}
