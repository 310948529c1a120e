import Logging
import StormCluster
import StormClusterZooKeeper
import Testing
import ZooKeeper
import ZooKeeperServer

/// ZooKeeper's data is deleted while clients run: the tree comes back, root and all, under another id.
@Suite(.serialized, .timeLimit(.minutes(2))) struct WipedServerTests {
    @Test func treeIsSetUpAgainAfterTheDataWasDeleted() async throws {
        let server = try await ZooKeeperServer.start(.forTests)
        var configuration = ZooKeeperConfiguration(servers: [server.connectString])
        configuration.chroot = "/storm"
        configuration.createsChroot = true
        configuration.sessionTimeout = .seconds(4)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let store = try await ZooKeeperStore.connect(configuration, logger: logger)
        let state = ClusterState(store)
        try await state.prepare()
        let id = try await ClusterIdentity.read(store)
        let registration = try await store.registerEphemeral("/nimbuses/me", [1])
        let latch = try await store.leaderLatch(ClusterPaths.leaderLock, participant: "me")
        for await leads in latch.events where leads { break }
        let lock = latch.lockPath
        try await server.wipe()
        try await server.restart()

        let deadline = ContinuousClock.now + .seconds(60)
        var new: String?
        while new == nil, ContinuousClock.now < deadline {
            do {
                try await state.prepare()
                new = try await ClusterIdentity.read(store)
            } catch let error as CoordinationError where error.isRetriable {
                continue
            }
        }
        #expect(new != nil && new != id)
        for await leads in latch.events where leads && latch.lockPath != lock { break }
        let view = try await store.view(of: registration.path, depth: 0)
        for await _ in view.changes where view.snapshot()[registration.path]?.bytes == [1] { break }
        view.close()
        await store.close()
        try await server.remove()
    }
}
