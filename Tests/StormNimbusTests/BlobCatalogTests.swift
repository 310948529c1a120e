import StormCluster
import StormCore
@testable import StormNimbus
import StormTestSupport
import Testing

@Suite struct BlobCatalogTests {
    /// Its registration makes the missing node of the blob, empty; every later call for that blob failed on it.
    @Test func announcementOfABlobThatWasJustDeletedLeavesNothing() async throws {
        let server = InMemoryCoordinationServer()
        let folder = try TemporaryFolder()
        let nimbus = try await ManualNimbus("a:1", server, folder: folder.path, ManualTime(), MemoryFetcher(server))
        try await nimbus.nimbus.catalog.announce("mine", "aa")
        #expect(server.dump().keys.allSatisfy { !$0.contains("mine") })
        // What a nimbus that died in between left is cleared away by any other.
        try await nimbus.store.create(ClusterPaths.blob("other"), [], mode: .persistent)
        _ = try await nimbus.nimbus.catalog.synchronize()
        #expect(server.dump().keys.allSatisfy { !$0.contains("other") })
        await nimbus.die()
    }
}
