import ArgumentParser
import StormConsole

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Prints the version.")

    @OptionGroup var options: ConfigOptions

    func run() throws {
        for line in StormVersion.current.lines { Output.line(line) }
    }
}
