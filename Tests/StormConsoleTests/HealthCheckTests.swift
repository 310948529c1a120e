import Glibc
import StormConsole
import StormTestSupport
import Testing

@Suite struct HealthCheckTests {
    private func verdict(
        _ scripts: [String: String], failsOnTimeouts: Bool = true
    ) async throws -> (isHealthy: Bool, lines: [String]) {
        let folder = try TemporaryFolder()
        for (name, text) in scripts {
            let path = try folder.write("#!/bin/sh\n\(text)\n", to: name)
            if !name.hasSuffix(".txt") { chmod(path, 0o755) }
        }
        let said = Lines()
        let check = HealthCheck(folder: folder.path, limit: .milliseconds(300), failsOnTimeouts: failsOnTimeouts)
        let isHealthy = await check.run { said.add($0) }.healthy
        return (isHealthy, said.all.map { String($0.dropFirst(folder.path.count + 1)) })
    }

    @Test func withoutScriptsAMachineIsHealthy() async throws {
        #expect(try await verdict([:]).isHealthy)
        #expect(await HealthCheck(folder: "/nowhere", limit: .seconds(1), failsOnTimeouts: true).run { _ in }.healthy)
    }

    @Test func theStatusCountsAndTheOutputDoesNot() async throws {
        let (isHealthy, lines) = try await verdict(["a": "echo ERROR odd", "b.txt": "exit 3"])
        #expect(isHealthy && lines == ["a: healthy"])
        let failed = try await verdict(["a": "exit 0", "b": "exit 3"])
        #expect(!failed.isHealthy && failed.lines.count == 2 && failed.lines[1].contains("3"))
    }

    @Test func aScriptThatHangsIsEnded() async throws {
        let late = try await verdict(["a": "sleep 600"])
        #expect(!late.isHealthy && late.lines[0].contains("no answer within"))
        #expect(try await verdict(["a": "sleep 600"], failsOnTimeouts: false).isHealthy)
    }
}
