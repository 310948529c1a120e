import Glibc
import StormProcess
import Testing

struct SpawnErrorTests {
    private func failure(_ specification: ProcessSpecification) async throws -> ProcessError {
        try await #require(throws: ProcessError.self) { _ = try await ChildProcess.spawn(specification) }
    }

    @Test
    func missingFileIsNamed() async throws {
        let error = try await failure(ProcessSpecification(executable: "/no/such/program"))
        #expect(error.code == .executableMissing)
        #expect(error.errorNumber == ENOENT)
        #expect(error.message.contains("/no/such/program"))
    }

    @Test
    func missingCommandIsNamed() async throws {
        let error = try await failure(ProcessSpecification(executable: "no-such-program-anywhere"))
        #expect(error.code == .executableMissing)
        #expect(error.message.contains("PATH"))
    }

    @Test
    func fileThatIsNotExecutableIsRefused() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("script", "#!/bin/sh\n")
        let error = try await failure(ProcessSpecification(executable: path))
        #expect(error.code == .notExecutable)
        #expect(error.errorNumber == EACCES)
        #expect(error.message.contains("chmod"))
    }

    @Test
    func folderIsNotExecutable() async throws {
        let error = try await failure(ProcessSpecification(executable: "/tmp"))
        #expect(error.code == .notExecutable)
        #expect(error.message.contains("directory"))
    }

    @Test
    func fileOfAnUnknownFormatIsRefused() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("data", "neither program nor script", executable: true)
        let error = try await failure(ProcessSpecification(executable: path))
        #expect(error.code == .badFormat)
        #expect(error.errorNumber == ENOEXEC)
    }

    @Test
    func missingInterpreterIsNotAMissingFile() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("script", "#!/no/such/interpreter\n", executable: true)
        let error = try await failure(ProcessSpecification(executable: path))
        #expect(error.code == .badFormat)
        #expect(error.message.contains("interpreter"))
    }

    @Test
    func missingFolderIsNamed() async throws {
        let error = try await failure(
            ProcessSpecification(executable: "/bin/true", workingDirectory: "/no/such/folder"))
        #expect(error.code == .badDirectory)
        #expect(error.message.contains("/no/such/folder"))
    }

    @Test
    func logFileThatCannotBeOpenedIsNamed() async throws {
        var specification = ProcessSpecification(executable: "/bin/true")
        specification.standardOutput = .append(path: "/no/such/folder/log")
        let error = try await failure(specification)
        #expect(error.code == .badStream)
        #expect(error.message.contains("/no/such/folder/log"))
    }

    @Test
    func zeroByteInAnArgumentIsRefused() async throws {
        let error = try await failure(ProcessSpecification(executable: "/bin/true", arguments: ["a\0b"]))
        #expect(error.code == .badArgument)
    }
}
