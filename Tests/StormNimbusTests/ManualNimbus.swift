import Logging
import StormCluster
import StormCore
@testable import StormNimbus
import StormSubmission
import StormTestSupport
import Synchronization

/// Copies blobs between nimbuses of one process; one that has died has nothing to give.
final class MemoryFetcher: BlobFetcher {
    private let directories = Mutex<[String: BlobDirectory]>([:])
    private let state: ClusterState

    init(_ server: InMemoryCoordinationServer) { state = ClusterState(server.connect()) }

    func add(_ identity: String, _ directory: BlobDirectory) { directories.withLock { $0[identity] = directory } }
    func remove(_ identity: String) { directories.withLock { $0[identity] = nil } }

    func fetch(_ key: String, from holder: String, to path: String) async throws -> ContentHash {
        guard let directory = directories.withLock({ $0[holder] }), let record = try await state.blobs.get(key)?.record
        else { throw TransferError(description: "\(holder) is down, or there is no \(key)") }
        let bytes = try await directory.load(record.sha256, bytesMax: 1 << 20)
        var file = try await DiskFile.creating(path)
        try await file.write(bytes)
        try await file.synchronize()
        await file.close()
        return file.content
    }
}

/// A nimbus without its loops: a test takes each step, so that every run is the same.
final class ManualNimbus: Sendable {
    let store: InMemoryCoordinationStore
    let nimbus: Nimbus
    let identity: String
    let latch: any LeaderLatchHandle
    private let fetcher: MemoryFetcher
    private let presence: Presence
    private let time: ManualTime
    private let following: Mutex<Task<Void, any Error>?>

    /// Joins the election behind those that are there.
    /// - Parameter blobs: gets them in place of `fetcher`.
    init(
        _ identity: String, _ server: InMemoryCoordinationServer, folder: String, _ time: ManualTime,
        _ fetcher: MemoryFetcher, blobs: (any BlobFetcher)? = nil
    ) async throws {
        let store = server.connect()
        var configuration = Nimbus.Configuration(
            host: identity, directory: folder, stormVersion: "test", pid: 1, user: "ann")
        configuration.reconciler.blobDelayMilliseconds = 0
        configuration.reconciler.liveness.settleMilliseconds = 0
        let nimbus = Nimbus(
            configuration: configuration, store: store, time: time, fetcher: blobs ?? fetcher, logger: .quiet)
        try await nimbus.directory.prepare()
        try await nimbus.state.prepare()
        await nimbus.catalog.join(as: identity)
        _ = try await nimbus.clusterWatch.look()
        let record = NimbusRecord(host: identity, port: 1, pid: 1, startedAtMilliseconds: 1, stormVersion: "test")
        presence = try Presence(state: nimbus.state, identity: identity, record: record)
        try await presence.register()
        _ = try await nimbus.catalog.synchronize()
        latch = try await store.leaderLatch(ClusterPaths.leaderLock, participant: identity)
        fetcher.add(identity, nimbus.directory)
        (self.store, self.nimbus, self.identity, self.time, self.fetcher) = (store, nimbus, identity, time, fetcher)
        following = Mutex(nil)
    }

    /// What a follower does all the time: gets blobs as they appear.
    func followBlobs() async throws {
        let view = try await store.view(of: ClusterPaths.blobStore, depth: 2)
        let task = Task { [nimbus] in
            for await _ in view.changes { _ = try await nimbus.catalog.synchronize() }
        }
        following.withLock { $0 = task }
    }

    /// - Returns: blobs it lacks for that; nil when it leads.
    func lead() async throws -> [String]? { try await nimbus.becomeLeader(latch) }

    /// Rounds until nothing changes, as the loop of a nimbus makes them: errors that pass are tried again.
    func settle() async throws {
        for _ in 0..<60 {
            do {
                if try await nimbus.reconciler.round().changeCount == 0 { break }
            } catch let error as CoordinationError where error.isRetriable || error.code == .badVersion {
                continue
            }
        }
        _ = try await nimbus.catalog.synchronize()
    }

    /// Settles again and again while time passes, at most ten minutes of it.
    func settle(until isSo: () async throws -> Bool) async throws -> Bool {
        for _ in 0..<120 {
            try await settle()
            if try await isSo() { return true }
            time.advance(seconds: 5)
        }
        return false
    }

    /// As if the process had died, or (the same to all others) its machine.
    func die() async {
        following.withLock { $0 }?.cancel()
        fetcher.remove(identity)
        leaveLeadership()
        await store.close()
    }

    private func leaveLeadership() { nimbus.leadership.end() }
}
