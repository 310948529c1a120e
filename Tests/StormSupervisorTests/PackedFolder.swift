import FoundationEssentials
import StormProcess
import Testing

/// The folder's content as the system's tar packs it.
func packedFolder(_ path: String, _ options: [String] = []) async throws -> [UInt8] {
    let folder = try TemporaryFolder()
    let file = "\(folder.path)/packed.tar.gz"
    let process = try await ChildProcess.spawn(
        ProcessSpecification(executable: "tar", arguments: options + ["-czf", file, "-C", path, "."]))
    #expect(try await process.waitForExit(within: .seconds(30))?.isSuccess == true)
    return Array(try Data(contentsOf: URL(filePath: file)))
}
