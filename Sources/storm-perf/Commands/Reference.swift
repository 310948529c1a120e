import ArgumentParser

/// What the topologies are compared with: the same work without a topology.
struct Reference: ParsableCommand {
    enum Kind: String, ExpressibleByArgument, CaseIterable {
        /// Sentences split and counted by a loop in one thread.
        case wordCountLoop = "word-count-loop"
        /// Bytes written to a loopback connection and read by another thread.
        case rawTCP = "raw-tcp"
    }

    static let configuration = CommandConfiguration(
        abstract: "Measures what a topology can be compared with: a hand-written loop, a bare TCP connection.")

    @Argument(help: "word-count-loop or raw-tcp.") var kind: Kind
    @Option(help: "Length of the run.") var seconds = 5.0

    func run() throws {
        guard seconds > 0, seconds.isFinite else { throw ValidationError("--seconds must be positive") }
        switch kind {
        case .wordCountLoop: try Output.print(WordCountLoop.run(seconds: seconds))
        case .rawTCP: try Output.print(RawTCP.run(seconds: seconds))
        }
    }
}
