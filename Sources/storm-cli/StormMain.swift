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
            exit(0)
        }
        if let failure = unknown(arguments) {
            Output.errorLine(failure.line(command: ""))
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

    /// What is wrong with the command that is asked for, or asked about; nil when it is there.
    private static func unknown(_ arguments: [String]) -> CommandFailure? {
        let name = arguments[0] == "help" && arguments.count > 1 ? arguments[1] : arguments[0]
        if name == "blobstore", let second = arguments.drop(while: { $0 != name }).dropFirst().first {
            return UnknownCommand.blobstoreFailure(second)
        }
        if name.hasPrefix("-") || name == "help" || isCommand(name) { return nil }
        return UnknownCommand.failure(
            name, known: StormCommand.configuration.subcommands.map { $0._commandName })
    }

    private static func isCommand(_ name: String) -> Bool {
        StormCommand.configuration.subcommands.contains { $0._commandName == name }
    }
}
