import ArgumentParser

struct Micro: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures the pieces of the tuple path, one thread each (hand-over: two).")

    @Argument(help: "Only these: encode, route, decode, hand-over, ack, pending.") var names: [String] = []
    @Option(help: "Operations per round.") var operations = 5_000_000
    @Option(help: "Rounds; the fastest counts.") var rounds = 5

    func validate() throws {
        let known = MicroBenchmark.all.map(\.name)
        for name in names where !known.contains(name) {
            throw ValidationError("no micro-benchmark '\(name)'; there are: \(known.joined(separator: ", "))")
        }
        guard operations > 0, rounds > 0 else { throw ValidationError("--operations and --rounds must be positive") }
    }

    func run() throws {
        let chosen = MicroBenchmark.all.filter { names.isEmpty || names.contains($0.name) }
        try Output.print(chosen.map { try $0.run(operations: operations, rounds: rounds) })
    }
}
