import FoundationEssentials
import StormCluster
@testable import StormNimbus
import StormSubmission
import StormTestSupport
import Testing

@Suite struct LeadershipTests {
    /// A topology whose one blob this nimbus has. - Returns: the blob.
    private func storeTopology(_ running: ManualNimbus) async throws -> BlobRecord {
        var topology = base("wc")
        let content = try await running.nimbus.directory.store(Array("content".utf8), unique: "x")
        let record = BlobRecord(
            key: topology.blobs[0].key, sha256: content.sha256, sizeBytes: content.sizeBytes, createdAtMilliseconds: 1,
            owner: "ann")
        topology.blobs = [BlobReference(key: record.key, sha256: record.sha256, sizeBytes: record.sizeBytes)]
        try await running.nimbus.state.blobs.create(record.key, record)
        try await running.nimbus.state.storms.create(topology.id, topology)
        return record
    }

    /// Found by simulation: a submit of an earlier leadership was refused, and that ended the present one. Its node stayed
    /// in the election, so that nobody led any more.
    @Test func aRefusedWriteOfAnEarlierLeadershipDoesNotEndThePresentOne() async throws {
        let server = InMemoryCoordinationServer()
        let folder = try TemporaryFolder()
        let running = try await ManualNimbus("a:1", server, folder: folder.path, ManualTime(), MemoryFetcher(server))
        let nimbus = running.nimbus
        #expect(try await running.lead() == nil)
        let leaderStore = try #require(nimbus.leaderState.store as? FencedStore)
        let submit = try leaderStore.pinned()
        running.store.expireSession()
        #expect(!nimbus.isLeading)
        #expect(try await running.lead() == nil)
        #expect(nimbus.isLeading)
        await #expect {
            try await submit.create("/late", [], mode: .persistent)
        } throws: { ($0 as? CoordinationError)?.code == .fenced }
        #expect(nimbus.isLeading)
        try await nimbus.leaderState.store.create("/now", [], mode: .persistent)
        await running.die()
    }

    /// Found by a drill: a leader that was killed and started again at once was named as the leader, and refused to act as
    /// one, until its former session had timed out.
    @Test func aNimbusThatStartsEndsTheCandidacyOfItsFormerProcess() async throws {
        let server = InMemoryCoordinationServer()
        let folder = try TemporaryFolder()
        let former = try await ManualNimbus(
            "a:1", server, folder: folder.path + "/a", ManualTime(), MemoryFetcher(server))
        #expect(try await former.lead() == nil)
        let other = try await ManualNimbus(
            "b:1", server, folder: folder.path + "/b", ManualTime(), MemoryFetcher(server))
        #expect(!other.latch.isLeader)
        let present = Nimbus(
            configuration: Nimbus.Configuration(
                host: "a:1", directory: folder.path + "/a", stormVersion: "test", pid: 2, user: "ann"),
            store: server.connect(), time: ManualTime(), fetcher: MemoryFetcher(server), logger: .quiet)
        try await present.endFormerCandidacy(of: "a:1")
        try await eventually { other.latch.isLeader }
        #expect(try await other.lead() == nil)
        // What the former one had on its way is refused.
        await #expect {
            try await former.nimbus.leaderState.store.create("/late", [], mode: .persistent)
        } throws: { ($0 as? CoordinationError)?.code == .fenced }
        #expect(try await present.state.store.currentLeader(ClusterPaths.leaderLock) == "b:1")
        await former.die()
        await other.die()
    }

    /// Found by simulation: a nimbus gave up the leadership while the store was away, and joined again in the same session.
    /// The node that it had left kept everybody from leading, itself too, for as long as it lived.
    @Test(.timeLimit(.minutes(1))) func aCandidacyThatWasGivenUpWhileTheStoreWasAwayIsEndedBeforeTheNext() async throws
    {
        let server = InMemoryCoordinationServer()
        let folder = try TemporaryFolder()
        let store = server.connect()
        let nimbus = Nimbus(
            configuration: Nimbus.Configuration(
                host: "a:1", directory: folder.path, stormVersion: "test", pid: 1, user: "ann"),
            store: store, time: ManualTime(), fetcher: MemoryFetcher(server), logger: .quiet)
        try await nimbus.state.prepare()
        try await nimbus.directory.prepare()
        let givenUp = try await store.leaderLatch(ClusterPaths.leaderLock, participant: "a:1")
        store.disconnect()
        await givenUp.close()
        store.reconnect()
        #expect(try await store.children(ClusterPaths.leaderLock).count == 1)
        let taking = Task { try await nimbus.takePartInElection(as: "a:1") }
        try await eventually { nimbus.isLeading }
        #expect(try await store.children(ClusterPaths.leaderLock).count == 1)
        taking.cancel()
        _ = await taking.result
    }

    /// The second one kept everybody from leading until its session had timed out.
    @Test func aFormerCandidacyThatVanishesDoesNotHideAnother() async throws {
        let server = InMemoryCoordinationServer()
        let folder = try TemporaryFolder()
        let store = server.connect()
        let present = Nimbus(
            configuration: Nimbus.Configuration(
                host: "a:1", directory: folder.path, stormVersion: "test", pid: 2, user: "ann"),
            store: store, time: ManualTime(), fetcher: MemoryFetcher(server), logger: .quiet)
        try await present.state.prepare()
        try await store.createParents(of: ClusterPaths.leaderLock + "/x")
        for name in ["former-1", "former-2"] {
            let path = NodePath.join(ClusterPaths.leaderLock, name)
            try await store.create(path, Array("a:1".utf8), mode: .persistent)
        }
        store.failNext(.noNode, where: { $0.kind == .delete })
        try await present.endFormerCandidacy(of: "a:1")
        #expect(try await store.children(ClusterPaths.leaderLock) == ["former-1"])
    }

    /// The cluster of one nimbus had no leader any more after its next start, for one file.
    @Test(arguments: ["contenT", "cont", ""])
    func aDamagedBlobDoesNotKeepALoneNimbusFromLeading(bytes: String) async throws {
        let server = InMemoryCoordinationServer()
        let folder = try TemporaryFolder()
        let running = try await ManualNimbus("a:1", server, folder: folder.path, ManualTime(), MemoryFetcher(server))
        let directory = running.nimbus.directory
        let record = try await storeTopology(running)
        try Data(bytes.utf8).write(to: URL(filePath: directory.path(record.sha256)))
        let catalog = running.nimbus.catalog
        await #expect(throws: TransferError.self) { try await catalog.ensureSound(record) }
        #expect(try await running.lead() == nil)
        #expect(running.nimbus.isLeading)
        // Without any copy it is not fit.
        try await directory.remove(record.sha256)
        #expect(try await running.nimbus.missingBlobs() == [record.key])
        await running.die()
    }

    /// It kept the leadership and asked its disk for ever, and no other nimbus could lead.
    @Test func aNimbusWhoseDiskCannotTellWhatIsThereIsNotFitToLead() async throws {
        let server = InMemoryCoordinationServer()
        let folder = try TemporaryFolder()
        let running = try await ManualNimbus("a:1", server, folder: folder.path, ManualTime(), MemoryFetcher(server))
        let directory = running.nimbus.directory
        let record = try await storeTopology(running)
        #expect(try await running.nimbus.missingBlobs() == [])
        // A file where a folder should be: every look is an error.
        let bucket = String(directory.path(record.sha256).dropLast(record.sha256.count + 1))
        try FileManager.default.removeItem(atPath: bucket)
        try Data().write(to: URL(filePath: bucket))
        await #expect(throws: DiskError.self) { _ = try await directory.has(record.sha256) }
        #expect(try await running.nimbus.missingBlobs() == [record.key])
        await running.die()
    }

    @Test func aRefusedWriteOfThePresentLeadershipEndsIt() async throws {
        let server = InMemoryCoordinationServer()
        let folder = try TemporaryFolder()
        let running = try await ManualNimbus("a:1", server, folder: folder.path, ManualTime(), MemoryFetcher(server))
        #expect(try await running.lead() == nil)
        running.store.expireSessionUnnoticed()
        await #expect {
            try await running.nimbus.leaderState.store.create("/late", [], mode: .persistent)
        } throws: { ($0 as? CoordinationError)?.code == .fenced }
        #expect(!running.nimbus.isLeading)
        await running.die()
    }
}
