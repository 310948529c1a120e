import ArgumentParser
import StormCluster
import StormConsole
import StormRuntime

struct DeadLetterCommand: AsyncParsableCommand {
    enum Action: String, ExpressibleByArgument, CaseIterable {
        case list, show, replay, drop
    }

    static let configuration = CommandConfiguration(
        commandName: "dlq",
        abstract: "Lists, shows, replays and drops dead letters: messages of a spout whose every attempt failed.",
        usage: """
            storm dlq list [<topology>] [--json]
            storm dlq show <topology> <id> … [--json]
            storm dlq replay <topology> (<id> … | --all) [--json]
            storm dlq drop <topology> (<id> … | --all) [--json]
            """,
        discussion: """
            A replayed letter is emitted again with all attempts anew and goes when its tree is acked. The letters of a
            topology stay when it is killed; then they can be shown and dropped.
            """)

    @Argument(help: "What to do: list, show, replay or drop.")
    var action: Action

    @Argument(help: "Name or id of the topology.", completion: .topologies)
    var topology: String?

    @Argument(help: "Ids of dead letters.")
    var ids: [String] = []

    @Flag(help: "All dead letters of the topology.")
    var all = false

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: ConfigOptions

    func validate() throws {
        switch action {
        case .list:
            guard ids.isEmpty, !all else { throw ValidationError("list takes at most the name of a topology") }
        case .show:
            guard topology != nil, !ids.isEmpty, !all else {
                throw ValidationError("show needs a topology and ids of dead letters")
            }
        case .replay, .drop:
            guard topology != nil, ids.isEmpty == all else {
                throw ValidationError("\(action.rawValue) needs a topology, and either ids of dead letters or --all")
            }
        }
    }

    func run() async throws {
        let (action, topology, ids, json) = (action, topology, ids, json)
        let chosen = all ? nil : ids
        try await StoreAccess.withState(try options.loadForPrompt()) { state in
            let commands = DeadLetterCommands(
                state: state, nowMilliseconds: SystemClock().epochMilliseconds(), say: say)
            switch action {
            case .list: try await commands.list(topology, json: json)
            case .show: try await commands.show(topology ?? "", ids, json: json)
            case .replay: try await commands.replay(topology ?? "", chosen, json: json)
            case .drop: try await commands.drop(topology ?? "", chosen, json: json)
            }
        }
    }
}
