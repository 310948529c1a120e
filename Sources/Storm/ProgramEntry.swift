import Glibc
import StormConsole
import StormDaemon

/// The way in and out of a topology's program.
enum ProgramEntry {
    /// How the program was called, without its folder.
    static var name: String {
        CommandLine.arguments.first.flatMap { $0.split(separator: "/").last.map(String.init) } ?? "topology"
    }

    /// Turns every error into one line and an exit code.
    static func run(_ body: () async throws -> Void) async {
        do {
            try await body()
        } catch let failure as CommandFailure {
            DescriptorSink.standardError.write(failure.line(command: name) + "\n")
            Glibc.exit(failure.exitCode)
        } catch {
            DescriptorSink.standardError.write(CommandFailure("\(error)").line(command: name) + "\n")
            Glibc.exit(1)
        }
    }
}
