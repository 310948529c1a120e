import ArgumentParser
import StormConsole

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Prints the version.")

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: ConfigOptions

    func run() throws {
        if json { return Output.line(try JSONOutput.text(StormVersion.current)) }
        for line in StormVersion.current.lines { Output.line(line) }
    }
}
