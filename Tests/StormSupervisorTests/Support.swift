import FoundationEssentials
import Logging
import StormCluster
import StormCore
import StormManifest
import StormProcess
import StormSupervisor
import Synchronization
import Testing

/// A new folder of its own, removed when the value goes.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/storm-supervisor-tests-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        // Leftovers in the temporary folder harm nobody.
        try? FileManager.default.removeItem(atPath: path)
    }
}

/// Waits for a condition; fails the test when it does not come true in time.
func eventually(within limit: Duration = .seconds(20), _ what: Comment, _ condition: () async throws -> Bool)
    async throws
{
    let deadline = ContinuousClock.now + limit
    while try await !condition() {
        try #require(ContinuousClock.now < deadline, what)
        try await Task.sleep(for: .milliseconds(5))
    }
}

func sha256(_ bytes: [UInt8]) throws -> String {
    let folder = try TemporaryFolder()
    try SystemFile.writeAtomically("\(folder.path)/f", bytes)
    return try FileHash.sha256("\(folder.path)/f")
}

/// Blobs in memory; counts the downloads, and spoils some on demand.
final class MemoryBlobs: BlobSource {
    struct Content {
        var blobs: [String: [UInt8]] = [:]
        var downloads: [String: Int] = [:]
        var spoiled: [String: Int] = [:]
    }

    let content = Mutex(Content())

    func put(_ key: String, _ bytes: [UInt8]) throws -> BlobReference {
        content.withLock { $0.blobs[key] = bytes }
        return BlobReference(key: key, sha256: try sha256(bytes), sizeBytes: Int64(bytes.count))
    }

    /// The next downloads of this blob arrive damaged.
    func spoil(_ key: String, times: Int) { content.withLock { $0.spoiled[key] = times } }

    func downloads(_ key: String) -> Int { content.withLock { $0.downloads[key] ?? 0 } }

    func download(_ key: String, to file: String, expectedSHA256: String) async throws {
        let bytes: [UInt8]? = content.withLock { content in
            content.downloads[key, default: 0] += 1
            guard var bytes = content.blobs[key] else { return nil }
            if let left = content.spoiled[key], left > 0 {
                content.spoiled[key] = left - 1
                bytes.append(0)
            }
            return bytes
        }
        guard let bytes else { throw SupervisorError(.downloadFailed, "no blob \(key)") }
        try SystemFile.writeAtomically(file, bytes)
    }
}

/// A cluster in memory with one supervisor's folder.
final class TestCluster: Sendable {
    let server = InMemoryCoordinationServer()
    let admin: ClusterState
    let folder: TemporaryFolder
    let blobs = MemoryBlobs()

    init() async throws {
        folder = try TemporaryFolder()
        admin = ClusterState(server.connect())
        try await admin.prepare()
    }

    var paths: SupervisorPaths { SupervisorPaths(local: folder.path + "/local", logs: folder.path + "/logs") }

    func configuration(_ change: (inout SupervisorConfiguration) -> Void = { _ in }) -> SupervisorConfiguration {
        var configuration = SupervisorConfiguration(
            paths: paths, host: "test-host", stormVersion: "1.0", zookeeper: .init(servers: ["127.0.0.1:2181"]))
        configuration.ports = [6700, 6701]
        configuration.repairInterval = .milliseconds(200)
        configuration.removalSettle = .milliseconds(100)
        configuration.storeRetryDelay = .milliseconds(20)
        configuration.restart.firstDelay = .milliseconds(50)
        configuration.restart.downloadDelay = .milliseconds(20)
        configuration.restart.stopGrace = .milliseconds(300)
        change(&configuration)
        return configuration
    }

    func supervisor(
        _ store: any CoordinationStore, launcher: any WorkerLauncher, log: Logger? = nil,
        _ change: (inout SupervisorConfiguration) -> Void = { _ in }
    ) throws -> Supervisor {
        var logger = Logger(label: "supervisor")
        logger.logLevel = .critical
        return try Supervisor(
            configuration(change), store: store, blobs: blobs, launcher: launcher, logger: log ?? logger)
    }

    /// Stores a topology whose code is this text.
    func submit(_ id: String, code: String, conf: String? = nil) async throws -> String {
        var references = [try blobs.put("\(id)-code", Array(code.utf8))]
        if let conf {
            references.append(try blobs.put("\(id)-topology", Array("{}".utf8)))
            references.append(try blobs.put("\(id)-conf", Array(conf.utf8)))
        }
        try await admin.storms.put(
            id,
            StormBaseRecord(
                name: id, id: id, status: .active, owner: "me",
                submittedAtMilliseconds: 1, workers: 1, componentExecutors: [:], componentTasks: [:], blobs: references)
        )
        return references[0].sha256
    }

    func assign(_ id: String, _ codeSHA256: String, to supervisor: String, ports: [Int], incarnation: Int = 1)
        async throws
    {
        try await admin.assignments.put(
            id,
            AssignmentRecord(
                topologyID: id, codeSHA256: codeSHA256,
                workers: ports.map {
                    WorkerAssignment(
                        node: supervisor, host: "test-host", port: $0,
                        executors: [ExecutorRange(TaskID(1), TaskID(1))], startedAtMilliseconds: 1,
                        incarnation: incarnation)
                }))
    }

    func record(_ supervisor: String) async throws -> SupervisorRecord? {
        try await admin.supervisors.get(supervisor)?.record
    }

    func errors(_ id: String) async throws -> [ErrorRecord] { try await admin.errors.errors(id, component: "__system") }

    /// What the workers' folders say of a port, process included.
    func approval(port: Int) throws -> WorkerApproval? {
        guard FileManager.default.fileExists(atPath: paths.local + "/workers") else { return nil }
        for worker in try FileManager.default.contentsOfDirectory(atPath: paths.local + "/workers") {
            // Folders come and go while this looks.
            guard let data = try? Data(contentsOf: URL(filePath: paths.local + "/workers/\(worker)/approval.json"))
            else {
                continue
            }
            let approval = try JSONDecoder().decode(WorkerApproval.self, from: data)
            if approval.port == port, approval.process != nil { return approval }
        }
        return nil
    }
}

/// Runs a supervisor during `body`, then stops it.
func running(_ supervisor: Supervisor, _ body: () async throws -> Void) async throws {
    let task = Task { try await supervisor.run() }
    do {
        try await body()
    } catch {
        supervisor.stop()
        _ = await task.result
        throw error
    }
    supervisor.stop()
    try await task.value
}
