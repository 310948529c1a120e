import StormRuntime
import Logging
import StormCluster
import StormCore
import StormNimbus
import StormRuntime
import StormSubmission
import StormTestSupport
import StormThrift

@testable import StormUI

/// A nimbus without a port, over a store in memory: one topology with a spout and a bolt on one machine, whose worker has
/// reported.
struct SmallCluster: NimbusSource {
    static let id = "wc-1-1700000000"

    private struct Now: TimeSource {
        func monotonicNanoseconds() -> Int64 { 0 }
        func epochMilliseconds() -> Int64 { 1_700_000_100_000 }
    }

    private let folder: TemporaryFolder
    private let nimbus: Nimbus
    let state: ClusterState

    init() async throws {
        folder = try TemporaryFolder()
        let store = InMemoryCoordinationServer().connect()
        state = ClusterState(store)
        var configuration = Nimbus.Configuration(
            host: "127.0.0.1", directory: folder.path, stormVersion: "1.2.3", pid: 1, user: "ann")
        configuration.cluster = ["topology.message.timeout.secs": 30, "topology.workers": 1]
        nimbus = Nimbus(
            configuration: configuration, store: store, time: Now(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let directory = BlobDirectory(root: folder.path)
        try await directory.prepare()
        try await state.prepare()
        try await submit(directory)
        try await run()
    }

    private func submit(_ directory: BlobDirectory) async throws {
        let topology = TopologyDescription(components: [
            ComponentDescription(
                id: "lines", kind: .spout, implementation: "Lines", parallelism: 1, streams: [.init(fields: ["line"])]),
            ComponentDescription(
                id: "split", kind: .bolt, implementation: "Split", parallelism: 2,
                inputs: [.init(GlobalStreamID("lines"), .shuffle)]),
        ])
        var writer = ThriftWriter()
        try TopologyConversion.thrift(topology).write(to: &writer)
        let code = try await directory.store(writer.bytes, unique: "a")
        let conf = try await directory.store(Array(#"{"topology.workers": 7, "mine": "x"}"#.utf8), unique: "b")
        let tasks = ["__acker": 1, "lines": 1, "split": 2]
        let base = StormBaseRecord(
            name: "wc", id: Self.id, status: .active, owner: "ann", submittedAtMilliseconds: 1_700_000_000_000,
            workers: 1, componentExecutors: tasks, componentTasks: tasks,
            blobs: [
                BlobReference(key: Self.id + "-stormcode.ser", sha256: code.sha256, sizeBytes: code.sizeBytes),
                BlobReference(key: Self.id + "-stormconf.ser", sha256: conf.sha256, sizeBytes: conf.sizeBytes),
            ])
        try await state.storms.create(Self.id, base)
    }

    /// Tasks: the acker 1, the spout 2, the bolts 3 and 4.
    private func run() async throws {
        var machine = SupervisorRecord(
            id: "n1", host: "node1", ports: [6700, 6701], pid: 1, startedAtMilliseconds: 1_700_000_040_000,
            stormVersion: "1.2.3")
        machine.resources = ["memory.mb": 4096, "cpu.pcore.percent": 400]
        try await state.supervisors.create("n1", machine)
        let ranges = (1...4).map { ExecutorRange(TaskID($0), TaskID($0)) }
        let worker = WorkerAssignment(
            node: "n1", host: "node1", port: 6700, executors: ranges, startedAtMilliseconds: 1_700_000_050_000,
            incarnation: 1)
        try await state.assignments.create(
            Self.id, AssignmentRecord(topologyID: Self.id, codeSHA256: "aa", workers: [worker]))
        var spout = ExecutorCounts()
        spout.emitted = ["default": 100, "__ack_init": 100]
        spout.transferred = ["default": 100]
        spout.acked = ["default": 90]
        spout.failed = ["default": 10]
        spout.completeMilliseconds = ["default": 12.5]
        let beats = [
            Self.beat(2, "lines", [ExecutorBeat.allTime: spout]),
            Self.beat(3, "split", [ExecutorBeat.allTime: Self.bolt(executed: 30, executeMilliseconds: 2)]),
            Self.beat(4, "split", [ExecutorBeat.allTime: Self.bolt(executed: 70, executeMilliseconds: 1)]),
        ]
        let record = WorkerBeatRecord(
            topologyID: Self.id, node: "n1", host: "node1", port: 6700, pid: 9, incarnation: 1, state: .running,
            timeMilliseconds: 1_700_000_100_000, uptimeSeconds: 50, executors: beats)
        try await state.store.createDirectory(ClusterPaths.workerBeats(Self.id))
        try await state.workerBeats(Self.id).create(worker.slot.description, record)
        try await state.errors.report(
            ErrorRecord(
                component: "split", host: "node1", port: 6700, task: 3, timeMilliseconds: 1_700_000_090_000,
                kind: "oops", message: "no such word"), topologyID: Self.id)
    }

    static func beat(_ task: Int, _ component: String, _ windows: [String: ExecutorCounts]) -> ExecutorBeat {
        ExecutorBeat(
            executor: ExecutorRange(TaskID(task), TaskID(task)), component: component, isSpout: component == "lines",
            uptimeSeconds: 50, windows: windows)
    }

    static func bolt(executed: Int64, executeMilliseconds: Double) -> ExecutorCounts {
        var counts = ExecutorCounts()
        counts.emitted = ["default": executed * 10]
        counts.transferred = ["default": 0]
        counts.executed = ["lines:default": executed]
        counts.acked = ["lines:default": executed]
        counts.failed = ["lines:default": 0]
        counts.executeMilliseconds = ["lines:default": executeMilliseconds]
        counts.processMilliseconds = ["lines:default": executeMilliseconds * 2]
        return counts
    }

    func withLeader<Result: Sendable>(
        _ body: @Sendable (any NimbusService) async throws -> Result
    ) async throws -> Result { try await body(nimbus.service) }

    /// What GET answers: its status, and its body as JSON.
    func get(_ path: String, _ query: [String: String] = [:]) async throws -> (status: Int, body: ConfigValue) {
        let page = await WebUI(self, UISettings(version: "1.2.3")).page("/api/v1/" + path, query: query)
        guard let page else { return (404, .null) }
        return (page.status, try JSONText.value(String(decoding: page.body, as: UTF8.self)))
    }
}

/// No nimbus leads.
struct NoNimbus: NimbusSource {
    func withLeader<Result: Sendable>(
        _ body: @Sendable (any NimbusService) async throws -> Result
    ) async throws -> Result { throw ThriftError(.noLeader, "nobody leads") }
}

extension ConfigValue {
    /// An entry of an object, an element of a list; null where there is none.
    subscript(_ name: String) -> ConfigValue {
        if case .map(let entries) = self { return entries[name] ?? .null }
        return .null
    }

    subscript(_ index: Int) -> ConfigValue {
        if case .list(let values) = self, values.indices.contains(index) { return values[index] }
        return .null
    }

    var names: Set<String> {
        if case .map(let entries) = self { return Set(entries.keys) }
        return []
    }

    var count: Int {
        if case .list(let values) = self { return values.count }
        return 0
    }
}

/// Names separated by blanks.
func words(_ text: String) -> Set<String> { Set(text.split(whereSeparator: \.isWhitespace).map(String.init)) }
