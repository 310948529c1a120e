import ArgumentParser
import StormConsole
import StormDaemon
public import StormFlux

/// A program with Swift components for YAML topologies.
///
/// ```swift
/// @main
/// struct MyComponents: FluxProgram {
///     static let components = FluxComponents {
///         $0.spout("sentences") { args in Sentences(path: try args.string(0)) }
///         $0.bolt("count") { args in CountWords(limit: try args.int("limit", default: 100)) }
///     }
/// }
/// ```
///
/// `MyComponents flux topology.yaml`, or `storm flux --program MyComponents topology.yaml`, submits the program with the
/// topology inside; `--local` runs it in this process and `--dry-run` only checks it. In the file a component's `className` is
/// the name under which it is registered; shell components work as well.
public protocol FluxProgram: SendableMetatype {
    static var components: FluxComponents { get }
}

extension FluxProgram {
    /// The program's entry point.
    public static func main() async {
        await ProgramEntry.run { try await call(Array(CommandLine.arguments.dropFirst())) }
    }

    private static func call(_ arguments: [String]) async throws {
        let rest = Array(arguments.dropFirst())
        let asksForHelp = rest.contains("--help") || rest.contains("-h")
        switch arguments.first ?? "" {
        case "flux" where !asksForHelp:
            let passed = try PassedArguments(rest)
            let options = try FluxRunner.options(passed.program)
            try await FluxRunner(options, .program(components), ClientConfiguration.read(passed)).run()
        case "worker":
            guard rest.count == 2, rest[0] == "--manifest" else {
                throw CommandFailure.usage("worker: this is how a supervisor starts it: worker --manifest FILE")
            }
            try await WorkerCommand<SubmittedFlux<Self>>(manifestPath: rest[1]).run()
        case "flux", "help", "--help", "-h":
            DescriptorSink(descriptor: 1).write(help)
        case let other:
            throw CommandFailure.usage(
                other.isEmpty ? "say what to do: flux or help" : "there is no command '\(other)': say flux or help")
        }
    }

    private static var help: String {
        """
        \(ProgramEntry.name) flux [OPTIONS] [-c key=value]... [--config FILE] FILE
            submits the YAML topology, or runs it here with --local, or checks it with --dry-run

        \(FluxOptions.helpMessage())

        """
    }
}
