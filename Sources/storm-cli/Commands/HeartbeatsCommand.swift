import ArgumentParser
import StormConsole

struct HeartbeatsCommand: AsyncParsableCommand {
    enum Action: String, ExpressibleByArgument, CaseIterable {
        case list, get
    }

    static let configuration = CommandConfiguration(
        commandName: "heartbeats", abstract: "Shows what workers have written under /workerbeats.",
        usage: """
            storm heartbeats list [<path>] [--json]
            storm heartbeats get <path> [--json]
            """,
        discussion: "Paths are below /workerbeats: / lists topologies, /TOPOLOGY-ID lists workers.")

    @Argument(help: "What to do: list the names below a path, or get a worker's heartbeat.")
    var action: Action

    @Argument(help: "The path.")
    var path: String?

    @Flag(help: "Print JSON: an array of names; the heartbeat, or null.")
    var json = false

    @OptionGroup var options: ConfigOptions

    func validate() throws {
        guard action == .list || path != nil else { throw ValidationError("get needs a path") }
    }

    func run() async throws {
        let (action, path, json) = (action, path ?? "/", json)
        try await StoreAccess.withStore(try options.loadForPrompt()) { store in
            let commands = HeartbeatCommands(store: store, say: say)
            switch action {
            case .list: try await commands.list(path, isJSON: json)
            case .get: try await commands.get(path, isJSON: json)
            }
        }
    }
}
