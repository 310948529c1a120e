import ArgumentParser
import FoundationEssentials
import Storm

/// Numbers from one spout, some of which no attempt gets through while a file exists: `dead-letters.sh` looks at what
/// becomes of them, and at the causes.
@main
struct PoisonTopology: StormTopology {
    @Option(help: "Numbers to emit: 0 up to this.")
    var count = 1000

    @Option(help: "While this file exists, the numbers 7 and 8 fail: the bolt 'work' throws.")
    var poison: String

    @Flag(help: "So do 9, which the bolt 'end' fails, and 10, to which it says nothing.")
    var inAllWays = false

    @Option(help: "File that gets a line for each number that was processed.")
    var output: String

    func build(_ topology: TopologyBuilder) throws {
        let (count, poison, inAllWays, output) = (count, poison, inAllWays, output)
        topology.spout("numbers") { Numbers(count) }
            .retry(.attempts(3, backoff: .exponential(from: .milliseconds(20), to: .seconds(1))))
        topology.bolt("work") { Work(poison: poison, inAllWays: inAllWays, output: output) }.shuffle("numbers")
        topology.bolt("end") { End() }.shuffle("work")
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

/// Passes on nothing but the numbers that are for `End`.
private final class Work: Bolt {
    static let outputs: Outputs = ["number"]
    private let poison: String
    private let inAllWays: Bool
    private let output: String
    private var file: FileAppender?

    init(poison: String, inAllWays: Bool, output: String) {
        self.poison = poison
        self.inAllWays = inAllWays
        self.output = output
    }

    func prepare(_ context: TaskContext, _ out: Collector) throws { file = try FileAppender(output) }

    func execute(_ tuple: Tuple, _ out: Collector) throws {
        let number = tuple.int("number")
        if (7...10).contains(number), FileManager.default.fileExists(atPath: poison) {
            if number < 9 { throw Poison() }
            if inAllWays {
                out.emit(anchor: tuple, number)
                return out.ack(tuple)
            }
        }
        file?.write("\(number)\n")
        out.ack(tuple)
    }

    func cleanup() { file?.close() }
}

private final class End: Bolt {
    func execute(_ tuple: Tuple, _ out: Collector) {
        if tuple.int("number") == 9 { out.fail(tuple) }
    }
}
