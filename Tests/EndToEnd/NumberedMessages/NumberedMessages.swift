import ArgumentParser
import Storm

/// Numbered messages at a steady pace, with a book kept of each: what an operator's planned work is checked with.
///
/// ```
///  numbers ──number──▶ pass ──number──▶ sink
/// ```
///
/// Every task keeps its book in a file of `--books`: `numbers-N` how many messages it has emitted, acked, failed and
/// replayed, and how long its pauses were; `sink-N` how many arrived, and their sum. The tasks go on with their books
/// after a restart, on whatever machine of one file system. After an orderly end (`storm kill`) the books are exact: with
/// no message failed or replayed, all sinks together have got exactly what all spouts have emitted.
@main
struct NumberedMessages: StormTopology {
    @Option(help: "Folder for the books; made when missing.")
    var books: String

    @Option(help: "Messages per second, over all spout tasks.")
    var rate = 5_000

    @Option(help: "Tasks that emit.")
    var spouts = 2

    @Option(help: "Tasks of each bolt.")
    var tasks = 4

    @Option(help: "Executors of each bolt at the start.")
    var executors = 2

    func validate() throws {
        for (name, value) in [("rate", rate), ("spouts", spouts), ("tasks", tasks), ("executors", executors)]
        where value < 1 {
            throw ValidationError("--\(name) is \(value); it must be at least 1")
        }
    }

    func build(_ topology: TopologyBuilder) throws {
        let (books, rate) = (books, Double(rate) / Double(spouts))
        topology.spout("numbers", parallelism: spouts) { NumberSpout(books: books, rate: rate) }
        topology.bolt("pass", parallelism: executors) { PassNumber() }.tasks(tasks).shuffle("numbers")
        topology.bolt("sink", parallelism: executors) { NumberSink(books: books) }.tasks(tasks).fields("pass", "number")
        topology.set("topology.max.spout.pending", 10_000)
    }

    func submissionArguments(_ arguments: [String]) throws -> [String] {
        [
            "--books", try Book.folder(books), "--rate", "\(rate)", "--spouts", "\(spouts)", "--tasks", "\(tasks)",
            "--executors", "\(executors)",
        ]
    }
}

/// Hands each number on.
final class PassNumber: BasicBolt {
    static let outputs: Outputs = ["number"]

    func execute(_ tuple: Tuple, _ out: BasicCollector) { out.emit(tuple.int(0)) }
}
