import StormCluster
import Testing

@Suite struct FencedStoreTests {
    let server = InMemoryCoordinationServer()

    @Test func everyWriteOfTheLeaderWorks() async throws {
        let store = server.connect()
        let latch = try await store.leaderLatch("/lock", participant: "a")
        let fenced = FencedStore(store, lock: { latch.lockPath })
        try await fenced.createDirectory("/a/b")
        #expect(try await fenced.create("/a/s-", [], mode: .persistentSequential) == "/a/s-0000000001")
        #expect(try await fenced.set("/a", bytes("x"), expectedVersion: 0) == 1)
        #expect(
            try await fenced.multi([
                .set(path: "/a", data: [], expectedVersion: 1), .delete(path: "/a/b", expectedVersion: nil),
            ]) == [.set(2), .deleted])
        #expect(try await fenced.multi([]).isEmpty)
        await #expect(throws: CoordinationError(.badVersion, "/a", detail: "expected 7, found 2")) {
            try await fenced.set("/a", [], expectedVersion: 7)
        }
        try await fenced.deleteRecursively("/a")
        #expect(try await fenced.get("/a") == nil)
    }

    @Test func leaderThatWasPausedLongerThanItsSessionWritesNothing() async throws {
        let (paused, other) = (server.connect(), server.connect())
        let old = try await paused.leaderLatch("/lock", participant: "a")
        let new = try await other.leaderLatch("/lock", participant: "b")
        try await paused.create("/x", bytes("a"), mode: .persistent)
        let (refusals, feed) = AsyncStream.makeStream(of: Void.self)
        let fenced = FencedStore(paused, lock: { old.lockPath }, onRefusal: { _ in feed.yield() })
        paused.expireSessionUnnoticed()
        #expect(new.isLeader && old.isLeader, "the worst case: both believe to lead")
        try await FencedStore(other, lock: { new.lockPath }).set("/x", bytes("b"), expectedVersion: nil)
        #expect(await failure { try await fenced.set("/x", bytes("a2"), expectedVersion: nil) } == .fenced)
        #expect(await failure { try await fenced.delete("/x", expectedVersion: nil) } == .fenced)
        #expect(await failure { try await fenced.create("/y", [], mode: .persistent) } == .fenced)
        #expect(try await other.get("/x")?.bytes == bytes("b"))
        feed.finish()
        var count = 0
        for await _ in refusals { count += 1 }
        #expect(count == 3)
    }

    @Test func workOfOneLeadershipIsNotFinishedInTheNext() async throws {
        let store = server.connect()
        let latch = try await store.leaderLatch("/lock", participant: "a")
        let fenced = FencedStore(store, lock: { latch.lockPath })
        let pinned = try fenced.pinned()
        try await pinned.create("/x", [], mode: .persistent)
        store.expireSession()
        #expect(latch.isLeader, "it leads again, under a new node")
        #expect(await failure { try await pinned.create("/y", [], mode: .persistent) } == .fenced)
        #expect(try await !pinned.holds())
        #expect(try await fenced.holds())
        try await fenced.create("/y", [], mode: .persistent)
    }

    @Test func aRefusalNamesTheLeadershipThatHasGone() async throws {
        let store = server.connect()
        let latch = try await store.leaderLatch("/lock", participant: "a")
        let (refusals, feed) = AsyncStream.makeStream(of: String.self)
        let fenced = FencedStore(store, lock: { latch.lockPath }, onRefusal: { feed.yield($0) })
        let (first, pinned) = (latch.lockPath, try fenced.pinned())
        store.expireSession()
        #expect(latch.lockPath != first)
        #expect(await failure { try await pinned.create("/y", [], mode: .persistent) } == .fenced)
        feed.finish()
        var named: [String?] = []
        for await lock in refusals { named.append(lock) }
        #expect(named == [first])
    }

    @Test func nobodyWritesWithoutLeadership() async throws {
        let fenced = FencedStore(server.connect(), lock: { nil })
        #expect(await failure { try await fenced.create("/x", [], mode: .persistent) } == .fenced)
        #expect(throws: CoordinationError.self) { try fenced.pinned() }
    }
}
