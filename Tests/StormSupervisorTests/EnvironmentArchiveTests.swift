import FoundationEssentials
import Glibc
import StormArchive
import StormCluster
import StormProcess
import Testing

@testable import StormSupervisor

/// Packed environments that are not as they should be.
@Suite(.timeLimit(.minutes(1)))
struct EnvironmentArchiveTests {
    private let folder: TemporaryFolder
    private let blobs = MemoryBlobs()
    /// What is packed.
    private let root: String

    init() throws {
        folder = try TemporaryFolder()
        root = "\(folder.path)/elsewhere"
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    }

    private static let script = Array("#!/elsewhere/bin/python3\nimport x\n".utf8)

    private func makeEnvironment(_ path: String) throws {
        try FileManager.default.createDirectory(atPath: "\(path)/bin", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: "\(path)/bin/python", withDestinationPath: "/bin/sh")
        try SystemFile.writeAtomically("\(path)/bin/tool", Self.script, mode: 0o755)
    }

    private func prepare(_ options: [String] = [], bytesMax: Int64 = 1 << 24, entriesMax: Int = 1000) async throws
        -> String
    {
        let reference = try blobs.put("env", try await packedFolder(root, options))
        let environments = PythonEnvironments(
            paths: SupervisorPaths(local: folder.path, logs: folder.path), blobs: blobs,
            limits: .init(time: .seconds(60), unpacking: .init(entriesMax: entriesMax, bytesMax: bytesMax))
        ) { _ in reference }
        return try await environments.prepare("env", present: nil)
    }

    private func link(_ path: String, to other: String) throws {
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: other)
    }

    @Test(arguments: ["env", "bin", "env/bin"])
    func foreignFilesBehindALinkAreNotChanged(name: String) async throws {
        let foreign = "\(folder.path)/foreign"
        try makeEnvironment(foreign)
        if name.hasPrefix("env/") {
            try FileManager.default.createDirectory(atPath: "\(root)/env", withIntermediateDirectories: true)
        }
        try link("\(root)/\(name)", to: name.hasSuffix("bin") ? "\(foreign)/bin" : foreign)
        let error = await #expect(throws: SupervisorError.self) { _ = try await prepare() }
        #expect(error?.message.contains("is a symbolic link") == true, "\(error?.message ?? "")")
        #expect(SystemFile.read("\(foreign)/bin/tool") == Self.script)
    }

    @Test
    func pipesAmongTheProgramsAreLeftAlone() async throws {
        try makeEnvironment(root)
        #expect(mkfifo("\(root)/bin/pipe", 0o644) == 0)
        let path = try await prepare()
        #expect(SystemFile.lastLines("\(path)/bin/tool").first == "#!\(path)/bin/python")
    }

    /// `zip -y`: links as links.
    @Test
    func aZipFileOfAnEnvironmentMayHaveLinks() async throws {
        let reference = try blobs.put("env", try ArchiveCodeTests.archive("environment-links.zip"))
        let environments = PythonEnvironments(
            paths: SupervisorPaths(local: folder.path, logs: folder.path), blobs: blobs,
            limits: .init(time: .seconds(60))
        ) { _ in reference }
        let path = try await environments.prepare("env", present: nil)
        #expect(SystemFile.lastLines("\(path)/bin/tool").first == "#!\(path)/bin/python")
        #expect(FileManager.default.isReadableFile(atPath: "\(path)/lib64/x.py"))
        #expect(FileManager.default.isExecutableFile(atPath: "\(path)/bin/python3"))
    }

    @Test
    func anArchiveThatUnpacksToTooMuchIsRefused() async throws {
        try makeEnvironment(root)
        try SystemFile.writeAtomically("\(root)/zeros", [UInt8](repeating: 0, count: 1 << 20))
        let error = await #expect(throws: SupervisorError.self) { _ = try await prepare(bytesMax: 1 << 16) }
        #expect(error?.message.contains("it unpacks to more than 65536 bytes") == true, "\(error?.message ?? "")")
        _ = try await prepare()
    }

    /// Names with a line's end in them count once.
    @Test
    func anArchiveOfTooManyEntriesIsRefusedBeforeAllAreMade() async throws {
        try makeEnvironment(root)
        for number in 0..<4000 { try SystemFile.writeAtomically("\(root)/file\n\(number)", []) }
        let error = await #expect(throws: SupervisorError.self) { _ = try await prepare(entriesMax: 100) }
        #expect(error?.message.contains("more than 100 files and folders") == true, "\(error?.message ?? "")")
        _ = try await prepare(entriesMax: 4010)
    }

    /// With blocks that large there are zeros behind the archive's end, which tar does not read.
    @Test
    func unpackedFilesHaveNoMoreThanTheRightToBeExecuted() async throws {
        try makeEnvironment(root)
        #expect(chmod("\(root)/bin/tool", 0o6755) == 0)
        try SystemFile.writeAtomically("\(root)/bin/program", [0x7f], mode: 0o755)
        #expect(chmod("\(root)/bin/program", 0o6755) == 0)
        let path = try await prepare(["-b", "2000"])
        for name in ["tool", "program"] {
            var status = stat()
            #expect(stat("\(path)/bin/\(name)", &status) == 0)
            #expect(status.st_mode & 0o7100 == 0o100)
        }
    }
}
