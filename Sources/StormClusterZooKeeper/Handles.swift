import StormCluster
import ZooKeeper

/// A cached tree as a view.
struct ZooKeeperView: SubtreeView {
    private let tree: CachedTree

    init(_ tree: CachedTree) { self.tree = tree }

    func snapshot() -> SubtreeSnapshot {
        let snapshot = tree.snapshot()
        return SubtreeSnapshot(root: snapshot.root, nodes: snapshot.nodes.mapValues(VersionedData.init))
    }

    var changes: AsyncStream<Void> { tree.changes() }
    func close() { tree.close() }
}

/// A kept ephemeral node with the cluster's errors.
struct KeptNode: StormCluster.EphemeralRegistration {
    private let registration: ZooKeeper.EphemeralRegistration

    init(_ registration: ZooKeeper.EphemeralRegistration) { self.registration = registration }

    var path: String { registration.path }

    func update(_ data: [UInt8]) async throws {
        do {
            try await registration.update(data)
        } catch let error as ZooKeeperError {
            throw CoordinationError(error, path: path)
        }
    }

    func close() async { await registration.close() }
}

/// A candidacy; ends with the client.
struct ZooKeeperLatch: LeaderLatchHandle {
    private let latch: LeaderLatch

    init(_ latch: LeaderLatch) { self.latch = latch }

    var isLeader: Bool { latch.isLeader }
    var lockPath: String? { latch.leadingPath }

    var events: AsyncStream<Bool> {
        let states = latch.events()
        return AsyncStream(bufferingPolicy: .bufferingNewest(2)) { continuation in
            let forwarding = Task {
                for await state in states { continuation.yield(state == .leader) }
                continuation.finish()
            }
            continuation.onTermination = { _ in forwarding.cancel() }
        }
    }

    func close() async { await latch.close() }
}
