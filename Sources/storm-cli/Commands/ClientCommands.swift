import ArgumentParser
import StormConsole

/// Prints at once, also into a pipe.
@Sendable func say(_ line: String) { Output.line(line) }

struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the running topologies and their state.")

    @Flag(help: "Print JSON.")
    var json = false

    @Flag(help: "Print nothing but names.")
    var names = false

    @OptionGroup var options: ConfigOptions

    func run() async throws {
        let form: TopologyCommands.ListForm = json ? .json : (names ? .names : .table)
        try await NimbusAccess.withLeader(try options.loadForPrompt()) { nimbus in
            try await TopologyCommands(nimbus: nimbus, say: say).list(form)
        }
    }
}

struct KillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kill", abstract: "Ends topologies: the spouts at once, the workers after a wait.")

    @Argument(help: "Names of topologies.", completion: .topologies)
    var names: [String]

    @Option(
        name: [.customShort("w"), .customLong("wait-time-secs"), .customLong("wait")],
        help: "Seconds until the workers end; without it, the topology's message timeout.")
    var wait: Int?

    @Flag(name: [.customShort("i"), .customLong("ignore-errors")], help: "Go on with the next name after an error.")
    var ignoresErrors = false

    @OptionGroup var options: ConfigOptions

    func validate() throws {
        if let wait, wait < 0 { throw ValidationError("-w \(wait): the wait must be 0 or more seconds") }
    }

    func run() async throws {
        try await NimbusAccess.withLeader(try options.loadForPrompt()) { nimbus in
            try await TopologyCommands(nimbus: nimbus, say: say).kill(
                names, waitSeconds: wait, ignoresErrors: ignoresErrors)
        }
    }
}

struct ActivateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "activate", abstract: "Lets the spouts of a topology go on.")

    @Argument(help: "Name of the topology.", completion: .topologies)
    var name: String

    @OptionGroup var options: ConfigOptions

    func run() async throws {
        try await NimbusAccess.withLeader(try options.loadForPrompt()) { nimbus in
            try await TopologyCommands(nimbus: nimbus, say: say).activate(name)
        }
    }
}

struct DeactivateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deactivate", abstract: "Pauses the spouts of a topology.")

    @Argument(help: "Name of the topology.", completion: .topologies)
    var name: String

    @OptionGroup var options: ConfigOptions

    func run() async throws {
        try await NimbusAccess.withLeader(try options.loadForPrompt()) { nimbus in
            try await TopologyCommands(nimbus: nimbus, say: say).deactivate(name)
        }
    }
}
