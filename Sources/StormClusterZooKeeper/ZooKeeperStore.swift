package import Logging
package import StormCluster
package import ZooKeeper

/// The cluster's memory in a real ZooKeeper, below the client's chroot (`storm.zookeeper.root`).
package final class ZooKeeperStore: CoordinationStore {
    package let client: ZooKeeperClient
    /// How long views and registrations may take to become ready.
    let readyLimit: Duration

    /// - Returns: a store with a session.
    /// - Throws: `CoordinationError` `unavailable` that names the servers when there is no session within the limit.
    package static func connect(_ configuration: ZooKeeperConfiguration, logger: Logger) async throws -> ZooKeeperStore
    {
        do {
            let client = try await ZooKeeperClient.connect(configuration, logger: logger)
            return ZooKeeperStore(client)
        } catch let error as ZooKeeperError {
            throw CoordinationError(
                .unavailable, "/", detail: "no ZooKeeper at \(configuration.servers.joined(separator: ",")): \(error)")
        }
    }

    package init(_ client: ZooKeeperClient) {
        self.client = client
        readyLimit = client.configuration.sessionTimeout + client.configuration.connectTimeout
    }

    package func create(_ path: String, _ data: [UInt8], mode: NodeMode) async throws -> String {
        try await translating(path) {
            do {
                return try await client.create(path, data, mode: CreateMode(mode)).path
            } catch let error as ZooKeeperError where error.code == .noNode && NodePath.parent(of: path) == "/" {
                guard try await client.restoreChroot() else { throw error }
                return try await client.create(path, data, mode: CreateMode(mode)).path
            }
        }
    }

    package func get(_ path: String) async throws -> VersionedData? {
        do {
            return try await translating(path) { VersionedData(try await client.get(path)) }
        } catch let error as CoordinationError where error.code == .noNode {
            return nil
        }
    }

    package func set(_ path: String, _ data: [UInt8], expectedVersion: Int32?) async throws -> Int32 {
        try await translating(path) { try await client.set(path, data, version: expectedVersion).version }
    }

    package func delete(_ path: String, expectedVersion: Int32?) async throws {
        try await translating(path) { try await client.delete(path, version: expectedVersion) }
    }

    package func children(_ path: String) async throws -> [String] {
        try await translating(path) { try await client.children(path).names.sorted() }
    }

    package func exists(_ path: String) async throws -> Bool {
        try await translating(path) { try await client.exists(path) != nil }
    }

    package func multi(_ operations: [CoordinationOperation]) async throws -> [CoordinationResult] {
        do {
            return try await client.multi(operations.map(MultiOperation.init)).map(CoordinationResult.init)
        } catch let error as ZooKeeperError {
            let failed = error.failedIndex.flatMap { operations.indices.contains($0) ? operations[$0].path : nil }
            throw CoordinationError(error, path: failed ?? operations.first?.path ?? "/")
        }
    }

    package func view(of root: String, depth: Int) async throws -> any SubtreeView {
        try await ready(CachedTree(client, root: root, depth: depth))
    }

    package func view(
        of root: String, depth: Int, reducing reduce: @escaping @Sendable ([UInt8]) -> [UInt8]
    ) async throws -> any SubtreeView {
        try await ready(CachedTree(client, root: root, depth: depth, reducing: reduce))
    }

    private func ready(_ tree: CachedTree) async throws -> any SubtreeView {
        do {
            try await translating(tree.root) { try await tree.waitUntilReady(within: readyLimit) }
        } catch {
            tree.close()
            throw error
        }
        return ZooKeeperView(tree)
    }

    package func registerEphemeral(_ path: String, _ data: [UInt8]) async throws -> any StormCluster
        .EphemeralRegistration
    {
        try await createParents(of: path)
        let registration = ZooKeeper.EphemeralRegistration(
            client, path: path, data: data, foreignNode: .replace, recreatesWhenDeleted: false)
        do {
            try await translating(path) { try await registration.waitUntilRegistered(within: readyLimit) }
        } catch {
            await registration.close()
            throw error
        }
        return KeptNode(registration)
    }

    package func leaderLatch(_ path: String, participant: String) async throws -> any LeaderLatchHandle {
        ZooKeeperLatch(LeaderLatch(client, path: path, participant: Array(participant.utf8), stepDown: .whenSuspended))
    }

    package var sessionEvents: AsyncStream<StormCluster.SessionEvent> {
        let events = client.sessionEvents()
        return AsyncStream(bufferingPolicy: .bufferingNewest(16)) { continuation in
            let forwarding = Task {
                for await event in events {
                    if let known = StormCluster.SessionEvent(event.state) { continuation.yield(known) }
                }
                continuation.finish()
            }
            continuation.onTermination = { _ in forwarding.cancel() }
        }
    }

    package var traffic: CoordinationTraffic { CoordinationTraffic(client.traffic, client.session) }

    package func close() async { await client.close() }

    private func translating<R>(_ path: String, _ body: () async throws -> R) async throws -> R {
        do {
            return try await body()
        } catch let error as ZooKeeperError {
            throw CoordinationError(error, path: path)
        }
    }
}
