import ArgumentParser

struct Table: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs the topologies that Apache Storm was measured with and prints a table with ratios (Markdown).",
        discussion: "Of several runs of a row the one with the median of tuples per CPU second is shown.")

    @Option(help: "Runs of each row.") var runs = 3
    @Option(help: "Length of the measured window of a run.") var seconds = 5.0
    @Option(help: "Seconds before it.") var warmup = 2.0
    @Option(help: "Threads for the executors of each process.") var loops: Int?

    func validate() throws {
        guard runs > 0, seconds > 0, warmup >= 0 else {
            throw ValidationError("--runs, --seconds and --warmup must be positive")
        }
    }

    func run() async throws {
        print(
            "| topology | acking | M tuples per CPU second | × Storm (goal) | M tuples/s | × Storm | latency p50, p99 | peak memory |"
        )
        print("|---|---|---|---|---|---|---|---|")
        for peer in Peer.all {
            var results: [RunResult] = []
            for _ in 0..<runs { results.append(try await Measurement.run(specification(peer))) }
            results.sort { $0.tuplesPerCPUSecond < $1.tuplesPerCPUSecond }
            print(Self.row(peer, results[results.count / 2]))
        }
    }

    private func specification(_ peer: Peer) -> RunSpecification {
        var run = RunSpecification(peer.shape)
        run.acking = peer.acking
        run.seconds = seconds
        run.warmupSeconds = warmup
        run.loops = loops
        return run
    }

    private static func row(_ peer: Peer, _ result: RunResult) -> String {
        let latency = result.latencyMicroseconds.map { "\(Int($0.p50)) µs, \(Int($0.p99)) µs" } ?? ""
        let cells = [
            peer.shape.rawValue, peer.acking ? "on" : "off", millions(result.tuplesPerCPUSecond),
            "\(one(result.tuplesPerCPUSecond / peer.stormTuplesPerCPUSecond)) (\(Int(peer.goal)))",
            millions(result.tuplesPerSecond), one(result.tuplesPerSecond / peer.stormTuplesPerCPUSecond), latency,
            result.peakResidentBytes.map { "\($0 >> 20) MiB" }.joined(separator: " + "),
        ]
        return "| " + cells.joined(separator: " | ") + " |"
    }

    private static func millions(_ value: Double) -> String { one(value / 1e6) }
    private static func one(_ value: Double) -> String { String(((value * 10).rounded()) / 10) }
}
