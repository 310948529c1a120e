import FoundationEssentials
import Glibc
import StormProcess
import Testing

struct SystemFileTests {
    @Test
    func fileIsReplacedAsAWholeAndOnlyOursToRead() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/file"
        try SystemFile.writeAtomically(path, Array("first".utf8))
        try SystemFile.writeAtomically(path, Array("second".utf8))
        #expect(folder.read("file") == "second")
        var status = stat()
        #expect(stat(path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["file"])
        #expect(SystemFile.size(path) == 6)
    }

    @Test
    func fileInAMissingFolderIsNamedInTheError() throws {
        let error = #expect(throws: ProcessError.self) {
            try SystemFile.writeAtomically("/no/such/folder/file", [1])
        }
        #expect(error?.message.contains("/no/such/folder/file") == true)
    }

    @Test
    func linesBeforeAGivenByteAreLeftOut() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("log", "old 1\nold 2\n")
        let offset = SystemFile.size(path)
        #expect(SystemFile.lastLines(path, fromByte: offset) == [])
        _ = try folder.write("log", "old 1\nold 2\nnew 1\nnew 2\n")
        #expect(SystemFile.lastLines(path, fromByte: offset) == ["new 1", "new 2"])
        #expect(SystemFile.lastLines(path, bytesMax: 8, fromByte: offset) == ["new 2"])
    }

    @Test
    func lockExcludesOthersUntilItIsGivenUp() throws {
        let folder = try TemporaryFolder()
        let file = "\(folder.path)/lock"
        var first = try FolderLock(file: file)
        #expect(first != nil)
        #expect(try FolderLock(file: file) == nil)
        first = nil
        #expect(try FolderLock(file: file) != nil)
    }

    @Test
    func commandLineOfAProcessIsReadInFull() async throws {
        var specification = ProcessSpecification(
            executable: "sh", arguments: ["-c", "sleep 60; true", "name", "", "two words"])
        specification.newSession = true
        let process = try await ChildProcess.spawn(specification)
        #expect(ProcessStat.commandLine(pid: process.pid) == ["sh", "-c", "sleep 60; true", "name", "", "two words"])
        try await process.terminate(grace: .zero, scope: .session)
        #expect(ProcessStat.commandLine(pid: process.pid) == [])
    }
}
