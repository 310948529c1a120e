import ArgumentParser
import Storm

/// Shows how tuples find their way: several streams of one bolt, and shuffle, direct, custom and global groupings.
///
/// ```
/// StreamRouting local --once --output totals.txt /var/log/dpkg.log
/// ```
///
/// ```
///                      ┌─blank────────────────────────▶ blanks ──┐
///  lines ─▶ classify ──┼─short, shuffled──────────────▶ shorts ──┼──▶ totals ──▶ FILE
///    │                 ├─long, by its first letter────▶ longs ───┤      ▲
///    │                 └─numbered, to the task chosen─▶ numbers ─┘      │
///    └─────────────────────────done──────────────────────────────────────┘
/// ```
///
/// Each line goes one of four ways; the totals of the ways must add up to the number of lines, whatever crashed meanwhile:
/// `totals` knows each line by its number, and if one is missing at the end, the text is read again.
@main
struct StreamRouting: StormTopology {
    @Option(help: "Where the totals go, as 'stream<TAB>lines' lines. Without it they are printed.")
    var output: String?

    @Flag(help: "Stop at the end of the text. Without it the text is read again and again.")
    var once = false

    @Argument(help: "Text files (default: the files in /usr/share/common-licenses).")
    var files: [String] = []

    func build(_ topology: TopologyBuilder) throws {
        let files = try TextFiles.resolve(files)
        let (output, once) = (output, once)
        topology.spout("lines") { Lines(files: files, once: once) }
        topology.bolt("classify", parallelism: 2) { Classify() }.shuffle("lines")
        topology.bolt("blanks") { Handle("blank") }.localOrShuffle("classify", stream: "blank")
        topology.bolt("shorts", parallelism: 2) { Handle("short") }.shuffle("classify", stream: "short")
        topology.bolt("longs", parallelism: 2) { Handle("long") }
            .custom("classify", stream: "long") { ByFirstByte() }
        topology.bolt("numbers", parallelism: 2) { Handle("numbered") }.direct("classify", stream: "numbered")
        topology.bolt("totals") { Totals(output: output) }
            .global("blanks").global("shorts").global("longs").global("numbers")
            .global("lines", stream: "done")
        topology.set("topology.max.spout.pending", 5000)
    }

    func submissionArguments(_ arguments: [String]) throws -> [String] {
        (output.map { ["--output", TextFiles.absolute($0)] } ?? []) + (once ? ["--once"] : [])
            + (try TextFiles.resolve(files).map(TextFiles.absolute))
    }
}
