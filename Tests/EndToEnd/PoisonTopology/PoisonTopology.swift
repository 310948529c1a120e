import ArgumentParser
import FoundationEssentials
import Storm

/// Numbers from one spout, two of which no attempt gets through while a file exists: `dead-letters.sh` looks at what
/// becomes of them.
@main
struct PoisonTopology: StormTopology {
    @Option(help: "Numbers to emit: 0 up to this.")
    var count = 1000

    @Option(help: "While this file exists, the numbers 7 and 8 fail.")
    var poison: String

    @Option(help: "File that gets a line for each number that was processed.")
    var output: String

    func build(_ topology: TopologyBuilder) throws {
        let (count, poison, output) = (count, poison, output)
        topology.spout("numbers") { Numbers(count) }
            .retry(.attempts(3, backoff: .exponential(from: .milliseconds(20), to: .seconds(1))))
        topology.bolt("work") { Work(poison: poison, output: output) }.shuffle("numbers")
    }
}

private struct Poison: Error, CustomStringConvertible {
    let description = "poison"
}

private final class Numbers: Spout {
    static let outputs: Outputs = ["number", "text"]
    private let count: Int
    private var next = 0

    init(_ count: Int) { self.count = count }

    func nextTuple(_ out: SpoutCollector) {
        guard next < count else { return }
        out.emit(id: .int(next), next, "number \(next)")
        next += 1
    }
}

private final class Work: Bolt {
    private let poison: String
    private let output: String
    private var file: FileAppender?

    init(poison: String, output: String) {
        self.poison = poison
        self.output = output
    }

    func prepare(_ context: TaskContext, _ out: Collector) throws { file = try FileAppender(output) }

    func execute(_ tuple: Tuple, _ out: Collector) throws {
        let number = tuple.int("number")
        if number == 7 || number == 8, FileManager.default.fileExists(atPath: poison) { throw Poison() }
        file?.write("\(number)\n")
        out.ack(tuple)
    }

    func cleanup() { file?.close() }
}
