import ArgumentParser
import StormConsole
import StormCore
import StormProcess

struct JarCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jar", abstract: "Submits a topology to the cluster.",
        usage: "storm jar [-c key=value] [--config file] [--wait [--timeout seconds]] [--json] <program> <name> "
            + "[<arguments> …]",
        discussion: """
            The program is the built topology, such as .build/release/WordCount. Everything after the name goes to the \
            program, but for -c and --config; those after -- go to the program too. With --wait it returns when all \
            workers run.
            """)

    @OptionGroup var options: ConfigOptions

    @OptionGroup var wait: WaitOptions

    @Flag(help: "Print JSON.")
    var json = false

    @Argument(help: "The built program of the topology.", completion: .file())
    var program: String

    @Argument(help: "The name under which the topology runs.")
    var name: String

    @Argument(parsing: .captureForPassthrough, help: "Arguments of the program.")
    var arguments: [String] = []

    func run() throws {
        try TopologyName.check(name)
        let passed = try PassedArguments(arguments)
        let config = try options.adding(passed).loadForPrompt()
        let invocation = ProgramInvocation.submit(
            executable: try ProgramFile.check(program), name: name, arguments: passed.program, config: config,
            wait: wait.request, isJSON: json)
        try invocation.exec(environment: ExecutableSearch.environment())
    }
}

struct LocalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "local", abstract: "Runs a topology in one process, without a cluster.",
        usage: "storm local [-c key=value] [--config file] <program> [<arguments> …]",
        discussion: "Everything after the program goes to the program, but for -c and --config; those after -- too.")

    @OptionGroup var options: ConfigOptions

    @Argument(help: "The built program of the topology.", completion: .file())
    var program: String

    @Argument(parsing: .captureForPassthrough, help: "Arguments of the program.")
    var arguments: [String] = []

    func run() throws {
        let passed = try PassedArguments(arguments)
        let config = try options.adding(passed).loadForPrompt()
        let invocation = ProgramInvocation.local(
            executable: try ProgramFile.check(program), arguments: passed.program, config: config)
        try invocation.exec(environment: ExecutableSearch.environment())
    }
}

extension ConfigOptions {
    /// With the options that stood among the program's arguments; they come later, so they win.
    func adding(_ passed: PassedArguments) -> ConfigOptions {
        var all = self
        all.file = passed.configFile ?? file
        all.settings = settings + passed.settings
        return all
    }
}
