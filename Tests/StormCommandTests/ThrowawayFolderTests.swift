import StormTestSupport
import Testing

@testable import storm_cli

/// The folder of `storm dev-zookeeper`.
@Suite struct ThrowawayFolderTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func whatTheRunBeforeLeftIsForgotten() async throws {
        try folder.write("", to: "zookeeper/data/version-2/log.1")
        try folder.write("", to: "zookeeper/zoo.cfg")
        let lock = try await ThrowawayFolder.take("\(folder.path)/zookeeper")
        #expect(throws: (any Error).self) { try folder.read("zookeeper/zoo.cfg") }
        #expect(throws: (any Error).self) { try folder.read("zookeeper/data/version-2/log.1") }
        #expect(try folder.read("zookeeper/dev-zookeeper.lock").isEmpty)
        withExtendedLifetime(lock) {}
    }

    /// A second start emptied it under the first one before it found the port taken.
    @Test func aSecondOneLeavesTheFirstOnesDataAlone() async throws {
        let lock = try await ThrowawayFolder.take(folder.path)
        try folder.write("kept", to: "data/version-2/log.1")
        await #expect {
            _ = try await ThrowawayFolder.take(folder.path)
        } throws: { "\($0)".contains("another storm dev-zookeeper uses it") }
        #expect(try folder.read("data/version-2/log.1") == "kept")
        withExtendedLifetime(lock) {}
    }
}
