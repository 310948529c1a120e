import ArgumentParser
import StormConsole

struct RebalanceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebalance",
        abstract: "Spreads a running topology anew, with more or fewer workers and executors.",
        discussion: """
            The spouts stop, the trees under way finish, then executors move and the spouts go on: no tuple fails. It
            takes as long as the trees need, at most the wait. Workers whose executors stay go on running. A component
            can have as many executors as it has tasks, and no more.
            """)

    @Argument(help: "Name of the topology.", completion: .topologies)
    var name: String

    @Option(
        name: [.customShort("w"), .customLong("wait-time-secs"), .customLong("wait")],
        help: "Most seconds that trees get to finish; without it, topology.drain.timeout.secs.")
    var wait: Int?

    @Option(name: [.customShort("n"), .customLong("num-workers")], help: "New number of workers.")
    var workers: Int?

    @Option(
        name: [.customShort("e"), .customLong("executor")],
        help: ArgumentHelp("New number of executors of a component. May be repeated.", valueName: "component=number"))
    var executors: [String] = []

    @OptionGroup var options: ConfigOptions

    func validate() throws {
        if let wait, wait < 0 { throw ValidationError("-w \(wait): the wait must be 0 or more seconds") }
        if let workers, workers < 1 { throw ValidationError("-n \(workers): there must be 1 or more workers") }
        _ = try counts()
    }

    func run() async throws {
        let counts = try counts()
        try await NimbusAccess.withLeader(try options.loadForPrompt()) { nimbus in
            try await TopologyCommands(nimbus: nimbus, say: say).rebalance(
                name, waitSeconds: wait, workers: workers, executors: counts)
        }
    }

    /// Component names may have a `=` in them: the last one counts, as in Storm.
    func counts() throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for text in executors {
            guard let equals = text.lastIndex(of: "="), equals != text.startIndex,
                let count = Int(text[text.index(after: equals)...]), count > 0
            else { throw ValidationError("-e \(text): it must be component=number, with a number from 1 on") }
            counts[String(text[..<equals])] = count
        }
        return counts
    }
}
