import StormSimulation

/// All results so far.
struct Tally {
    private var seeds = 0
    private var simulatedSeconds = 0.0
    private var messages = 0
    private var emits = 0
    private var faults: [String: Int] = [:]
    private var failures: [String: Int] = [:]
    private var kills = 0
    private var expirations = 0
    private var cuts = 0
    private var corrupted = 0
    private var tricks: [String: Int] = [:]
    private var deadLetters = 0
    private var failed: [SeedReport] = []
    private var crashes: [(seed: UInt64, text: String)] = []

    private(set) var hasFailed = false

    mutating func add(_ result: BatchResult) {
        hasFailed = hasFailed || result.hasFailed
        for report in result.reports {
            seeds += 1
            simulatedSeconds += report.simulatedSeconds
            messages += report.messages
            emits += report.emits
            kills += report.kills
            expirations += report.expirations
            cuts += report.cuts
            corrupted += report.corrupted
            tricks.merge(report.tricks, uniquingKeysWith: +)
            deadLetters += report.deadLetters
            faults.merge(report.faults, uniquingKeysWith: +)
            failures.merge(report.failures, uniquingKeysWith: +)
            if report.violation != nil { failed.append(report) }
        }
        if let crash = result.crash { crashes.append(crash) }
    }

    static func line(_ report: SeedReport) -> String {
        "seed \(report.seed): \(report.violation ?? "held"), \(Int(report.simulatedSeconds)) simulated s, "
            + "\(report.turns) turns, \(report.emits) emits of \(report.messages) messages, trace "
            + String(report.traceHash, radix: 16)
    }

    func text(seconds: Double) -> String {
        var lines: [String] = []
        for crash in crashes { lines.append("seed \(crash.seed) FAILED: \(crash.text)") }
        for report in failed {
            lines += report.trace ?? []
            lines.append("seed \(report.seed) FAILED: \(report.violation ?? "")")
        }
        let rate = seconds > 0 ? Double(seeds) / seconds : 0
        lines.append(
            "\(seeds) seeds, \(failed.count + crashes.count) failed, \(Self.tenths(rate)) seeds/s, "
                + "\(Int(simulatedSeconds)) simulated s, \(emits) emits of \(messages) messages")
        lines.append("faults: \(Self.list(faults))")
        lines.append(
            "topologies killed: \(kills), sessions ended: \(expirations), connections cut: \(cuts), "
                + "corrupted: \(corrupted), "
                + "frames: \(Self.list(tricks)), dead letters: \(deadLetters), "
                + "failed trees: \(Self.list(failures))")
        return lines.joined(separator: "\n")
    }

    private static func tenths(_ number: Double) -> String { "\(Int(number * 10) / 10).\(Int(number * 10) % 10)" }

    private static func list(_ counts: [String: Int]) -> String {
        counts.isEmpty
            ? "none" : counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }
}
