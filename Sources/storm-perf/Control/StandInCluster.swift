import StormCluster
import StormCore
import StormNimbus
import StormSubmission
import Synchronization

/// The machines, topologies and workers around a measured nimbus. One task at a time.
final class StandInCluster {
    private let shape: ClusterShape
    private let stores: [any CoordinationStore]
    private let wish: Duration
    private var supervisors: [any EphemeralRegistration] = []
    private var workers: [StandInWorker] = []
    private let counter = BeatCounter()

    private final class BeatCounter: Sendable {
        let count = Mutex(0)
    }

    init(_ shape: ClusterShape, _ ensemble: Ensemble, sessions: Int, intervalSeconds: Int) async throws {
        self.shape = shape
        wish = .seconds(intervalSeconds)
        var stores: [any CoordinationStore] = []
        for _ in 0..<sessions { stores.append(try await ensemble.connect()) }
        self.stores = stores
    }

    private var store: any CoordinationStore { stores[0] }
    private var state: ClusterState { ClusterState(store) }

    /// Numbers that workers have written so far.
    var beats: Int { counter.count.withLock { $0 } }

    func pace() async throws -> PaceRecord? { try await PaceRecord.read(store) }

    /// Machines and topologies come into being; the code of all topologies is one small blob in nimbus' directory.
    func populate(_ directory: String) async throws {
        try await state.prepare()
        let blobs = BlobDirectory(root: directory)
        try await blobs.prepare()
        let content = try await blobs.store(Array("storm-perf".utf8), unique: "storm-perf")
        let bases = shape.bases(sha256: content.sha256, sizeBytes: content.sizeBytes)
        _ = try await store.each(of: bases) { [store] in try await Self.create($0, store) }
        let indexes = Array(0..<shape.supervisors)
        supervisors = try await store.each(of: indexes) { [stores, shape] index in
            let record = shape.supervisor(index)
            return try await stores[index % stores.count].registerEphemeral(
                ClusterPaths.supervisor(record.id), try RecordCodec.encode(record))
        }
    }

    private static func create(_ base: StormBaseRecord, _ store: any CoordinationStore) async throws {
        var steps: [CoordinationOperation] = []
        for blob in base.blobs {
            let record = BlobRecord(
                key: blob.key, sha256: blob.sha256, sizeBytes: blob.sizeBytes,
                createdAtMilliseconds: base.submittedAtMilliseconds, owner: base.owner)
            steps.append(
                .create(path: ClusterPaths.blob(blob.key), data: try RecordCodec.encode(record), mode: .persistent))
        }
        for path in [ClusterPaths.workerBeats(base.id), ClusterPaths.errors(base.id)] {
            steps.append(.create(path: path, data: [], mode: .persistent))
        }
        steps.append(
            .create(path: ClusterPaths.storm(base.id), data: try RecordCodec.encode(base), mode: .persistent))
        try await store.multi(steps)
    }

    /// A worker for each place in the assignments. Returns when all have their nodes.
    func startWorkers() async throws {
        let assignments = try await state.assignments.all().values.map(\.record).sorted {
            $0.topologyID < $1.topologyID
        }
        let places = assignments.flatMap { record in record.workers.map { (record.topologyID, $0) } }
        guard places.count == shape.workers else {
            throw PerfError("\(places.count) of \(shape.workers) workers were assigned")
        }
        workers = places.enumerated().map { number, place in
            StandInWorker(
                topologyID: place.0, assignment: place.1, store: stores[number % stores.count], wish: wish,
                onBeat: { [counter] in counter.count.withLock { $0 += 1 } })
        }
        _ = try await store.each(of: workers) { await $0.start() }
    }

    /// The last worker dies, and its supervisor does not start it again.
    func stopWorker() async { await workers.popLast()?.stop() }

    /// A machine and its workers are gone.
    /// - Returns: seconds until nothing is assigned to it any more.
    func loseSupervisor() async throws -> Double {
        guard let node = workers.first?.assignment.node,
            let machine = (0..<shape.supervisors).first(where: { ClusterShape.supervisorID($0) == node })
        else { throw PerfError("no worker is left") }
        let lost = workers.filter { $0.assignment.node == node }
        let topologies = Set(lost.map(\.topologyID)).sorted()
        workers.removeAll { $0.assignment.node == node }
        let clock = ContinuousClock()
        let start = clock.now
        await supervisors[machine].close()
        _ = try await store.each(of: lost) { await $0.stop() }
        while clock.now - start < .seconds(120) {
            let records = try await state.store.each(of: topologies) { [state] in
                try await state.assignments.get($0)?.record
            }
            if records.allSatisfy({ $0?.workers.contains { $0.node == node } == false }) {
                return (clock.now - start).inSeconds
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw PerfError("the workers of a lost machine were not assigned anew within 120 s")
    }

    func end() async { for store in stores { await store.close() } }
}
