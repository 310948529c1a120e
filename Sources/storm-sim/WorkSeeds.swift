import ArgumentParser
import FoundationEssentials
import Glibc
import Logging
import StormSimulation

/// Runs seeds in this process: what `run` starts as a child, since a simulated crash leaves memory behind.
struct WorkSeeds: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "work", abstract: "Runs seeds in this process, one JSON line for each.", shouldDisplay: false)

    /// Exit code when a rule was broken.
    static let violatedCode: Int32 = 3

    @OptionGroup var options: SimulationOptions

    func run() throws {
        // What the cluster says of its files must be the same in every run: their names are relative.
        try WorkFolder.enter()
        defer { WorkFolder.remove(pid: getpid()) }
        var settings = Simulation.Options(folder: "disks")
        settings.faults = Set(options.chosen)
        settings.steps = options.steps
        settings.plant = options.plant
        if options.turns { settings.onTurn = { Self.write($0 + "\n") } }
        if options.trace { settings.onLine = { Self.write($0 + "\n") } }
        settings.logLevel = options.log.flatMap(Logger.Level.init(rawValue:))
        let simulation = Simulation(settings, thread: LibraryThread())
        var isViolated = false
        for seed in options.seed..<(options.seed + UInt64(options.seeds)) {
            Self.write("{\"begins\":\(seed)}\n")
            let report = simulation.run(seed: seed)
            isViolated = isViolated || report.violation != nil
            Self.write(String(decoding: try JSONEncoder().encode(report), as: UTF8.self) + "\n")
        }
        WorkFolder.remove(pid: getpid())
        // Suspended tasks of simulated processes are left as they are.
        Glibc.exit(isViolated ? Self.violatedCode : 0)
    }

    private static func write(_ text: String) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            // Nobody reads any more: the parent is gone.
            guard count > 0 || errno == EINTR else { Glibc.exit(1) }
            bytes = bytes.dropFirst(max(0, count))
        }
    }
}
