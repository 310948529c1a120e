import ArgumentParser
import StormConsole
import StormCore
import StormProcess

struct JarCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jar", abstract: "Submits a topology to the cluster.",
        usage: "storm jar [-c key=value] [--config file] [--wait [--timeout seconds]] [--json] <program> <name> "
            + "[<arguments> …]",
        discussion: """
            The program is the built topology, such as .build/release/WordCount. Everything after the name goes to the \
            program, but for -c and --config; those after -- go to the program too. With --wait it returns when all \
            workers run.

            A jar or zip file is read as Storm's Python clients mean it: storm jar X.jar storm.petrel.GenericTopology NAME \
            submits what petrel has packed, without NAME it runs here; storm jar X.jar org.apache.storm.flux.Flux FILE is \
            storm flux FILE with X.jar for the components' files.
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

    func run() async throws {
        let passed = try PassedArguments(arguments)
        if ArchiveCall.isArchive(program) {
            let call = ArchiveCall(
                path: program, name: name, arguments: passed.program,
                config: try options.adding(passed).loadForPrompt(),
                submit: SubmitCall(name: name, wait: wait.request, isJSON: json))
            return try await call.run()
        }
        let config = try options.adding(passed).loadForPrompt()
        if name == FluxArchive.className {
            let flux = ProgramInvocation.flux(
                executable: try ProgramFile.check(program), arguments: passed.program, config: config)
            try flux.exec(environment: ExecutableSearch.environment())
        }
        // The file first: where it is no archive after all, the name is that of its class.
        let executable = try ProgramFile.check(program)
        try TopologyName.check(name)
        let invocation = ProgramInvocation.submit(
            executable: executable, name: name, arguments: passed.program, config: config,
            wait: wait.request, isJSON: json)
        try invocation.exec(environment: ExecutableSearch.environment())
    }
}

struct LocalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "local", abstract: "Runs a topology in one process, without a cluster.",
        usage: "storm local [-c key=value] [--config file] [--local-ttl seconds] <program> [<arguments> …]",
        discussion: """
            Everything after the program goes to the program, but for -c and --config; those after -- too. It ends after 20 \
            seconds, as Storm's; --local-ttl 0, or PROGRAM local ARGUMENTS, has no limit.

            As with storm jar: storm local X.jar storm.petrel.GenericTopology runs what petrel has packed, and \
            storm local X.jar org.apache.storm.flux.Flux FILE is storm flux --local FILE with X.jar for the components' \
            files; it runs for its --sleep unless --local-ttl is given.
            """)

    @OptionGroup var options: ConfigOptions

    @Option(
        name: .customLong("local-ttl"),
        help: ArgumentHelp(
            "The longest it runs, 20 unless given; 0: until it has finished or is interrupted.", valueName: "seconds"))
    var limitSeconds: Int?

    @Argument(help: "The built program of the topology.", completion: .file())
    var program: String

    @Argument(parsing: .captureForPassthrough, help: "Arguments of the program.")
    var arguments: [String] = []

    func validate() throws {
        guard (0...Self.limitSecondsMax).contains(limitSeconds ?? 0) else {
            throw ValidationError("--local-ttl \(limitSeconds ?? 0): 0 to \(Self.limitSecondsMax) seconds")
        }
    }

    /// A year: longer is for ever, which is 0.
    private static let limitSecondsMax = 31_536_000
    /// Storm's.
    private static let usualLimitSeconds = 20

    func run() async throws {
        let passed = try PassedArguments(arguments)
        let config = try options.adding(passed).loadForPrompt()
        let (name, rest) = (passed.program.first ?? "", Array(passed.program.dropFirst()))
        if ArchiveCall.isArchive(program) {
            // Petrel's class runs here when it gets no name, which `storm local` may give all the same.
            let call = ArchiveCall(
                path: program, name: name, arguments: name == FluxArchive.className ? flux(rest) : [], config: config,
                submit: SubmitCall(name: name, wait: nil, isJSON: false))
            return try await call.run()
        }
        let executable = try ProgramFile.check(program)
        let limit = limitSeconds ?? Self.usualLimitSeconds
        let invocation =
            name == FluxArchive.className
            ? ProgramInvocation.flux(executable: executable, arguments: flux(rest), config: config)
            : ProgramInvocation.local(
                executable: executable, arguments: passed.program, config: config,
                call: LocalCall(limitSeconds: limit == 0 ? nil : limit))
        try invocation.exec(environment: ExecutableSearch.environment())
    }

    /// What `storm flux` takes, for a run here.
    private func flux(_ arguments: [String]) -> [String] {
        let isLocal = arguments.contains("--local") || arguments.contains("-l")
        return (isLocal ? [] : ["--local"]) + (limitSeconds.map { ["--sleep", "\($0 * 1000)"] } ?? []) + arguments
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
