import ArgumentParser
import StormConsole

/// Prints a script that completes command lines in a shell.
struct CompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion", abstract: "Prints a completion script for bash, zsh or fish.",
        discussion: """
            Names of topologies, components and blobs come from the cluster at that moment.
            bash: storm completion bash > /etc/bash_completion.d/storm
            zsh:  storm completion zsh > /usr/local/share/zsh/site-functions/_storm
            fish: storm completion fish > ~/.config/fish/completions/storm.fish
            """)

    @Argument(help: "bash, zsh or fish.", completion: .list(["bash", "zsh", "fish"]))
    var shell: String

    @OptionGroup var options: ConfigOptions

    func run() throws {
        guard let kind = CompletionShell(rawValue: shell) else {
            throw CommandFailure.usage("there is no completion for \"\(shell)\"; choose bash, zsh or fish")
        }
        Output.line(StormCommand.completionScript(for: kind))
    }
}
