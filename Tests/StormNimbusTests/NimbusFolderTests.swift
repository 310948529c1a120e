import StormNimbus
import StormTestSupport
import Testing

@Suite struct NimbusFolderTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func theFolderIsForOneNimbusAtATime() async throws {
        let path = "\(folder.path)/local/nimbus"
        do {
            let lock = try await NimbusFolder.take(path)
            await #expect {
                _ = try await NimbusFolder.take(path)
            } throws: { "\($0)" == "another nimbus works in \(path); each needs a storm.local.dir of its own" }
            withExtendedLifetime(lock) {}
        }
        // Its successor has it at once, with the lock's file there.
        _ = try await NimbusFolder.take(path)
    }

    @Test func aFolderThatCannotBeUsedIsNamedWithItsKey() async throws {
        let file = try folder.write("", to: "local")
        await #expect {
            _ = try await NimbusFolder.take("\(file)/nimbus")
        } throws: { "\($0)" == "storm.local.dir: cannot create directory \(file)/nimbus: Not a directory" }
    }
}
