public import ArgumentParser
public import StormTopology

/// A topology as a program: its arguments, and how it is put together from them.
///
/// ```swift
/// @main
/// struct WordCount: StormTopology {
///     @Argument var files: [String] = []
///
///     func build(_ topology: TopologyBuilder) throws {
///         topology.spout("lines") { FileLines(files) }
///         topology.bolt("count", parallelism: 4) { CountWords() }.fields("lines", "word")
///     }
/// }
/// ```
///
/// The program runs itself in one process (`WordCount local book.txt`), is submitted to a cluster
/// (`storm jar WordCount wc book.txt`), and is then its own worker. A worker builds the topology again from the stored
/// arguments, so `build` must depend on nothing but its arguments: the shapes are compared.
public protocol StormTopology: ParsableArguments, SendableMetatype {
    func build(_ topology: TopologyBuilder) throws
    /// The arguments to store with a submission; called on the submitting machine. The place to check that files exist
    /// and to make their paths absolute: a worker starts in another folder.
    func submissionArguments(_ arguments: [String]) throws -> [String]
}

extension StormTopology {
    public func submissionArguments(_ arguments: [String]) throws -> [String] { arguments }

    /// The program's entry point.
    public static func main() async {
        await ProgramEntry.run { try await TopologyProgram<Self>(Array(CommandLine.arguments.dropFirst())).run() }
    }

    /// How the program was called, without its folder.
    static var programName: String { ProgramEntry.name }
}
