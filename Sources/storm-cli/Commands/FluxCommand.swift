import ArgumentParser
import Storm
import StormConsole
import StormFlux
import StormProcess

struct FluxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "flux", abstract: "Submits a topology that is written in YAML.",
        discussion: """
            The file is one of Storm's Flux: spouts, bolts and the streams between them. Shell components run as they are; \
            Swift components need the program in which they are registered (--program). The folder of the resources goes to \
            the cluster, and shell components start in it.
            """)

    @OptionGroup var options: ConfigOptions

    @OptionGroup var flux: FluxOptions

    @Option(
        help: ArgumentHelp("The program with the Swift components, a FluxProgram; it is submitted.", valueName: "file"),
        completion: .file())
    var program: String?

    func run() async throws {
        let config = try options.loadForPrompt()
        guard let program else {
            return try await FluxRunner(flux, .folder, ClientConfiguration(config)).run()
        }
        let invocation = ProgramInvocation.flux(
            executable: try ProgramFile.check(program), arguments: flux.arguments, config: config)
        try invocation.exec(environment: ExecutableSearch.environment())
    }
}
