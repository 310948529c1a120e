import StormCluster
import Testing

@Suite struct InMemoryStoreTests {
    let server = InMemoryCoordinationServer()

    @Test func versionsCountWritesAndProtectThem() async throws {
        let store = server.connect()
        try await store.create("/a", bytes("1"), mode: .persistent)
        #expect(try await store.get("/a")?.version == 0)
        #expect(try await store.set("/a", bytes("2"), expectedVersion: 0) == 1)
        #expect(await failure { try await store.set("/a", [], expectedVersion: 0) } == .badVersion)
        #expect(await failure { try await store.delete("/a", expectedVersion: 0) } == .badVersion)
        #expect(try await store.set("/a", bytes("3"), expectedVersion: nil) == 2)
        try await store.delete("/a", expectedVersion: 2)
        #expect(try await store.get("/a") == nil)
    }

    @Test func missingAndPresentNodesAreToldApart() async throws {
        let store = server.connect()
        #expect(await failure { try await store.create("/a/b", [], mode: .persistent) } == .noNode)
        #expect(await failure { try await store.set("/a", [], expectedVersion: nil) } == .noNode)
        #expect(await failure { try await store.delete("/a", expectedVersion: nil) } == .noNode)
        #expect(await failure { _ = try await store.children("/a") } == .noNode)
        try await store.create("/a", [], mode: .persistent)
        #expect(await failure { try await store.create("/a", [], mode: .persistent) } == .nodeExists)
        try await store.create("/a/b", [], mode: .persistent)
        #expect(await failure { try await store.delete("/a", expectedVersion: nil) } == .notEmpty)
        #expect(await failure { try await store.create("a", [], mode: .persistent) } == .badArguments)
        #expect(await failure { try await store.create("/a//b", [], mode: .persistent) } == .badArguments)
    }

    @Test func ephemeralNodesHaveNoChildrenAndDieWithTheirSession() async throws {
        let store = server.connect()
        let other = server.connect()
        try await store.create("/e", [], mode: .ephemeral)
        #expect(await failure { try await store.create("/e/x", [], mode: .persistent) } == .noChildrenForEphemerals)
        store.expireSession()
        #expect(try await other.exists("/e") == false)
        try await store.create("/e", [], mode: .ephemeral)
        await store.close()
        #expect(try await other.exists("/e") == false)
        #expect(await failure { _ = try await store.get("/e") } == .closed)
    }

    @Test func sequentialNamesNeverRepeat() async throws {
        let store = server.connect()
        try await store.create("/q", [], mode: .persistent)
        #expect(try await store.create("/q/n-", [], mode: .persistentSequential) == "/q/n-0000000000")
        try await store.delete("/q/n-0000000000", expectedVersion: nil)
        #expect(try await store.create("/q/n-", [], mode: .ephemeralSequential) == "/q/n-0000000001")
    }

    @Test func multiIsAllOrNothing() async throws {
        let store = server.connect()
        try await store.create("/a", [], mode: .persistent)
        let code = await failure {
            try await store.multi([
                .create(path: "/b", data: [], mode: .persistent), .check(path: "/a", expectedVersion: 7),
            ])
        }
        #expect(code == .badVersion)
        #expect(try await store.exists("/b") == false)
        let results = try await store.multi([
            .create(path: "/b", data: [], mode: .persistent), .set(path: "/b", data: [1], expectedVersion: 0),
            .delete(path: "/a", expectedVersion: 0), .check(path: "/b", expectedVersion: 1),
        ])
        #expect(results == [.created("/b"), .set(1), .deleted, .checked])
        #expect(try await store.children("/") == ["b"])
    }

    @Test func dataAboveTheLimitIsRefused() async throws {
        let store = server.connect()
        let code = await failure {
            try await store.create("/big", [UInt8](repeating: 0, count: 1_048_575), mode: .persistent)
        }
        #expect(code == .tooLarge)
        try await store.create("/fits", [UInt8](repeating: 0, count: 1_048_000), mode: .persistent)
    }

    @Test func deleteRecursivelyTakesAllAndForgivesNothingThere() async throws {
        let store = server.connect()
        try await store.createDirectory("/a/b/c")
        try await store.createDirectory("/a/d")
        try await store.deleteRecursively("/a")
        try await store.deleteRecursively("/a")
        #expect(try await store.children("/") == [])
    }

    @Test func injectedFaultsHitOnceAndLostRepliesStillApply() async throws {
        let store = server.connect()
        store.failNext(where: { $0.kind == .create })
        #expect(try await store.exists("/a") == false)
        #expect(await failure { try await store.create("/a", [], mode: .persistent) } == .unavailable)
        #expect(try await store.exists("/a") == false)
        store.loseNextReply()
        #expect(await failure { try await store.create("/a", [], mode: .persistent) } == .unavailable)
        #expect(try await store.exists("/a"))
        store.crashAfterWrites(1)
        try await store.create("/b", [], mode: .persistent)
        #expect(await failure { try await store.create("/c", [], mode: .persistent) } == .closed)
    }

    @Test func sessionEventsTellTheStory() async throws {
        let store = server.connect()
        store.disconnect()
        #expect(await failure { _ = try await store.get("/") } == .unavailable)
        store.reconnect()
        store.expireSession()
        store.disconnect()
        store.expireSession()
        store.reconnect()
        await store.close()
        var seen: [SessionEvent] = []
        for await event in store.sessionEvents { seen.append(event) }
        #expect(
            seen == [
                .connected, .suspended, .reconnected, .lost, .reconnected, .suspended, .lost, .reconnected,
            ])
    }
}
