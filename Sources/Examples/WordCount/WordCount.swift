import ArgumentParser
import Storm

/// Counts the words of text files, exactly: a word is a run of ASCII letters, in lower case.
///
/// ```
/// WordCount local --once --output counts.txt book.txt       # in this process, until all is counted
/// storm jar WordCount wc --output /shared/counts.txt book.txt   # on a cluster; live totals in counts.txt.live
/// ```
///
/// Storm delivers each line at least once. That makes exact counts out of it: `lines` emits a line again until all its
/// words were acked, `count` acks a word only when it is in a file that survives a crash, and knows a word that it gets
/// a second time by its place in the text. The state lies beside the output (`StateFolder`), so on several machines
/// both belong on a shared file system.
///
/// ```
///  lines ──line──▶ split ──word, by word──▶ count ──totals──▶ report ──▶ FILE
///    └────────── progress, done: to all ──────┘
/// ```
@main
struct WordCount: StormTopology {
    @Option(help: "Where the counts go: 'word<TAB>count' lines, sorted by bytes. Without it they are printed.")
    var output: String?

    @Flag(help: "Stop at the end of the text. Without it the text starts over, and live totals go to FILE.live.")
    var once = false

    @Option(help: "Tasks that read; the files are divided among them.")
    var spouts = 1

    @Option(help: "Tasks that split lines into words.")
    var splitters = 2

    @Option(help: "Tasks that count; the words are divided among them.")
    var counters = 2

    @Argument(help: "Text files, in any encoding that contains ASCII.")
    var files: [String]

    func validate() throws {
        for (name, value) in [("spouts", spouts), ("splitters", splitters), ("counters", counters)] where value < 1 {
            throw ValidationError("--\(name) is \(value); it must be at least 1")
        }
    }

    func build(_ topology: TopologyBuilder) throws {
        let (files, output, once) = (files, output, once)
        topology.spout("lines", parallelism: spouts) { LineSpout(files: files, output: output, once: once) }
        topology.bolt("split", parallelism: splitters) { Split() }.shuffle("lines")
        topology.bolt("count", parallelism: counters) { CountWords(output: output, once: once) }
            .fields("split", "word")
            .all("lines", stream: "progress")
            .all("lines", stream: "done")
            .tick(everySeconds: 1)
        topology.bolt("report") { Report(output: output, once: once) }
            .global("count", stream: "totals")
            .global("count", stream: "live")
            .tick(everySeconds: 1)
        topology.set("topology.max.spout.pending", 20_000)
        // Counters hold words for a second at most, so this is ample; what a killed worker had confirmed but not acked is
        // found by it.
        topology.set("topology.message.timeout.secs", 10)
    }

    /// Checks the files where they are named, and names them so that a worker in another folder finds them.
    func submissionArguments(_ arguments: [String]) throws -> [String] {
        guard let output else {
            throw ValidationError("on a cluster say where the counts go: --output FILE")
        }
        for file in files { try LineReader.check(file) }
        return ["--output", TextFile.absolute(output)] + (once ? ["--once"] : [])
            + ["--spouts", "\(spouts)", "--splitters", "\(splitters)", "--counters", "\(counters)"]
            + files.map(TextFile.absolute)
    }
}
