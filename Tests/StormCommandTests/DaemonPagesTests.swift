import StormCore
import StormTestSupport
import Testing

@testable import storm_cli

/// The file that tells which port a daemon's pages have.
@Suite(.timeLimit(.minutes(1))) struct DaemonPagesTests {
    @Test func aDaemonsEndTakesItsOwnNoteAndNoOther() async throws {
        let folder = try TemporaryFolder()
        let config = try Config.resolve([
            ConfigLayer(["storm.local.dir": .string(folder.path)], from: .program("test"))
        ])
        func pages() async throws -> DaemonPages {
            try await DaemonPages(
                "nimbus", host: "127.0.0.1", port: 0, config: config, logger: RecordingLog().logger())
        }
        let first = try await pages()
        let second = try await pages()
        first.note()
        #expect(try folder.read("nimbus-http-port") == "\(first.port)\n")
        await second.close()
        #expect(try folder.read("nimbus-http-port") == "\(first.port)\n")
        await first.close()
        #expect(try folder.names == [])
    }
}
