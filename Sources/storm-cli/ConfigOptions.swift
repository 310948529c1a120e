import ArgumentParser
import StormConsole
import StormCore
import StormDaemon
import StormProcess

/// The two options that every command takes.
struct ConfigOptions: ParsableArguments {
    @Option(
        name: .customLong("config"),
        help: ArgumentHelp("Read this file on top of storm.yaml and the environment.", valueName: "file"))
    var file: String?

    @Option(
        name: .customShort("c"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Set one key; the value is JSON or text. May be repeated.", valueName: "key=value"))
    var settings: [String] = []

    /// Everything that is configured.
    /// - Throws: all faults in one failure of the command line.
    /// - Parameter more: settings that win over all others.
    func load(plus more: [String] = []) throws(CommandFailure) -> Config {
        let loader = ConfigLoader(file: file, options: settings + more, environment: ExecutableSearch.environment())
        do throws(ConfigFaults) {
            return try loader.load().config
        } catch {
            throw .usage(error.description)
        }
    }

    /// As `load`, for a command at a prompt: warnings go to standard error.
    func loadForPrompt() throws(CommandFailure) -> Config {
        let config = try load()
        for notice in config.notices where notice.isWarning { Output.errorLine("storm: warning: \(notice)") }
        return config
    }
}
