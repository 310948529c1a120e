import ArgumentParser
import Storm

/// Counts the words of a text file, exactly; Python splits the lines, Swift does the rest.
///
/// ```
/// PythonWordCount local --output counts.tsv book.txt              # in this process, until all is counted
/// storm jar PythonWordCount pwc --output /shared/counts.tsv book.txt
/// ```
///
/// The script is part of the program, so that it is wherever a worker is; a machine needs nothing but `python3`. A Python process
/// may be killed at any time: its lines fail, are emitted again, and a word that comes a second time is known by its place.
@main
struct PythonWordCount: StormTopology {
    @Option(help: "Where the counts go: 'word<TAB>count' lines, in no order; written anew each second.")
    var output: String

    @Option(help: "Python processes.")
    var splitters = 2

    @Option(help: "A Python that has the package storm-swift, to split with its classes; else plain python3 does.")
    var package: String?

    @Argument(help: "A text file in UTF-8; words are what is between white space.")
    var file: String

    func validate() throws {
        if splitters < 1 { throw ValidationError("--splitters is \(splitters); it must be at least 1") }
    }

    func build(_ topology: TopologyBuilder) throws {
        let (file, output) = (file, output)
        let script = String(
            decoding: package == nil ? PackageResources.split_py : PackageResources.split_with_package_py,
            as: UTF8.self)
        let python = package ?? "python3"
        topology.spout("lines") { Lines(file) }.maxPending(1000)
        topology.bolt("split", parallelism: splitters) {
            ShellBolt(python, "-c", script, outputs: ["word", "line", "place"])
        }.shuffle("lines")
        topology.bolt("count") { CountOnce(output) }.fields("split", "word").tick(everySeconds: 1)
    }

    /// Names the files so that a worker in another folder finds them.
    func submissionArguments(_ arguments: [String]) throws -> [String] {
        ["--output", Text.absolute(output), "--splitters", "\(splitters)"]
            + (package.map { ["--package", Text.absolute($0)] } ?? []) + [Text.absolute(file)]
    }
}
