import FoundationEssentials
import StormCluster
import StormCore
@testable import StormNimbus
import StormSubmission
import StormTestSupport
import Synchronization
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

    /// Of two registrations of one node nobody closed the first, which brought the node back with each new session.
    @Test func announcingABlobSeveralTimesAtOnceMakesOneRegistration() async throws {
        let server = InMemoryCoordinationServer()
        let folder = try TemporaryFolder()
        let nimbus = try await ManualNimbus("a:1", server, folder: folder.path, ManualTime(), MemoryFetcher(server))
        try await nimbus.nimbus.state.blobs.create("mine", record("mine", "aa"))
        let before = nimbus.store.writesDone
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<16 { group.addTask { try await nimbus.nimbus.catalog.announce("mine", "aa") } }
            try await group.waitForAll()
        }
        #expect(nimbus.store.writesDone == before + 1)
        await nimbus.die()
    }

    /// Found by simulation: after a wipe the announcements of all nimbuses came back, each below an empty node, and none of
    /// these nodes could be deleted ever after.
    @Test func announcementThatComesBackAfterAWipeGoesWithItsEmptyNode() async throws {
        let server = InMemoryCoordinationServer()
        let folder = try TemporaryFolder()
        let fetcher = MemoryFetcher(server)
        var nimbuses: [ManualNimbus] = []
        for name in ["a", "b"] {
            nimbuses.append(
                try await ManualNimbus("\(name):1", server, folder: "\(folder.path)/\(name)", ManualTime(), fetcher))
        }
        let state = nimbuses[0].nimbus.state
        try await state.blobs.create("mine", record("mine", "aa"))
        for nimbus in nimbuses { try await nimbus.nimbus.catalog.announce("mine", "aa") }
        server.wipe()
        try await state.prepare()
        // As the clients make them again in a new session: with the parents that are missing.
        try await state.store.create(ClusterPaths.blob("mine"), [], mode: .persistent)
        for nimbus in nimbuses { nimbus.store.expireSession() }
        #expect(try await state.blobReplicas("mine").ids() == ["a:1", "b:1"])
        for nimbus in nimbuses { _ = try await nimbus.nimbus.catalog.synchronize() }
        #expect(server.dump().keys.allSatisfy { !$0.contains("mine") })
        for nimbus in nimbuses { await nimbus.die() }
    }

    /// The older of two exchanges took back what the younger had noted: contents of deleted blobs stayed.
    @Test func exchangesOfBlobsGoOneAfterTheOther() async throws {
        let server = InMemoryCoordinationServer()
        let folder = try TemporaryFolder()
        let fetcher = HeldFetcher()
        let nimbus = try await ManualNimbus(
            "a:1", server, folder: folder.path, ManualTime(), MemoryFetcher(server), blobs: fetcher)
        let catalog = nimbus.nimbus.catalog
        try await nimbus.nimbus.state.blobs.create("mine", record("mine", "aa"))
        let other = server.connect()
        _ = try await other.registerEphemeral(
            ClusterPaths.blobReplica("mine", nimbus: "b:1"), try RecordCodec.encode(BlobReplicaRecord(sha256: "aa")))
        let first = Task { try await catalog.synchronize() }
        await fetcher.hasBegun()
        let second = Task { try await catalog.synchronize() }
        for _ in 0..<1000 { await Task.yield() }
        #expect(fetcher.underWay == 1)
        fetcher.release()
        #expect(try await first.value == ["mine"])
        #expect(try await second.value == ["mine"])
        #expect(fetcher.underWayMax == 1)
        await nimbus.die()
    }

    /// Two nimbuses that hold a blob with this content.
    private func twoHolders(
        _ server: InMemoryCoordinationServer, _ folder: TemporaryFolder, content: String = "content"
    ) async throws -> (nimbuses: [ManualNimbus], record: BlobRecord) {
        let fetcher = MemoryFetcher(server)
        var nimbuses: [ManualNimbus] = []
        for name in ["a", "b"] {
            nimbuses.append(
                try await ManualNimbus("\(name):1", server, folder: "\(folder.path)/\(name)", ManualTime(), fetcher))
        }
        let content = try await nimbuses[0].nimbus.directory.store(Array(content.utf8), unique: "x")
        let record = BlobRecord(
            key: "mine", sha256: content.sha256, sizeBytes: content.sizeBytes, createdAtMilliseconds: 1, owner: "ann")
        try await nimbuses[0].nimbus.state.blobs.create("mine", record)
        for nimbus in nimbuses { #expect(try await nimbus.nimbus.catalog.synchronize() == []) }
        return (nimbuses, record)
    }

    private func spoil(_ nimbus: ManualNimbus, _ record: BlobRecord, _ bytes: String) throws {
        try Data(bytes.utf8).write(to: URL(filePath: nimbus.nimbus.directory.path(record.sha256)))
    }

    /// Every supervisor got the damaged code, refused it, and asked the same nimbus again for ever.
    @Test(arguments: ["contenT", "cont", ""])
    func damagedBlobIsFetchedFromAnotherNimbusBeforeItIsGivenAway(bytes: String) async throws {
        let server = InMemoryCoordinationServer()
        let folder = try TemporaryFolder()
        let (nimbuses, record) = try await twoHolders(server, folder)
        let first = nimbuses[0].nimbus
        try await first.catalog.ensureSound(record)
        try spoil(nimbuses[0], record, bytes)
        try await first.catalog.ensureSound(record)
        #expect(try await first.directory.load(record.sha256, bytesMax: 100) == Array("content".utf8))
        #expect(try await first.state.blobReplicas("mine").ids() == ["a:1", "b:1"])
        for nimbus in nimbuses { await nimbus.die() }
    }

    @Test func halfABlobCountsAsNone() async throws {
        let server = InMemoryCoordinationServer()
        let folder = try TemporaryFolder()
        let (nimbuses, record) = try await twoHolders(server, folder)
        try spoil(nimbuses[0], record, "con")
        let directory = nimbuses[0].nimbus.directory
        #expect(try await nimbuses[0].nimbus.catalog.synchronize() == [])
        #expect(try await directory.load(record.sha256, bytesMax: 100) == Array("content".utf8))
        for nimbus in nimbuses { await nimbus.die() }
    }

    @Test func blobThatIsDamagedEverywhereIsGivenToNobody() async throws {
        let server = InMemoryCoordinationServer()
        let folder = try TemporaryFolder()
        let (nimbuses, record) = try await twoHolders(server, folder)
        await nimbuses[1].die()
        try spoil(nimbuses[0], record, "contenT")
        let catalog = nimbuses[0].nimbus.catalog
        await #expect {
            try await catalog.ensureSound(record)
        } throws: { "\($0)".contains("damaged on the disk of a:1") }
        #expect(try await nimbuses[0].nimbus.state.blobReplicas("mine").ids().filter { $0 == "a:1" } == [])
        #expect(try await catalog.synchronize() == ["mine"])
        // It was announced for clients that ask, because a file was there.
        await #expect(throws: TransferError.self) {
            try await nimbuses[0].nimbus.handler.createStateInZookeeper(key: "mine")
        }
        #expect(try await nimbuses[0].nimbus.state.blobReplicas("mine").ids().filter { $0 == "a:1" } == [])
        // It stays: it may be all that there is of it.
        let directory = nimbuses[0].nimbus.directory
        try await directory.prepare()
        #expect(try await directory.load(record.sha256, bytesMax: 100) == Array("contenT".utf8))
        // Uploaded again.
        #expect(try await directory.store(Array("content".utf8), unique: "y").sha256 == record.sha256)
        #expect(try await catalog.synchronize() == [])
        try await catalog.ensureSound(record)
        #expect(try await nimbuses[0].nimbus.state.blobReplicas("mine").ids().contains("a:1"))
        await nimbuses[0].die()
    }

    /// Puts something in the blob's place that is found, and fails to be read, as on a broken disk. As long as nothing.
    private func breakDisk(_ nimbus: Nimbus, _ record: BlobRecord) async throws {
        let path = nimbus.directory.path(record.sha256)
        try await Disk.remove(path)
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/proc/self/mem")
        await #expect(throws: DiskError.self) { _ = try await nimbus.directory.content(record.sha256) }
    }

    /// Everybody who asked this nimbus heard of the disk's error, each time.
    @Test func blobThatTheDiskCannotReadIsFetchedFromAnotherNimbus() async throws {
        let server = InMemoryCoordinationServer()
        let folder = try TemporaryFolder()
        let (nimbuses, record) = try await twoHolders(server, folder, content: "")
        let first = nimbuses[0].nimbus
        try await breakDisk(first, record)
        try await first.catalog.ensureSound(record)
        #expect(try await first.directory.content(record.sha256).sha256 == record.sha256)
        #expect(try await first.state.blobReplicas("mine").ids() == ["a:1", "b:1"])
        for nimbus in nimbuses { await nimbus.die() }
    }

    @Test func blobThatNoDiskCanReadIsTriedAgain() async throws {
        let server = InMemoryCoordinationServer()
        let folder = try TemporaryFolder()
        let (nimbuses, record) = try await twoHolders(server, folder, content: "")
        await nimbuses[1].die()
        let first = nimbuses[0].nimbus
        try await breakDisk(first, record)
        for _ in 0..<2 {
            await #expect {
                try await first.catalog.ensureSound(record)
            } throws: { "\($0)".contains("cannot read") }
            // Not given up: the next read may succeed.
            #expect(try await first.catalog.synchronize() == [])
        }
        await nimbuses[0].die()
    }

    /// The topology of a submit has the same bytes as that of the former one, which was killed: it went from the disk before
    /// the submit was in the store, and the new topology could never start.
    @Test(arguments: [1, 2])
    func contentThatComesAgainWhileItIsTidiedAwayStays(question: Int) async throws {
        let server = InMemoryCoordinationServer()
        let folder = try TemporaryFolder()
        let time = ManualTime()
        let nimbus = try await ManualNimbus("a:1", server, folder: folder.path, time, MemoryFetcher(server))
        let (catalog, directory) = (nimbus.nimbus.catalog, nimbus.nimbus.directory)
        let content = try await directory.store(Array("content".utf8), unique: "x")
        _ = try await catalog.synchronize()
        time.advance(seconds: 599)
        _ = try await catalog.synchronize()
        #expect(try await directory.has(content.sha256))
        time.advance(seconds: 1)
        let asked = Mutex(0)
        _ = try await catalog.synchronize(protected: {
            let number = asked.withLock { count in
                count += 1
                return count
            }
            // Nothing can be wrong with this disk.
            if number == question { _ = try? await directory.store(Array("content".utf8), unique: "y") }
            return []
        })
        let questions = asked.withLock { $0 }
        #expect(questions >= question)
        #expect(try await directory.has(content.sha256))
        // From now on it has as long as any other.
        _ = try await catalog.synchronize()
        time.advance(seconds: 600)
        _ = try await catalog.synchronize()
        #expect(try await !directory.has(content.sha256))
        await nimbus.die()
    }

    /// Its content went from the disks of all nimbuses, ten minutes after a newer one had written the record.
    @Test func nothingIsTidiedAwayWhileTheRecordOfABlobCannotBeRead() async throws {
        let server = InMemoryCoordinationServer()
        let folder = try TemporaryFolder()
        let time = ManualTime()
        let nimbus = try await ManualNimbus("a:1", server, folder: folder.path, time, MemoryFetcher(server))
        let (catalog, directory) = (nimbus.nimbus.catalog, nimbus.nimbus.directory)
        let content = try await directory.store(Array("content".utf8), unique: "x")
        _ = try await catalog.synchronize()
        try await nimbus.store.create(ClusterPaths.blob("mine"), Array("{".utf8), mode: .persistent)
        time.advance(seconds: 600)
        #expect(try await catalog.synchronize() == [])
        #expect(try await directory.has(content.sha256))
        try await nimbus.store.delete(ClusterPaths.blob("mine"), expectedVersion: nil)
        _ = try await catalog.synchronize()
        #expect(try await !directory.has(content.sha256))
        await nimbus.die()
    }

    /// An earlier version took it away before it had another one, and deleted it with its next start.
    @Test func damagedBlobThatWasTakenAwayIsPutBackUnlessThereIsAnother() async throws {
        let folder = try TemporaryFolder()
        let directory = BlobDirectory(root: folder.path)
        try await directory.prepare()
        let content = try await directory.store(Array("content".utf8), unique: "x")
        let away = folder.path + "/damaged/" + content.sha256
        try await Disk.makeDirectory(folder.path + "/damaged")
        try await Disk.rename(directory.path(content.sha256), to: away)
        try await directory.prepare()
        #expect(try await directory.has(content.sha256))
        try Data("contenT".utf8).write(to: URL(filePath: away))
        try await directory.prepare()
        #expect(try await directory.load(content.sha256, bytesMax: 100) == Array("content".utf8))
        #expect(try await Disk.size(away) == nil)
    }

    /// It counted as sound, as if it had been hashed since.
    @Test func uploadThatWasDamagedBeforeItsSubmitIsFound() async throws {
        let server = InMemoryCoordinationServer()
        let folder = try TemporaryFolder()
        let nimbus = try await ManualNimbus("a:1", server, folder: folder.path, ManualTime(), MemoryFetcher(server))
        let uploads = nimbus.nimbus.uploads
        let location = try await uploads.begin()
        try await uploads.append(location, Array("content".utf8))
        let content = try await uploads.finish(location)
        let record = BlobRecord(
            key: "mine", sha256: content.sha256, sizeBytes: content.sizeBytes, createdAtMilliseconds: 1, owner: "ann")
        let catalog = nimbus.nimbus.catalog
        try await catalog.ensureSound(record)
        // In another file, so that it differs from the former one also within a tick of the disk's clock.
        let other = folder.path + "/other"
        try Data("contenT".utf8).write(to: URL(filePath: other))
        try await Disk.rename(other, to: nimbus.nimbus.directory.path(content.sha256))
        await #expect {
            try await catalog.ensureSound(record)
        } throws: { "\($0)".contains("damaged on the disk of a:1") }
        await nimbus.die()
    }

    /// It counted as the id of another cluster: no code was ever tidied away again.
    @Test(arguments: ["", "26548271a867ba1f", "\u{0}\u{0}\u{0}\u{0}"])
    func damagedClusterIDIsWrittenAnew(content: String) async throws {
        let server = InMemoryCoordinationServer()
        let folder = try TemporaryFolder()
        let nimbus = try await ManualNimbus("a:1", server, folder: folder.path, ManualTime(), MemoryFetcher(server))
        let directory = nimbus.nimbus.directory
        let id = try await directory.clusterID()
        _ = try await directory.store(Array("content".utf8), unique: "x")
        try await directory.setClusterID(content)
        let watch = ClusterWatch(state: nimbus.nimbus.state, directory: directory, logger: .quiet)
        #expect(try await watch.look() == .intact)
        #expect(await watch.ownsBlobs)
        #expect(try await directory.clusterID() == id)
        await nimbus.die()
    }

    private func record(_ key: String, _ sha256: String) -> BlobRecord {
        BlobRecord(key: key, sha256: sha256, sizeBytes: 1, createdAtMilliseconds: 1, owner: "ann")
    }
}

/// Fetches nothing, and not before it is released.
private final class HeldFetcher: BlobFetcher {
    private struct State {
        var underWay = 0
        var underWayMax = 0
    }

    private let state = Mutex(State())
    private let (begun, beginning) = AsyncStream.makeStream(of: Void.self)
    private let (released, releasing) = AsyncStream.makeStream(of: Void.self)

    var underWay: Int { state.withLock { $0.underWay } }
    var underWayMax: Int { state.withLock { $0.underWayMax } }

    func hasBegun() async { for await _ in begun { return } }
    func release() { releasing.finish() }

    func fetch(_ key: String, from holder: String, to path: String) async throws -> ContentHash {
        state.withLock { state in
            state.underWay += 1
            state.underWayMax = max(state.underWayMax, state.underWay)
        }
        beginning.yield()
        for await _ in released {}
        state.withLock { $0.underWay -= 1 }
        throw TransferError(description: "nothing to give")
    }
}
