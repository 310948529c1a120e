import ArgumentParser
import StormConsole
import StormCore

struct LocalConfValueCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "localconfvalue", abstract: "Prints a key of the configuration as this machine has it.")

    @Argument(help: "Name of the key.", completion: .keys)
    var key: String

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: ConfigOptions

    func run() throws {
        let config = try options.loadForPrompt()
        try ConfigAnswers.Answer.show(key, config.value(named: key), isSet: config.isSet(key), isJSON: json)
    }
}

struct RemoteConfValueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remoteconfvalue", abstract: "Prints a key of the configuration as nimbus has it.")

    @Argument(help: "Name of the key.", completion: .keys)
    var key: String

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: ConfigOptions

    func run() async throws {
        let key = key
        let value = try await NimbusAccess.withLeader(try options.loadForPrompt()) { nimbus in
            try await ConfigAnswers.remoteValue(key, nimbus)
        }
        try ConfigAnswers.Answer.show(key, value, isSet: value != nil, isJSON: json)
    }
}

extension ConfigAnswers.Answer {
    /// As in Storm `null` is an answer, too; whether the key was mistyped is said beside it.
    fileprivate static func show(_ key: String, _ value: ConfigValue?, isSet: Bool, isJSON: Bool) throws {
        if let doubt = ConfigAnswers.doubt(key, isSet: isSet) { Output.errorLine("storm: warning: \(doubt)") }
        Output.line(
            isJSON ? try JSONOutput.text(ConfigAnswers.Answer(key, value)) : ConfigAnswers.line(key, value))
    }
}

struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Explains the configuration.",
        subcommands: [Explain.self, List.self])

    @OptionGroup var options: ConfigOptions

    struct Explain: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Says of a key: its value, where that comes from, its default and what it means.")

        @Argument(help: "Name of the key.", completion: .keys)
        var key: String

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var options: ConfigOptions

        func run() throws {
            let answer = try ConfigAnswers.explain(key, in: try options.loadForPrompt())
            if json { return Output.line(try JSONOutput.text(answer)) }
            for line in answer.lines { Output.line(line) }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists the keys, with what this machine has set.")

        @Argument(help: "Only keys whose name contains this.")
        var text: String = ""

        @Flag(help: "Print JSON: an array of what config explain says.")
        var json = false

        @OptionGroup var options: ConfigOptions

        func run() throws {
            let config = try options.loadForPrompt()
            let names = ConfigAnswers.names(containing: text)
            if json {
                let all = try names.map { try ConfigAnswers.explain($0, in: config) }
                return Output.line(try JSONOutput.text(all))
            }
            for name in names {
                Output.line(ConfigAnswers.line(name, config.value(named: name)))
            }
        }
    }
}
