import ArgumentParser
package import StormConsole
package import StormCore
import StormDaemon
import StormProcess
import StormTopology

/// The commands of a topology's program.
struct TopologyProgram<T: StormTopology> {
    private let command: String
    private let rest: [String]

    init(_ arguments: [String]) {
        command = arguments.first ?? ""
        rest = Array(arguments.dropFirst())
    }

    func run() async throws {
        switch command {
        case "local":
            var others: [String] = []
            let local = try LocalCall(rest, rest: &others)
            try await LocalCommand(try TopologyCall<T>(others)).run(name: T.programName, limit: local.limit)
        case "submit":
            var others: [String] = []
            let submit = try SubmitCall(rest, rest: &others)
            try await SubmitCommand(try TopologyCall<T>(others)).run(submit)
        case "worker":
            guard rest.count == 2, rest[0] == "--manifest" else {
                throw CommandFailure.usage("worker: this is how a supervisor starts it: worker --manifest FILE")
            }
            try await WorkerCommand<T>(manifestPath: rest[1]).run()
        case "help", "--help", "-h":
            DescriptorSink(descriptor: 1).write(help)
        default:
            throw CommandFailure.usage(
                command.isEmpty
                    ? "say what to do: local, submit or help"
                    : "there is no command '\(command)': say local, submit or help")
        }
    }

    private var help: String {
        """
        \(T.programName) local [--local-ttl SECONDS] [-c key=value]... [--config FILE] [--] ARGUMENTS
                                                     runs the topology in this process
        \(T.programName) submit --name NAME [--wait [--timeout SECONDS]] [--json] [-c key=value]... [--config FILE]
            [--] ARGUMENTS                           submits it; the same as: storm jar \(T.programName) NAME ARGUMENTS

        Arguments of the topology:
        \(T.helpMessage())

        """
    }
}

/// What was asked of the program: its configuration, and the topology with its arguments.
struct TopologyCall<T: StormTopology> {
    /// The client's configuration, with what the topology itself sets below the command line.
    let config: Config
    /// What belongs to the topology, for a submission.
    let topologySettings: [String: ConfigValue]
    let program: T
    let arguments: [String]
    let topology: Topology

    /// - Throws: `CommandFailure` for arguments or configuration that cannot be understood; an invalid topology.
    init(_ commandLine: [String]) throws {
        let passed = try PassedArguments(commandLine)
        let client = try ClientConfiguration.read(passed)
        arguments = passed.program
        program = try Self.parse(arguments)
        let builder = TopologyBuilder()
        try program.build(builder)
        topology = try builder.build()
        (config, topologySettings) = try client.over(
            ConfigLayer(topology.configuration, from: .program("the topology's build")))
    }

    static func parse(_ arguments: [String]) throws -> T {
        do {
            return try T.parse(arguments)
        } catch {
            if T.exitCode(for: error).isSuccess { throw error }
            throw CommandFailure.usage(T.message(for: error))
        }
    }
}

/// Files, environment and options, or what `storm` has read of them already.
package struct ClientConfiguration: Sendable {
    var cluster: ConfigLayer
    /// What wins over the topology's own settings: `-c`.
    var topology: ConfigLayer

    init(cluster: ConfigLayer, topology: ConfigLayer) {
        self.cluster = cluster
        self.topology = topology
    }

    /// What a command has read.
    package init(_ config: Config) {
        let isStrong: (ConfigSetting) -> Bool = { setting in
            if case .commandLine = setting.origin { return true }
            return false
        }
        cluster = ConfigLayer(config.layer.settings.filter { !isStrong($0) })
        topology = ConfigLayer(config.layer.settings.filter(isStrong))
    }

    /// With the settings of a topology, below the command line's.
    /// - Returns: everything, and what belongs to the topology.
    /// - Throws: `CommandFailure` with all faults.
    package func over(_ own: ConfigLayer) throws(CommandFailure) -> (Config, [String: ConfigValue]) {
        do throws(ConfigFaults) {
            let all = try Config.resolve([cluster, own, topology])
            let below = cluster.settings.filter { $0.name.hasPrefix("topology.") }
            return (all, try Config.resolve([ConfigLayer(below), own, topology]).explicit)
        } catch {
            throw CommandFailure.usage(error.description)
        }
    }

    static func read(_ passed: PassedArguments) throws -> ClientConfiguration {
        let environment = ExecutableSearch.environment()
        do throws(ConfigFaults) {
            if let text = environment[ProgramInvocation.environmentVariable], passed.configFile == nil {
                return try handedOver(text, ConfigLayer(commandLine: passed.settings))
            }
            let loader = ConfigLoader(file: passed.configFile, options: passed.settings, environment: environment)
            return ClientConfiguration(try loader.load().config)
        } catch {
            throw CommandFailure.usage(error.description)
        }
    }

    private static func handedOver(_ text: String, _ options: ConfigLayer) throws(ConfigFaults) -> ClientConfiguration {
        let parsed = HandedConfiguration.parse(text)
        var topology = ConfigLayer(parsed.topology, from: .commandLine(option: "-c"))
        topology.settings += options.settings
        return ClientConfiguration(
            cluster: ConfigLayer(parsed.cluster, from: .program("the configuration of storm")), topology: topology)
    }
}
