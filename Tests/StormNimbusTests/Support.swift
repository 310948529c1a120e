import Logging
import StormCluster
import StormCore
import StormNimbus
import Synchronization

/// Time that moves when a test says so.
final class ManualTime: TimeSource {
    private let milliseconds = Mutex<Int64>(1_700_000_000_000)

    func monotonicNanoseconds() -> Int64 { milliseconds.withLock { $0 } * 1_000_000 }
    func epochMilliseconds() -> Int64 { milliseconds.withLock { $0 } }
    func advance(seconds: Int64) { milliseconds.withLock { $0 += seconds * 1000 } }
}

func base(
    _ name: String, workers: Int = 2, tasks: [String: Int] = ["a": 2, "b": 4], status: TopologyStatus = .active
) -> StormBaseRecord {
    StormBaseRecord(
        name: name, id: "\(name)-1-1700000000", status: status, owner: "ann",
        submittedAtMilliseconds: 1_700_000_000_000, workers: workers, componentExecutors: tasks, componentTasks: tasks,
        blobs: [BlobReference(key: "\(name)-1-1700000000-stormjar.jar", sha256: "aa", sizeBytes: 1)])
}

func supervisor(_ id: String, ports: [Int] = [6700, 6701]) -> SupervisorRecord {
    SupervisorRecord(
        id: id, host: "host-\(id)", ports: ports, pid: 1, startedAtMilliseconds: 1, stormVersion: "test")
}

/// A cluster in memory with a reconciler that leads it.
struct Fixture {
    let server = InMemoryCoordinationServer()
    let store: InMemoryCoordinationStore
    let state: ClusterState
    let time = ManualTime()
    let statuses = SchedulingStatuses()
    var reconciler: Reconciler

    init() async throws {
        store = server.connect()
        state = ClusterState(store)
        try await state.prepare()
        reconciler = Reconciler(
            state: state, configuration: Self.configuration, time: time, statuses: statuses, logger: Logger.quiet)
    }

    static var configuration: Reconciler.Configuration {
        var configuration = Reconciler.Configuration()
        configuration.blobDelayMilliseconds = 0
        return configuration
    }

    /// A machine that is up, with a session of its own.
    func startSupervisor(_ id: String, ports: [Int] = [6700, 6701]) async throws -> InMemoryCoordinationStore {
        let own = server.connect()
        _ = try await own.registerEphemeral(
            ClusterPaths.supervisor(id), try RecordCodec.encode(supervisor(id, ports: ports)))
        return own
    }

    /// All workers of the topology's assignment come up, each with a session of its own.
    func startWorkers(_ topologyID: String) async throws -> [WorkerSlot: InMemoryCoordinationStore] {
        var started: [WorkerSlot: InMemoryCoordinationStore] = [:]
        for worker in try await state.assignments.get(topologyID)?.record.workers ?? [] {
            let own = server.connect()
            let beat = WorkerBeatRecord(
                topologyID: topologyID, node: worker.node, host: worker.host, port: worker.port, pid: 1,
                incarnation: worker.incarnation, state: .running, timeMilliseconds: 1, uptimeSeconds: 1)
            _ = try await own.registerEphemeral(
                ClusterPaths.workerBeat(topologyID, worker.slot), try RecordCodec.encode(beat))
            started[worker.slot] = own
        }
        return started
    }

    /// Rounds until nothing changes.
    @discardableResult
    func settle() async throws -> Reconciler.Outcome {
        for _ in 0..<20 {
            let outcome = try await reconciler.round()
            if outcome.changeCount == 0 { return outcome }
        }
        throw CoordinationError(.badVersion, "/", detail: "the rounds do not settle")
    }

    func assignment(_ id: String) async throws -> AssignmentRecord? { try await state.assignments.get(id)?.record }
}

extension Logger {
    static var quiet: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}
