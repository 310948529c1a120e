import ArgumentParser
import StormConsole
import StormDaemon

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Prints the version.")

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: ConfigOptions

    func run() throws {
        if json { return Output.line(try JSONOutput.text(StormVersion.current)) }
        // Most folders have none.
        let project = try? SmallFile.text("project.clj")
        for line in StormVersion.current.lines(project: project) { Output.line(line) }
    }
}
