import ArgumentParser
import Storm

/// The program: the topology's own commands (local, submit, worker), and `verdict`.
@main
enum Main {
    static func main() async {
        guard CommandLine.arguments.dropFirst().first == "verdict" else { return await Checker.main() }
        VerdictCommand.main(Array(CommandLine.arguments.dropFirst(2)))
    }
}
