import ArgumentParser
import StormConsole
import StormCore
import ZooKeeper

/// Looks at the znodes.
struct ZooKeeperCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "zk", abstract: "Shows znodes with ages and owners; changes nothing.",
        discussion: "A path without a slash in front is below storm.zookeeper.root.",
        subcommands: [List.self, Get.self, Watch.self])

    @OptionGroup var options: ConfigOptions

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "ls", abstract: "Lists the children of a znode.")

        @Argument(help: "Path of the znode; without it storm.zookeeper.root.")
        var path = ""

        @Flag(name: [.customShort("R"), .customLong("recursive")], help: "Also what is below them.")
        var isRecursive = false

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var options: ConfigOptions

        func run() async throws {
            try await withZNodes(options, path) { try await $0.list(path, isRecursive: isRecursive, json: json) }
        }
    }

    struct Get: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Shows a znode's data, versions, ages and owner.")

        @Argument(help: "Path of the znode.")
        var path: String

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var options: ConfigOptions

        func run() async throws {
            try await withZNodes(options, path) { try await $0.get(path, json: json) }
        }
    }

    struct Watch: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints a line for each change of a znode or of its children, until interrupted.")

        @Argument(help: "Path of the znode; it may come later.")
        var path: String

        @Flag(name: [.customShort("R"), .customLong("recursive")], help: "Everything below it, too.")
        var isRecursive = false

        @Option(name: .customShort("n"), help: "End after so many changes.")
        var count: Int?

        @Flag(help: "Print a JSON object on a line for each change.")
        var json = false

        @OptionGroup var options: ConfigOptions

        func validate() throws {
            if let count, count < 1 { throw ValidationError("-n \(count): must be 1 or more") }
        }

        func run() async throws {
            try await withZNodes(options, path) {
                try await $0.watch(path, isRecursive: isRecursive, count: count, json: json)
            }
        }
    }
}

/// - Throws: a failure of the command line before anything is connected to.
private func withZNodes(
    _ options: ConfigOptions, _ path: String, _ body: (ZNodeCommands) async throws -> Void
) async throws {
    let config = try options.loadForPrompt()
    let root = config[.stormZookeeperRoot]
    _ = try ZNodeCommands.absolute(path, root: root)
    try await StoreAccess.withClient(config) { try await body(ZNodeCommands($0, root: root, say: say)) }
}
