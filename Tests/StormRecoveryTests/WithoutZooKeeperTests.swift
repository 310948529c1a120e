import FoundationEssentials
import Logging
import StormClusterZooKeeper
import StormManifest
import StormProcess
import StormSupervisor
import StormTestSupport
import Testing
import ZooKeeper

struct WithoutZooKeeperTests {
    /// Nobody listens where its ZooKeeper should be.
    @Test(.timeLimit(.minutes(1)))
    func supervisorStartsWithItsLastAssignmentsAndStopsAtOnce() async throws {
        let folder = try TemporaryFolder()
        let paths = SupervisorPaths(local: folder.path + "/local", logs: folder.path + "/logs")
        #expect(!paths.hasFormerLife)
        try folder.write("{\"version\": 1, \"slots\": []}", to: "local/supervisor/assignments.json")
        #expect(paths.hasFormerLife)
        let address = "127.0.0.1:\(try FreePort.find())"
        let log = RecordingLog()
        let store = ZooKeeperStore(
            try ZooKeeperClient(ZooKeeperConfiguration(servers: [address]), logger: log.logger(level: .critical)))
        var configuration = SupervisorConfiguration(
            paths: paths, host: "127.0.0.1", stormVersion: "test", zookeeper: .init(servers: [address]))
        configuration.storeWait = .milliseconds(100)
        let supervisor = try Supervisor(
            configuration, store: store, blobs: FileBlobs(), launcher: ChildWorkerLauncher(), logger: log.logger())
        let running = Task { try await supervisor.run() }
        #expect(await log.first { $0.message.contains("goes on with the last known assignments") } != nil)
        let begin = ContinuousClock.now
        supervisor.stop()
        try await running.value
        await store.close()
        #expect(ContinuousClock.now - begin < .seconds(10))
    }
}
