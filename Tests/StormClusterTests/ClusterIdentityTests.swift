import StormCluster
import Testing

@Suite struct ClusterIdentityTests {
    let server = InMemoryCoordinationServer()

    @Test func firstDaemonGivesTheClusterAnIdThatStays() async throws {
        let (a, b) = (ClusterState(server.connect()), ClusterState(server.connect()))
        #expect(try await ClusterIdentity.read(a.store) == nil)
        try await a.prepare()
        let id = try #require(try await ClusterIdentity.read(a.store))
        #expect(id.count == 32)
        try await b.prepare()
        #expect(try await ClusterIdentity.read(b.store) == id)
    }

    @Test func verdicts() {
        #expect(ClusterIdentity.verdict(remembered: "a", present: "a") == .same)
        #expect(ClusterIdentity.verdict(remembered: nil, present: "a") == .same)
        #expect(ClusterIdentity.verdict(remembered: "a", present: nil) == .wiped)
        #expect(ClusterIdentity.verdict(remembered: nil, present: nil) == .wiped)
        #expect(ClusterIdentity.verdict(remembered: "a", present: "b") == .replaced("b"))
    }

    @Test func wipeThatHasOnlyJustBegunIsSeenAsOne() async throws {
        let store = server.connect()
        let state = ClusterState(store)
        try await state.prepare()
        // Assignments and blobs' holders, the deepest things that daemons go by, are not as deep as the mark.
        try await store.createDirectory("/assignments/t-1-1")
        try await store.createDirectory("/blobstore/key/host:6627")
        let deepest = server.dump().keys.max { NodePath.ancestors(of: $0).count < NodePath.ancestors(of: $1).count }
        try await store.delete(try #require(deepest), expectedVersion: nil)
        #expect(try await ClusterIdentity.read(store) == nil)
        #expect(try await store.exists("/assignments/t-1-1"))
    }

    @Test func wipedClusterGetsAnotherId() async throws {
        let state = ClusterState(server.connect())
        try await state.prepare()
        let id = try await ClusterIdentity.read(state.store)
        server.wipe()
        #expect(try await ClusterIdentity.read(state.store) == nil)
        try await state.prepare()
        let new = try await ClusterIdentity.read(state.store)
        #expect(new != nil && new != id)
    }

    /// Found by simulation: no daemon could start any more.
    @Test func placeWithoutContentGetsAnId() async throws {
        let state = ClusterState(server.connect())
        try await state.store.createDirectory(Znode.clusterMark.path())
        #expect(try await ClusterIdentity.read(state.store) == nil)
        try await state.prepare()
        let id = try #require(try await ClusterIdentity.read(state.store))
        #expect(id.count == 32)
        try await state.prepare()
        #expect(try await ClusterIdentity.read(state.store) == id)
    }

    @Test func candidateJoinsAgainAfterAWipe() async throws {
        let (a, b) = (server.connect(), server.connect())
        let first = try await a.leaderLatch("/lock", participant: "a")
        let second = try await b.leaderLatch("/lock", participant: "b")
        let before = first.lockPath
        server.wipe()
        #expect(first.isLeader != second.isLeader)
        #expect(first.lockPath != before)
        #expect(try await a.currentLeader("/lock") == (first.isLeader ? "a" : "b"))
    }
}
