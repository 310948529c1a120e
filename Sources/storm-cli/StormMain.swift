import ArgumentParser
import Glibc
import StormConsole
import StormProcess

/// The `storm` program: parses the command line, runs one command, and turns every error into one line and an exit code.
@main
enum StormMain {
    static func main() async {
        if let status = InitProcess.runIfFirst() { exit(status) }
        let arguments = WaitSpelling.normalized(LeadingOptions.moved(Array(CommandLine.arguments.dropFirst())))
        guard !arguments.isEmpty else {
            Output.errorLine(StormCommand.helpMessage())
            exit(1)
        }
        if arguments == ["help", "exit-codes"] {
            CommandExit.lines.forEach(Output.line)
            exit(Output.isIncomplete ? 1 : 0)
        }
        if let failure = unknown(arguments) {
            Output.errorLine(failure.line(command: command(arguments[0]) == nil ? "" : arguments[0]))
            exit(failure.exitCode)
        }
        if arguments[0] == "---completion" { await Candidates.prepare(arguments) }
        do {
            var command = try StormCommand.parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            if Output.isIncomplete { exit(1) }
        } catch let code as ExitCode {
            exit(code.rawValue)
        } catch let failure as CommandFailure {
            Output.errorLine(failure.line(command: arguments[0]))
            exit(failure.exitCode)
        } catch {
            leave(error, arguments)
        }
    }

    /// Requests for help, and command lines that cannot be understood.
    private static func leave(_ error: any Error, _ arguments: [String]) -> Never {
        guard StormCommand.exitCode(for: error) != .success else {
            print(StormCommand.fullMessage(for: error))
            exit(0)
        }
        let known = command(arguments[0]) != nil
        if StormCommand.exitCode(for: error) == .validationFailure {
            let help = known ? "storm help \(arguments[0])" : "storm help"
            let failure =
                UnknownOption.failure(arguments)
                ?? .usage("\(StormCommand.message(for: error)); \(help) shows what is possible")
            Output.errorLine(failure.line(command: known ? arguments[0] : ""))
            exit(failure.exitCode)
        }
        Output.errorLine(CommandFailure("\(error)").line(command: known ? arguments[0] : ""))
        exit(1)
    }

    /// What is wrong with the command that is asked for, or asked about; nil when it is there.
    private static func unknown(_ arguments: [String]) -> CommandFailure? {
        let isHelp = arguments[0] == "help" && arguments.count > 1
        let name = isHelp ? arguments[1] : arguments[0]
        if name.hasPrefix("-") || name == "help" { return nil }
        let rest = Array(arguments.dropFirst(isHelp ? 2 : 1))
        guard let command = Self.command(name) else {
            return UnknownCommand.failure(
                name, known: StormCommand.configuration.subcommands.map { $0._commandName })
        }
        let group = command.configuration.subcommands.map { $0._commandName }
        if group.isEmpty || isHelp && rest.isEmpty { return nil }
        return UnknownCommand.failure(of: name, rest, known: group)
    }

    private static func command(_ name: String) -> (any ParsableCommand.Type)? {
        StormCommand.configuration.subcommands.first {
            $0._commandName == name || $0.configuration.aliases.contains(name)
        }
    }
}
