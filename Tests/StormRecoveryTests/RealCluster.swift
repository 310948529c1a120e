import FoundationEssentials
import Glibc
import Logging
import StormCluster
import StormClusterZooKeeper
import StormCore
import StormManifest
import StormProcess
import StormSupervisor
import StormTestSupport
import Testing
import ZooKeeper
import ZooKeeperServer

/// A real ZooKeeper, a supervisor in this process, and real worker processes of the example topology Exclamation; the
/// test writes the records that a nimbus would write.
final class RealCluster: Sendable {
    static let id = "shout-1-1"

    let server: ZooKeeperServer
    let folder: TemporaryFolder
    let admin: ClusterState
    let store: ZooKeeperStore
    let supervisor: Supervisor
    let log = RecordingLog()
    let ports: [Int]
    private let code: BlobReference
    private let adminStore: ZooKeeperStore
    private let running: Task<Void, any Error>

    /// The example's program, built along with the tests.
    static var program: String? {
        guard let me = realpath("/proc/self/exe", nil) else { return nil }
        defer { free(me) }
        let folder = String(cString: me).split(separator: "/").dropLast().joined(separator: "/")
        let path = "/\(folder)/Exclamation"
        return SystemFile.exists(path) ? path : nil
    }

    static var isPossible: Bool {
        // Without Java or ZooKeeper on the machine there is nothing to test with.
        program != nil && (try? JavaInstallation.find()) != nil
    }

    /// Long enough for a busy machine, short enough for a test.
    static let sessionMilliseconds = 4000

    init(_ change: (inout SupervisorConfiguration) -> Void = { _ in }) async throws {
        let program = try #require(Self.program)
        code = BlobReference(key: program, sha256: try FileHash.sha256(program), sizeBytes: 1)
        server = try await ZooKeeperServer.start(.forTests)
        folder = try TemporaryFolder()
        ports = [try FreePort.find(), try FreePort.find()]
        adminStore = try await Self.connect(server)
        store = try await Self.connect(server)
        admin = ClusterState(adminStore)
        try await admin.prepare()
        var configuration = SupervisorConfiguration(
            paths: SupervisorPaths(local: folder.path + "/local", logs: folder.path + "/logs"), host: "127.0.0.1",
            stormVersion: "test",
            zookeeper: .init(
                servers: [server.connectString], sessionTimeoutMilliseconds: Self.sessionMilliseconds,
                connectionTimeoutMilliseconds: 10_000))
        configuration.ports = ports
        configuration.stopsWorkersAtEnd = true
        configuration.repairInterval = .seconds(1)
        configuration.conf = ["topology.max.spout.pending": 100]
        change(&configuration)
        let supervisor = try Supervisor(
            configuration, store: store, blobs: FileBlobs(), launcher: ChildWorkerLauncher(), logger: log.logger())
        self.supervisor = supervisor
        running = Task { try await supervisor.run() }
    }

    private static func connect(_ server: ZooKeeperServer) async throws -> ZooKeeperStore {
        var configuration = ZooKeeperConfiguration(servers: [server.connectString])
        configuration.chroot = "/storm"
        configuration.createsChroot = true
        configuration.sessionTimeout = .milliseconds(sessionMilliseconds)
        configuration.connectTimeout = .seconds(30)
        return try await ZooKeeperStore.connect(
            configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    func end() async throws {
        supervisor.stop()
        try await running.value
        await store.close()
        await adminStore.close()
        try await server.remove()
    }

    /// Writes what nimbus writes for a submit, in one step with the folders that may be missing: two workers, spout and
    /// last bolt in the second one.
    func submit() async throws {
        let tasks = ["__acker": 1, "exclaim1": 3, "exclaim2": 2, "show": 1, "word": 1]
        var base = StormBaseRecord(
            name: "shout", id: Self.id, status: .active, owner: "me", submittedAtMilliseconds: 1, workers: 2,
            componentExecutors: tasks, componentTasks: tasks, blobs: [code])
        base.workerToken = "the token of this test"
        let shares = [1...4, 5...8]
        let assignment = AssignmentRecord(
            topologyID: Self.id, codeSHA256: code.sha256,
            workers: zip(ports, shares).map { port, tasks in
                WorkerAssignment(
                    node: supervisor.id, host: "127.0.0.1", port: port,
                    executors: tasks.map { ExecutorRange(TaskID($0), TaskID($0)) }, startedAtMilliseconds: 1,
                    incarnation: 1)
            })
        var steps: [CoordinationOperation] = []
        for folder in [ClusterPaths.storms, ClusterPaths.assignments] where try await !admin.store.exists(folder) {
            steps.append(.create(path: folder, data: [], mode: .persistent))
        }
        steps.append(
            .create(path: ClusterPaths.storm(Self.id), data: try RecordCodec.encode(base), mode: .persistent))
        steps.append(
            .create(
                path: ClusterPaths.assignment(Self.id), data: try RecordCodec.encode(assignment), mode: .persistent))
        try await admin.store.multi(steps)
    }

    // MARK: Looking

    /// Ports of the workers that have a node.
    func beatPorts() async throws -> [Int] {
        try await admin.workerBeats(Self.id).all().values.filter { $0.record.state == .running }
            .map(\.record.port).sorted()
    }

    /// As the supervisor shows them.
    func usedPorts() async throws -> [Int]? {
        try await admin.supervisors.get(supervisor.id)?.record.usedPorts
    }

    /// The process on a port, as its supervisor noted it; only if it runs.
    func process(_ port: Int) throws -> ProcessIdentity? {
        let workers = folder.path + "/local/workers"
        for worker in try FileManager.default.contentsOfDirectory(atPath: workers) {
            // Folders come and go while this looks.
            guard let data = try? Data(contentsOf: URL(filePath: "\(workers)/\(worker)/approval.json")) else {
                continue
            }
            let approval = try JSONDecoder().decode(WorkerApproval.self, from: data)
            if approval.port == port, let process = approval.process, process.isAlive { return process }
        }
        return nil
    }

    /// Bytes of the output so far: one line for each thousand words that came out at the end of the topology.
    var words: Int {
        SystemFile.size("\(folder.path)/logs/workers-artifacts/\(Self.id)/\(ports[1])/worker.log.out")
    }

    /// Waits until words come out that had not come out before.
    func flows(_ what: Comment) async throws {
        let before = words
        try await eventually(within: .seconds(60), what) { words > before }
    }

    /// Bytes of output per second, over two seconds.
    func rate() async throws -> Int {
        let (before, begin) = (words, ContinuousClock.now)
        try await eventually("time stands still") { ContinuousClock.now - begin > .seconds(2) }
        return (words - before) / 2
    }

    func started() async throws -> [ProcessIdentity] {
        try await submit()
        try await eventually(within: .seconds(60), "workers do not run") { try await beatPorts() == ports.sorted() }
        try await flows("no words")
        // Noted a moment after the process has begun.
        try await eventually("workers are not noted") { try ports.allSatisfy { try process($0) != nil } }
        return try ports.map { try #require(try process($0)) }
    }
}

/// Code that is on this machine already.
struct FileBlobs: BlobSource {
    func download(_ key: String, to file: String, expectedSHA256: String) async throws {
        try FileManager.default.copyItem(atPath: key, toPath: file)
    }
}

/// Runs `body` with a cluster and takes that down.
func withCluster(
    _ change: (inout SupervisorConfiguration) -> Void = { _ in }, _ body: (RealCluster) async throws -> Void
) async throws {
    let cluster = try await RealCluster(change)
    do {
        try await body(cluster)
    } catch {
        for line in cluster.log.messages(atLeast: .info).suffix(20) { print("supervisor: \(line)") }
        // The error of the body is the one to see.
        try? await cluster.end()
        throw error
    }
    try await cluster.end()
}

/// Waits for a condition; fails the test when it does not come true in time.
func eventually(within limit: Duration = .seconds(30), _ what: Comment, _ condition: () async throws -> Bool)
    async throws
{
    let deadline = ContinuousClock.now + limit
    while try await !condition() {
        try #require(ContinuousClock.now < deadline, what)
        try await Task.sleep(for: .milliseconds(5))
    }
}
