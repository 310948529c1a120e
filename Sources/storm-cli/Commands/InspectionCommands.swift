import ArgumentParser
import StormConsole
import StormCore
import StormThrift

/// What `audit` and `why` have in common.
struct SurveyOptions: ParsableArguments {
    @Argument(help: "Name of the topology.", completion: .topologies)
    var name: String

    @Flag(name: .customLong("json"), help: "Print one JSON object.")
    var isJSON = false

    @Option(name: .customLong("timeout"), help: "Seconds in which every worker must have answered.")
    var timeoutSeconds = 10

    func validate() throws {
        guard (1...3600).contains(timeoutSeconds) else {
            throw ValidationError("--timeout \(timeoutSeconds): 1 to 3600 seconds")
        }
    }

    /// Carries out `command` with the leading nimbus, then ends with the status that it asks for.
    /// - Parameter unknown: the exit status when nimbus cannot say anything of a topology that is there.
    func run(
        _ config: Config, unknown: Int32, _ command: @Sendable (InspectCommands) async throws -> CommandFailure?
    ) async throws {
        let failure: CommandFailure?
        do {
            failure = try await NimbusAccess.withLeader(config) { nimbus in
                let surveyor = Surveyor(nimbus: nimbus, limit: .seconds(timeoutSeconds))
                return try await command(InspectCommands(nimbus: nimbus, surveyor: surveyor, say: say))
            }
        } catch let failure as CommandFailure where failure.exitCode == CommandExit.notDone.rawValue {
            if UnknownTopology.isMeant(by: failure, name: name) { throw failure }
            throw CommandFailure(failure.message, exitCode: unknown)
        }
        if let failure { throw failure }
    }
}

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Shows the ledger of a running topology: emitted = acked + failed + in flight.",
        discussion: """
            Exit status: 0 when it balances, 1 when it does not or there is no such topology, 3 when that cannot be told \
            because a worker, a spout task or nimbus does not answer (standard error says which).
            """)

    @OptionGroup var survey: SurveyOptions
    @OptionGroup var options: ConfigOptions

    func run() async throws {
        let (name, isJSON) = (survey.name, survey.isJSON)
        try await survey.run(try options.loadForPrompt(), unknown: CommandExit.unreachable.rawValue) {
            try await $0.audit(name, isJSON: isJSON)
        }
    }
}

struct WhyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why", abstract: "Shows why messages of a running topology failed: causes, counts, examples.",
        discussion: """
            Exit status: 0, 1 when there is no such topology, 3 when a worker, a spout task or nimbus does not answer.
            """)

    @OptionGroup var survey: SurveyOptions
    @OptionGroup var options: ConfigOptions

    func run() async throws {
        let (name, isJSON) = (survey.name, survey.isJSON)
        try await survey.run(try options.loadForPrompt(), unknown: CommandExit.notDone.rawValue) {
            try await $0.why(name, isJSON: isJSON)
        }
    }
}

struct ErrorsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "errors",
        abstract: "Shows the newest errors of each component, and under __system why workers ended.")

    @Argument(help: "Name of the topology.", completion: .topologies)
    var name: String

    @Option(name: .customShort("n"), help: "Errors of each component; ten are kept.")
    var newest = 3

    @Flag(name: .customLong("json"), help: "Print one JSON object.")
    var isJSON = false

    @OptionGroup var options: ConfigOptions

    func validate() throws {
        guard newest > 0 else { throw ValidationError("-n \(newest): must be more than 0") }
    }

    func run() async throws {
        let (name, newest, isJSON) = (name, newest, isJSON)
        try await NimbusAccess.withLeader(try options.loadForPrompt()) { nimbus in
            let commands = InspectCommands(
                nimbus: nimbus, surveyor: Surveyor(nimbus: nimbus, limit: .zero), say: say)
            try await commands.errors(name, newest: newest, isJSON: isJSON)
        }
    }
}

struct GetErrorsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get-errors", abstract: "Prints the newest error of each component as Storm's JSON object.")

    @Argument(help: "Name of the topology.", completion: .topologies)
    var name: String

    @Flag(name: .customLong("json"), help: "For uniformity: its output is always JSON.")
    var isJSON = false

    @OptionGroup var options: ConfigOptions

    func run() async throws {
        let name = name
        try await NimbusAccess.withLeader(try options.loadForPrompt()) { nimbus in
            let commands = InspectCommands(
                nimbus: nimbus, surveyor: Surveyor(nimbus: nimbus, limit: .zero), say: say)
            try await commands.stormErrors(name)
        }
    }
}
