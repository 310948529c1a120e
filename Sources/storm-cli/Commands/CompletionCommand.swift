import ArgumentParser
import StormConsole

/// Prints a script that completes command lines in a shell; topology names come from the cluster.
struct CompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion", abstract: "Prints a completion script for bash, zsh or fish.",
        discussion: "For bash: storm completion bash > /etc/bash_completion.d/storm")

    @Argument(help: "bash, zsh or fish.")
    var shell: String

    @OptionGroup var options: ConfigOptions

    func run() throws {
        guard let kind = CompletionShell(rawValue: shell) else {
            throw CommandFailure.usage("there is no completion for \"\(shell)\"; choose bash, zsh or fish")
        }
        Output.line(StormCommand.completionScript(for: kind))
    }
}

extension CompletionKind {
    /// The names of what runs now; nothing when no nimbus answers.
    static let topologies = CompletionKind.shellCommand("storm list --names 2>/dev/null")
}
