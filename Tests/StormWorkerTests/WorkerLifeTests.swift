import Logging
import StormCluster
import StormCore
import StormProcess
import StormTestSupport
import Testing

@testable import StormWorker

/// A worker's start, its life through trouble, and its end.
@Suite(.timeLimit(.minutes(2)))
struct WorkerLifeTests {
    @Test
    func runsAndShowsItselfUntilItIsAskedToStop() async throws {
        let world = try await WorkerWorld()
        try await world.running {
            try await eventually("not running") { try await world.beat()?.state == .running }
            try await eventually("spouts are off") { world.isOn.current }
        }
        #expect(try await world.beat() == nil)
        #expect(!world.isOn.current)
    }

    @Test
    func stopsAtOnceWhileItWaitsForItsPeers() async throws {
        let world = try await WorkerWorld()
        world.network.isConnected.set(false)
        try await world.running {
            try await eventually("not started") { try await world.beat()?.state == .starting }
            _ = await world.log.first { $0.message.contains("spouts wait") }
            #expect(!world.isOn.current)
        }
        world.network.isConnected.set(true)
    }

    @Test
    func stopsAtOnceWhileAComponentStarts() async throws {
        let world = try await WorkerWorld(boltStarts: false)
        try await world.running {
            try await eventually("not started") { try await world.beat()?.state == .starting }
        }
        #expect(try await world.beat() == nil)
        world.gate.open()
    }

    @Test
    func hearsOfAnotherAssignmentWhileItWaitsForItsPeers() async throws {
        let world = try await WorkerWorld()
        world.network.isConnected.set(false)
        try await world.running(endsByItself: true) {
            try await eventually("not started") { try await world.beat()?.state == .starting }
            try await world.admin.assignments.update(WorkerWorld.id) { $0.workers[0].incarnation = 4 }
        }
        world.network.isConnected.set(true)
    }

    @Test
    func startsWithWhatItsSupervisorKnewWhileTheStoreIsAwayAndJoinsLater() async throws {
        let world = try await WorkerWorld()
        world.store.disconnect()
        try await world.running {
            try await eventually("spouts are off") { world.isOn.current }
            #expect(try await world.beat() == nil)
            world.store.reconnect()
            try await eventually("does not join") { try await world.beat()?.state == .running }
            try await world.admin.storms.update(WorkerWorld.id) { $0.status = .inactive }
            try await eventually("does not follow its topology") { !world.isOn.current }
        }
    }

    @Test
    func withoutStoreAndWithoutKnowledgeItSaysSoAndEnds() async throws {
        let world = try await WorkerWorld()
        world.store.disconnect()
        let worker = try world.worker(knows: false)
        let error = await #expect(throws: CoordinationError.self) {
            try await worker.run(stop: AsyncStream { _ in })
        }
        #expect(error?.code == .unavailable)
    }

    @Test
    func doesNotStartForAnAssignmentOfThePast() async throws {
        let world = try await WorkerWorld()
        try await world.admin.assignments.update(WorkerWorld.id) { $0.workers[0].incarnation = 4 }
        try await world.running(endsByItself: true) {}
        #expect(world.log.messages().contains { $0.contains("not starting") })
    }

    @Test
    func lostSessionMakesItsNodeAgainAndStopsNothing() async throws {
        let world = try await WorkerWorld()
        try await world.running {
            try await eventually("not running") { try await world.beat()?.state == .running && world.isOn.current }
            world.store.expireSession()
            try await eventually("no node") { try await world.beat()?.state == .running }
            #expect(world.isOn.current)
        }
    }

    @Test
    func storeThatLostEverythingStopsNothing() async throws {
        let world = try await WorkerWorld()
        try await world.running(endsByItself: true) {
            try await eventually("not running") { try await world.beat()?.state == .running && world.isOn.current }
            for directory in [ClusterPaths.assignments, ClusterPaths.storms, ClusterPaths.workerBeats] {
                try await world.admin.store.deleteRecursively(directory)
            }
            #expect(await world.log.first { $0.level == .error && $0.message.contains("is gone") } != nil)
            #expect(world.isOn.current)
            // Set up again with the topology: nothing has happened.
            try await world.setUp()
            try await eventually("no node") { try await world.beat()?.state == .running }
            #expect(world.isOn.current)
            // Removed for good.
            try await world.admin.assignments.delete(WorkerWorld.id)
            try await world.admin.storms.delete(WorkerWorld.id)
        }
        #expect(world.log.messages().contains { $0.contains("the topology was removed") })
    }

    /// Found by simulation: a worker that its supervisor had started again after the wipe took the new cluster for its own.
    @Test
    func workerOfAClusterThatWasWipedStartsAgainAndGoesOn() async throws {
        let world = try await WorkerWorld()
        let cluster = try await ClusterIdentity.read(world.admin.store)
        world.server.wipe()
        try await world.admin.prepare()
        let worker = try world.worker(cluster: cluster)
        let (stop, stopFeed) = AsyncStream.makeStream(of: Void.self)
        let running = Task { try await worker.run(stop: stop) }
        #expect(await world.log.first { $0.level == .error && $0.message.contains("ZooKeeper was wiped") } != nil)
        try await eventually("spouts are off") { world.isOn.current }
        try world.askToStop()
        stopFeed.yield()
        try await running.value
        #expect(!world.log.messages().contains { $0.contains("the topology was removed") })
    }

    @Test
    func signsOfLifeComeBeforeAnythingElseAndStopWithTheWorker() async throws {
        let world = try await WorkerWorld(boltStarts: false)
        try SystemFile.makeUntouched(world.heartbeat)
        try await world.running {
            try await eventually("no sign of life") { SystemFile.touchedNanoseconds(world.heartbeat) ?? 0 > 0 }
            let first = SystemFile.touchedNanoseconds(world.heartbeat)
            try await eventually("no second one") { SystemFile.touchedNanoseconds(world.heartbeat) != first }
            world.gate.open()
        }
    }
}
