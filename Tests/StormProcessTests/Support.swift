import FoundationEssentials
import Glibc
import StormProcess
import Testing

/// A new folder of its own, removed when the value goes.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/storm-process-tests-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        // Leftovers in the temporary folder harm nobody.
        try? FileManager.default.removeItem(atPath: path)
    }

    func write(_ name: String, _ text: String, executable: Bool = false) throws -> String {
        let file = "\(path)/\(name)"
        try Data(text.utf8).write(to: URL(filePath: file))
        if executable { chmod(file, 0o755) }
        return file
    }

    func read(_ name: String) -> String {
        String(decoding: SystemFile.read("\(path)/\(name)", bytesMax: 1 << 24) ?? [], as: UTF8.self)
    }
}

func shell(_ script: String) -> ProcessSpecification {
    ProcessSpecification(executable: "/bin/sh", arguments: ["-c", script])
}

/// Runs to the end, with both outputs captured.
func run(_ specification: ProcessSpecification) async throws -> (ProcessExit, output: String, errors: String) {
    var specification = specification
    specification.standardOutput = .capture(lastBytesMax: 1 << 20)
    specification.standardError = .capture(lastBytesMax: 1 << 20)
    let process = try await ChildProcess.spawn(specification)
    let status = try #require(try await process.waitForExit(within: .seconds(30)))
    return (status, process.capturedOutput.text, process.capturedErrors.text)
}

/// Waits for a condition that no event announces; fails the test when it does not come true in time.
func eventually(within limit: Duration = .seconds(20), _ what: Comment, _ condition: () async throws -> Bool)
    async throws
{
    let deadline = ContinuousClock.now + limit
    while try await !condition() {
        try #require(ContinuousClock.now < deadline, what)
        try await Task.sleep(for: .milliseconds(5))
    }
}

func openDescriptorCount() throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
}
