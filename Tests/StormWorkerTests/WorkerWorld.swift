import Glibc
import Logging
import StormCluster
import StormCore
import StormManifest
import StormProcess
import StormRuntime
import StormTestSupport
import StormTopology
import StormWire
import Synchronization
import Testing

@testable import StormWorker

/// Emits nothing; says whether it is on.
final class QuietSpout: Spout {
    static let outputs: Outputs = ["n"]
    private let isOn: Observation<Bool>

    init(_ isOn: Observation<Bool>) { self.isOn = isOn }

    func nextTuple(_ out: SpoutCollector) {}
    func activate() { isOn.set(true) }
    func deactivate() { isOn.set(false) }
}

/// Starts when it may.
final class SlowBolt: BasicBolt {
    private let gate: Gate

    init(_ gate: Gate) { self.gate = gate }

    func prepare(_ context: TaskContext) throws { gate.wait() }
    func execute(_ tuple: Tuple, _ out: BasicCollector) {}
}

/// A value that tests look at.
final class Observation<Value: Sendable>: Sendable {
    private let value: Mutex<Value>

    init(_ value: Value) { self.value = Mutex(value) }

    var current: Value { value.withLock { $0 } }
    func set(_ new: Value) { value.withLock { $0 = new } }
}

/// Peers that are connected when the test says so.
final class FakeNetwork: WorkerNetwork {
    let isConnected = Observation(true)
    let placements = Observation<[[TaskID: PeerAddress]]>([])

    func send(_ batch: Batch) {}
    func start(_ engine: TopologyEngine) async throws {}
    func update(_ placement: [TaskID: PeerAddress]) async { placements.set(placements.current + [placement]) }

    func waitUntilConnected(within limit: Duration) async -> Bool {
        let deadline = ContinuousClock.now + limit
        while !isConnected.current {
            // Not even a cancellation makes it come sooner, as with the real one.
            if ContinuousClock.now > deadline { return false }
            await Task { try? await Task.sleep(for: .milliseconds(5)) }.value
        }
        return true
    }

    func close() async {}
}

/// A cluster in memory with one worker of a topology of a spout and a bolt.
final class WorkerWorld: Sendable {
    static let id = "t-1-1"

    let server = InMemoryCoordinationServer()
    let store: InMemoryCoordinationStore
    let admin: ClusterState
    let folder: TemporaryFolder
    let network = FakeNetwork()
    let isOn = Observation(false)
    let gate: Gate
    let log = RecordingLog()
    private let stopFeed: AsyncStream<Void>.Continuation
    private let stopRequests: AsyncStream<Void>

    init(boltStarts: Bool = true) async throws {
        store = server.connect()
        admin = ClusterState(server.connect())
        folder = try TemporaryFolder()
        gate = Gate(isOpen: boltStarts)
        (stopRequests, stopFeed) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        try await setUp()
    }

    func setUp() async throws {
        try await admin.prepare()
        try await admin.storms.put(Self.id, base)
        try await admin.assignments.put(Self.id, assignment)
    }

    var base: StormBaseRecord {
        StormBaseRecord(
            name: "t", id: Self.id, status: .active, owner: "me", submittedAtMilliseconds: 1, workers: 1,
            componentExecutors: ["b": 1, "s": 1], componentTasks: ["b": 1, "s": 1], blobs: [])
    }

    var assignment: AssignmentRecord {
        AssignmentRecord(
            topologyID: Self.id, codeSHA256: "00",
            workers: [
                WorkerAssignment(
                    node: "n1", host: "h", port: 6700,
                    executors: [ExecutorRange(TaskID(1), TaskID(1)), ExecutorRange(TaskID(2), TaskID(2))],
                    startedAtMilliseconds: 1, incarnation: 3)
            ])
    }

    var heartbeat: String { folder.path + "/heartbeat" }

    /// - Parameters:
    ///   - knows: whether the supervisor has told it of the topology.
    ///   - cluster: of which it is, as the supervisor knows.
    func worker(knows: Bool = true, cluster: String? = nil) throws -> Worker {
        let builder = TopologyBuilder()
        let (isOn, gate) = (isOn, gate)
        builder.spout("s") { QuietSpout(isOn) }
        builder.bolt("b") { SlowBolt(gate) }.shuffle("s")
        let manifest = WorkerManifest(
            topologyID: Self.id, port: 6700, workerID: "w1", supervisorID: "n1", host: "h", incarnation: 3,
            executors: assignment.workers[0].executors,
            paths: .init(
                code: "", topology: nil, topologyConf: nil, codeDirectory: "", workerDirectory: folder.path,
                logDirectory: folder.path, logFile: ""),
            zookeeper: .init(servers: []), conf: [:],
            known: knows ? KnownTopology(base: base, assignment: assignment, clusterID: cluster) : nil)
        let network = network
        return Worker(
            manifest: manifest, config: .defaults, topology: try builder.build(), submitted: nil,
            state: ClusterState(store), logger: log.logger(), makeNetwork: { _ in network })
    }

    /// As its supervisor does.
    func askToStop() throws {
        try SystemFile.writeAtomically("\(folder.path)/\(WorkerManifest.stopRequestFile)", [])
        stopFeed.yield()
    }

    func beat() async throws -> WorkerBeatRecord? {
        try await admin.workerBeats(Self.id).get("n1-6700")?.record
    }

    /// Runs the worker during `body`; then asks it to stop. Fails the test when it does not end in time.
    func running(knows: Bool = true, endsByItself: Bool = false, _ body: () async throws -> Void) async throws {
        let worker = try worker(knows: knows)
        let (stopRequests, hasEnded) = (stopRequests, Observation(false))
        let task = Task {
            defer { hasEnded.set(true) }
            try await worker.run(stop: stopRequests)
        }
        do {
            try await body()
        } catch {
            try askToStop()
            throw error
        }
        if !endsByItself { try askToStop() }
        // Well below the time for which peers are waited for.
        try await eventually(within: .seconds(10), "worker does not end") { hasEnded.current }
        try await task.value
    }
}

/// Holds a thread until it is opened.
final class Gate: Sendable {
    private let isOpen: Observation<Bool>

    init(isOpen: Bool) { self.isOpen = Observation(isOpen) }

    func open() { isOpen.set(true) }

    func wait() {
        var pause = timespec(tv_sec: 0, tv_nsec: 2_000_000)
        while !isOpen.current { nanosleep(&pause, nil) }
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
