import FoundationEssentials
import StormSubmission
import StormTestSupport
import Testing

@Suite struct DiskFileTests {
    /// A client that went away in the middle of an upload or a download left an open file behind, each time, and of an
    /// upload the file itself.
    @Test func filesAreClosedAndRemovedAlsoInACancelledTask() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/stormjar-1.jar"
        let file = try await DiskFile.creating(path)
        #expect(try Self.isOpen(path))
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            await file.close()
            try await Disk.remove(path)
        }
        task.cancel()
        try await task.value
        #expect(try !Self.isOpen(path))
        #expect(try await Disk.size(path) == nil)
    }

    /// Whether this process has the file open; one that was removed has a remark behind its name.
    private static func isOpen(_ path: String) throws -> Bool {
        let files = FileManager.default
        return try files.contentsOfDirectory(atPath: "/proc/self/fd").contains { name in
            // Another test may have closed it since.
            let target = try? files.destinationOfSymbolicLink(atPath: "/proc/self/fd/" + name)
            return target?.hasPrefix(path) ?? false
        }
    }
}
