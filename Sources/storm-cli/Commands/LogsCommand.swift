import ArgumentParser
import StormCluster
import StormConsole
import StormCore
import StormLogs
import StormRuntime

struct LogsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Shows what all workers of a topology have logged and printed, merged by time.",
        discussion: """
            From every machine whose supervisor is up (or its log viewer), also of workers that are gone and of topologies \
            that were killed. What a worker printed has the time of its file's last change.

            Exit status: 0; 1 when there is no such topology; 3 when a machine did not answer (standard error says which; \
            the lines of the others are shown).
            """)

    @Argument(help: "Name or id of the topology.", completion: .topologies)
    var topology: String

    @Flag(name: .shortAndLong, help: "Go on with new lines, until interrupted; starts with the newest 10.")
    var follow = false

    @Option(help: "Only what the tasks of this component logged.")
    var component: String?

    @Option(help: "Nothing less important: TRACE, DEBUG, INFO, WARN, ERROR or FATAL.")
    var level: String?

    @Option(
        help: ArgumentHelp(
            "Only lines with this text, or, between slashes, with a match of this POSIX extended expression.",
            valueName: "text|/expression/"))
    var grep: String?

    @Option(help: ArgumentHelp("Nothing older: 90s, 10m, 2h, 7d, or a time in UTC.", valueName: "time"))
    var since: String?

    @Option(name: [.customShort("n"), .long], help: "Only the newest lines, so many.")
    var lines: Int?

    @Flag(help: "Print one JSON object per line.")
    var json = false

    @OptionGroup var options: ConfigOptions

    func validate() throws {
        if let lines, !(0...LogsCommands.newestMax).contains(lines) {
            throw ValidationError("-n \(lines): 0 to \(LogsCommands.newestMax) lines")
        }
    }

    func run() async throws {
        let query = try query(now: Int64(SystemClock().epochMilliseconds()))
        let config = try options.loadForPrompt()
        let failure = try await StoreAccess.withStore(config) { store in
            let commands = LogsCommands(
                state: ClusterState(store), logviewerPort: config[.logviewerPort], say: say,
                warn: { Output.errorLine($0) })
            return try await commands.run(query)
        }
        if let failure { throw failure }
    }

    func query(now: Int64) throws -> LogsCommands.Query {
        var query = LogsCommands.Query(topology: topology)
        query.filter.component = component
        if let level {
            guard let known = LogThreshold(name: level) else {
                throw CommandFailure.usage("--level \(level): there are \(LogThreshold.names)")
            }
            query.filter.level = known
        }
        if let grep {
            do {
                _ = try LinePattern(grep)
            } catch {
                throw CommandFailure.usage("--grep: \(error)")
            }
            query.filter.grep = grep
        }
        query.filter.sinceMilliseconds = try since.map { text throws(CommandFailure) in
            try SinceText.parse(text, now: now)
        }
        query.follows = follow
        query.newest = lines ?? (follow && since == nil ? 10 : nil)
        query.isJSON = json
        query.nowMilliseconds = now
        return query
    }
}
