import Logging
import StormCluster
import StormCore
import StormManifest
import StormRuntime
import StormTestKit
import StormTestSupport
import StormTopology
import StormWire
import Synchronization
import Testing

@testable import StormWorker

/// A worker that runs alone, with everything around it in memory.
@Suite(.timeLimit(.minutes(1)))
struct WorkerPauseTests {
    /// No peers, no sockets.
    private final class NoNetwork: WorkerNetwork {
        func send(_ batch: Batch) {}
        func start(_ engine: TopologyEngine) async throws {}
        func update(_ placement: [TaskID: PeerAddress]) async {}
        func waitUntilConnected(within limit: Duration) async -> Bool { true }
        func close() async {}
    }

    /// Acks when the test allows it.
    private final class Gate: Sendable {
        let isOpen = Mutex(false)
        let emitted = Mutex(0)
    }

    private final class EndlessSpout: Spout {
        static let outputs: Outputs = ["n"]
        private let gate: Gate
        private var next = 0

        init(_ gate: Gate) { self.gate = gate }

        func nextTuple(_ out: SpoutCollector) {
            next += 1
            gate.emitted.withLock { $0 += 1 }
            out.emit(id: .int(next), next)
        }
    }

    /// Holds tuples back while the gate is closed.
    private static func holdingBolt(_ gate: Gate) -> BlockBolt {
        var held: [Tuple] = []
        return BlockBolt { tuple, out in
            // Ticks come here too, so that what is held goes on when nothing new comes.
            if tuple.sourceComponent != TopologyPlan.systemComponent { held.append(tuple) }
            guard gate.isOpen.withLock({ $0 }) else { return }
            for tuple in held { out.ack(tuple) }
            held = []
        }
    }

    private static let slot = WorkerSlot(node: "n1", port: 6700)

    private struct Running {
        let cluster: ClusterState
        let gate: Gate
        let stop: AsyncStream<Void>.Continuation
        let ended: Task<Void, any Error>

        func beat() async throws -> WorkerBeatRecord? {
            try await cluster.workerBeats("t-1-1").get(WorkerPauseTests.slot.description)?.record
        }
    }

    /// Runs a worker with a spout and a bolt while `body` works.
    private func withWorker(_ body: (Running) async throws -> Void) async throws {
        let folder = try TemporaryFolder()
        let server = InMemoryCoordinationServer()
        let cluster = ClusterState(server.connect())
        try await cluster.prepare()
        let gate = Gate()
        let topology = try makeTopology { builder in
            builder.spout("s") { EndlessSpout(gate) }.maxPending(100)
            builder.bolt("b") { Self.holdingBolt(gate) }.shuffle("s").tick(everySeconds: 1)
        }
        let plan = try TopologyPlan(topology.description, ackers: 1)
        let counts = Dictionary(uniqueKeysWithValues: plan.components.map { ($0.id, 1) })
        try await cluster.storms.create(
            "t-1-1",
            StormBaseRecord(
                name: "t", id: "t-1-1", status: .active, owner: "me", submittedAtMilliseconds: 1, workers: 1,
                componentExecutors: counts, componentTasks: counts, blobs: []))
        try await cluster.store.createDirectory(ClusterPaths.workerBeats("t-1-1"))
        try await cluster.assignments.create(
            "t-1-1",
            AssignmentRecord(
                topologyID: "t-1-1", generation: 4, codeSHA256: "00",
                workers: [
                    WorkerAssignment(
                        node: "n1", host: "h", port: 6700, executors: plan.executors, startedAtMilliseconds: 1,
                        incarnation: 3)
                ]))
        let worker = Worker(
            manifest: manifest(plan, folder.path), config: .defaults, topology: topology, submitted: nil,
            state: ClusterState(server.connect()), logger: .silent, makeNetwork: { _ in NoNetwork() })
        let (stops, stop) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let running = Running(
            cluster: cluster, gate: gate, stop: stop, ended: Task { try await worker.run(stop: stops) })
        do {
            try await body(running)
        } catch {
            running.ended.cancel()
            _ = await running.ended.result
            throw error
        }
        try await running.ended.value
        withExtendedLifetime(folder) {}
    }

    private func manifest(_ plan: TopologyPlan, _ folder: String) -> WorkerManifest {
        WorkerManifest(
            topologyID: "t-1-1", port: 6700, workerID: "w", supervisorID: "n1", host: "h", incarnation: 3,
            executors: ExecutorList(plan.executors),
            paths: .init(
                code: "", topology: nil, topologyConf: nil, codeDirectory: "", workerDirectory: folder,
                logDirectory: "", logFile: ""),
            zookeeper: .init(servers: []), conf: [:])
    }

    private func pause(_ running: Running, drain: Int) async throws {
        try await running.cluster.storms.update("t-1-1") { base in
            base.status = .rebalancing
            base.action = PendingAction(kind: .move, waitSeconds: 9, deadlineMilliseconds: .max)
            base.action?.phase = .draining
            base.action?.drain = drain
        }
    }

    private func remove(_ running: Running) async throws { try await running.cluster.storms.delete("t-1-1") }

    @Test func itReportsWhatItWasStartedFor() async throws {
        try await withWorker { running in
            try await eventually("not running") {
                let beat = try await running.beat()
                return beat?.generation == 4 && beat?.state == .running
            }
            running.gate.isOpen.withLock { $0 = true }
            try await remove(running)
        }
    }

    @Test func itReportsAPauseOnlyWhenItsTreesAreDoneAndThenGoesOn() async throws {
        try await withWorker { running in
            try await eventually("nothing is emitted") { running.gate.emitted.withLock { $0 } >= 100 }
            try await pause(running, drain: 7)
            // Its beat says so on the way, at the latest with the report; before the gate opens, there is none.
            try await eventually("the spout goes on") {
                let before = running.gate.emitted.withLock { $0 }
                try await Task.sleep(for: .milliseconds(50))
                return running.gate.emitted.withLock { $0 } == before
            }
            #expect(try await running.beat()?.drained == nil)
            running.gate.isOpen.withLock { $0 = true }
            try await eventually("not drained") { try await running.beat()?.drained == 7 }
            let emitted = running.gate.emitted.withLock { $0 }
            try await running.cluster.storms.update("t-1-1") { base in
                base.status = .active
                base.action = nil
            }
            try await eventually("the spout stays off") { running.gate.emitted.withLock { $0 } > emitted }
            try await remove(running)
        }
    }

    @Test func askedToStopByAStrangerItWaitsForItsExecutorsToBeMoved() async throws {
        try await withWorker { running in
            running.gate.isOpen.withLock { $0 = true }
            try await eventually("not running") { try await running.beat()?.generation == 4 }
            running.stop.yield()
            try await eventually("nothing said") { try await !running.cluster.leaving.all().isEmpty }
            let leaving = try await running.cluster.leaving.all().values.first?.record
            #expect(leaving?.slot == Self.slot && leaving?.incarnation == 3 && leaving?.topologyID == "t-1-1")
            #expect(try await running.beat() != nil)
            try await running.cluster.assignments.update("t-1-1") { $0.workers[0].incarnation = 5 }
            try await running.ended.value
            #expect(try await running.cluster.leaving.ids().isEmpty)
        }
    }
}
