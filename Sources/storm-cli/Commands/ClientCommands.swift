import ArgumentParser
import StormConsole
import StormCore

struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the running topologies and their state.")

    @Flag(help: "Print JSON.")
    var json = false

    @Flag(help: "Print nothing but names.")
    var names = false

    @OptionGroup var options: ConfigOptions

    func validate() throws {
        if json, names { throw ValidationError("--json and --names exclude each other") }
    }

    func run() async throws {
        let form: TopologyCommands.ListForm = json ? .json : (names ? .names : .table)
        try await NimbusAccess.withLeader(try options.loadForPrompt()) { nimbus in
            try await TopologyCommands(nimbus: nimbus, painter: Output.painter, say: say).list(form)
        }
    }
}

struct ActivateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "activate", abstract: "Lets the spouts of a topology go on.",
        discussion: "With --wait it returns when all workers of the topology run.")

    @Argument(help: "Name of the topology.", completion: .topologies)
    var name: String

    @OptionGroup var wait: WaitOptions

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: ConfigOptions

    func run() async throws {
        let config = try options.loadForPrompt()
        let outcome = try await NimbusAccess.withLeader(config) { nimbus in
            try await TopologyCommands(nimbus: nimbus, say: json ? sayNothing : say).activate(name)
        }
        try await wait.finish(outcome, .running, config, isJSON: json)
    }
}

struct DeactivateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deactivate", abstract: "Pauses the spouts of a topology.",
        discussion: "With --wait it returns when the spouts have stopped and no message is in flight.")

    @Argument(help: "Name of the topology.", completion: .topologies)
    var name: String

    @OptionGroup var wait: WaitOptions

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: ConfigOptions

    func run() async throws {
        let config = try options.loadForPrompt()
        let outcome = try await NimbusAccess.withLeader(config) { nimbus in
            try await TopologyCommands(nimbus: nimbus, say: json ? sayNothing : say).deactivate(name)
        }
        try await wait.finish(outcome, .quiet, config, isJSON: json)
    }
}
