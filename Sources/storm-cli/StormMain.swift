import ArgumentParser
import Glibc
import StormConsole

/// The `storm` program: parses the command line, runs one command, and turns every error into one line and an exit code.
@main
enum StormMain {
    static func main() async {
        let arguments = LeadingOptions.moved(Array(CommandLine.arguments.dropFirst()))
        guard !arguments.isEmpty else {
            Output.errorLine(StormCommand.helpMessage())
            exit(1)
        }
        guard arguments[0].hasPrefix("-") || arguments[0] == "help" || isCommand(arguments[0]) else {
            let failure = UnknownCommand.failure(
                arguments[0], known: StormCommand.configuration.subcommands.map { $0._commandName })
            Output.errorLine(failure.line(command: ""))
            exit(failure.exitCode)
        }
        do {
            var command = try StormCommand.parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
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
        let known = isCommand(arguments[0])
        if StormCommand.exitCode(for: error) == .validationFailure {
            let help = known ? "storm help \(arguments[0])" : "storm help"
            let failure = CommandFailure.usage("\(StormCommand.message(for: error)); \(help) shows what is possible")
            Output.errorLine(failure.line(command: known ? arguments[0] : ""))
            exit(failure.exitCode)
        }
        Output.errorLine(CommandFailure("\(error)").line(command: known ? arguments[0] : ""))
        exit(1)
    }

    private static func isCommand(_ name: String) -> Bool {
        StormCommand.configuration.subcommands.contains { $0._commandName == name }
    }
}
