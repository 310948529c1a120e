import ArgumentParser
import StormConsole

/// For programs that ask for it and pass the answer on, such as Petrel's: the empty path is a valid one.
struct ClasspathCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "classpath", abstract: "Prints an empty line: there is no Java, so there is no class path.",
        shouldDisplay: false, aliases: ["server_classpath"])

    @OptionGroup var options: ConfigOptions

    func run() {
        Output.errorLine(
            "storm: there is no class path here: a topology is one executable, and the daemons are in the storm program"
        )
        Output.line("")
    }
}
