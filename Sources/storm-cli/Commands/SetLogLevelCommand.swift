import ArgumentParser
import StormConsole
import StormRuntime

struct SetLogLevelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set_log_level",
        abstract:
            "Sets log levels of a running topology, for a time or until they are removed; without options lists them.",
        discussion: """
            A logger is a component, the label of a logger, or ROOT for all. Levels: ALL, TRACE, DEBUG, INFO, WARN, ERROR, \
            FATAL, OFF. Example: storm set_log_level wc -l split=DEBUG:30 -r ROOT
            """)

    @Argument(help: "Name of the topology.", completion: .topologies)
    var name: String

    @Option(
        name: [.customShort("l"), .customLong("log-setting")],
        help: ArgumentHelp("Set a level, for so many seconds. May be repeated.", valueName: "logger=level[:seconds]"))
    var settings: [String] = []

    @Option(
        name: [.customShort("r"), .customLong("remove-log-setting")],
        help: ArgumentHelp("Back to the configured level. May be repeated.", valueName: "logger"))
    var removals: [String] = []

    @Flag(help: "Print the levels in force as JSON.")
    var json = false

    @OptionGroup var options: ConfigOptions

    func run() async throws {
        let changes = try changes()
        let (name, json) = (name, json)
        try await NimbusAccess.withLeader(try options.loadForPrompt()) { nimbus in
            let commands = LogLevelCommands(
                nimbus: nimbus, nowMilliseconds: Int64(SystemClock().epochMilliseconds()), say: say)
            if changes.isEmpty {
                try await commands.list(name, isJSON: json)
            } else {
                try await commands.set(name, changes, isJSON: json)
            }
        }
    }

    func changes() throws(CommandFailure) -> [LogLevelSetting] {
        var changes: [LogLevelSetting] = []
        for text in settings { changes.append(try LogLevelSetting(set: text)) }
        for text in removals { changes.append(try LogLevelSetting(remove: text)) }
        return changes
    }
}
