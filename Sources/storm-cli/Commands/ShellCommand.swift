import ArgumentParser
import FoundationEssentials
import StormConsole
import StormFlux
import StormProcess

/// Storm's `shell`: for programs that talk Thrift to nimbus themselves.
struct ShellCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shell",
        abstract: "Uploads a folder, then runs a program here that submits a topology over Thrift.",
        usage: "storm shell [-c key=value] [--config file] <resources> <command> [<arguments> …]",
        discussion: """
            The folder goes to nimbus as an archive, its files below resources/. The program gets three arguments behind its \
            own: host and port of the nimbus that leads, and where the archive is there, which submitTopology takes as \
            uploadedJarLocation. Its exit status is that of this command.
            """)

    @OptionGroup var options: ConfigOptions

    @Argument(help: "The folder.", completion: .directory)
    var resources: String

    @Argument(help: "The program: a path, or a name that is in PATH.")
    var command: String

    @Argument(parsing: .captureForPassthrough, help: "Arguments of the program, options included.")
    var arguments: [String] = []

    func run() async throws {
        guard let program = ExecutableSearch.find(command), ExecutableSearch.isExecutableFile(program) else {
            throw CommandFailure("\(command): there is no such program; give a path, or a name that is in PATH")
        }
        let archive = try archive()
        let progress = UploadProgress(resources, totalBytes: Int64(archive.count))
        defer { progress.end() }
        let place = try await NimbusAccess.withLeader(try options.loadForPrompt()) { nimbus in
            try await ShellUpload.place(of: archive, on: nimbus) { progress.show(sentBytes: $0) }
        }
        progress.end()
        let invocation = ProgramInvocation(executable: program, arguments: arguments + place)
        try invocation.exec(environment: ExecutableSearch.environment())
    }

    private func archive() throws(CommandFailure) -> [UInt8] {
        var isFolder = false
        guard FileManager.default.fileExists(atPath: resources, isDirectory: &isFolder), isFolder else {
            throw CommandFailure("\(resources): there is no such folder; it holds what the topology's components need")
        }
        do throws(ResourceFolder.Failure) {
            return try ResourceFolder.zip(resources)
        } catch {
            throw CommandFailure(error.description)
        }
    }
}
