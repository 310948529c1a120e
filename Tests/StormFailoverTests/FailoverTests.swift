import StormCluster
import StormClusterZooKeeper
import StormProcess
import StormThrift
import Testing
import ZooKeeperServer

/// Real processes, killed and paused.
@Suite(
    .serialized, .enabled(if: RealCluster.canRun, "no Java, no ZooKeeper, or the programs are not built"),
    .timeLimit(.minutes(5)))
struct FailoverTests {
    @Test func killedLeaderIsReplacedWhileTheTopologyRunsOn() async throws {
        let cluster = try await RealCluster(nimbuses: 2)
        let nimbuses = [try await cluster.startNimbus(0), try await cluster.startNimbus(1)]
        let supervisor = try await cluster.startSupervisor()
        let store = try await cluster.connectStore()
        let state = ClusterState(store)
        let result = try await attempt {
            try await eventually("a leader and a supervisor") {
                let leader = try await store.currentLeader(ClusterPaths.leaderLock)
                let (supervisors, nimbuses) = try await (state.supervisors.ids(), state.nimbuses.ids())
                return leader != nil && supervisors.count == 1 && nimbuses.count == 2
            }
            #expect(try await cluster.submitWordCount("first").isSuccess)
            let id = try #require(try await state.storms.ids().first)
            // Answered means: both hold the code.
            #expect(try await state.blobReplicas("\(id)-stormjar.jar").ids().count == 2)
            let worker = try await runningWorker(id, state)

            let leader = try await indexOfLeader(cluster, store)
            let clock = ContinuousClock()
            let killed = clock.now
            try await nimbuses[leader].terminate(grace: .zero)
            // The client waits for the new leader by itself.
            #expect(try await cluster.submitWordCount("second").isSuccess)
            let submitted = clock.now - killed
            #expect(try await indexOfLeader(cluster, store) == 1 - leader)
            print("leader killed: another topology submitted \(submitted) later; session \(RealCluster.sessionTimeout)")
            #expect(submitted < RealCluster.sessionTimeout + .seconds(30), "a hang, not a measurement")
            let second = try #require(try await state.storms.ids().first { $0 != id })
            _ = try await runningWorker(second, state)
            #expect(try await runningWorker(id, state) == worker, "the first topology's worker is the same")
            #expect(try await state.assignments.get(id)?.record.generation == 1)

            let again = try await cluster.startNimbus(leader)
            try await eventually("the old leader is back as a follower with all code") {
                try await state.blobReplicas("\(second)-stormjar.jar").ids().count == 2
            }
            try await again.terminate(grace: .seconds(10))
        }
        try await end(cluster, nimbuses, supervisor, store)
        try result.get()
    }

    @Test func leaderThatIsPausedBeyondItsSessionStepsDownWhenItWakes() async throws {
        let cluster = try await RealCluster(nimbuses: 2)
        let nimbuses = [try await cluster.startNimbus(0), try await cluster.startNimbus(1)]
        let store = try await cluster.connectStore()
        let result = try await attempt {
            try await eventually("two nimbuses") {
                let count = try await ClusterState(store).nimbuses.ids().count
                return count == 2
                    && cluster.logContains("nimbus-0", "leads") != cluster.logContains("nimbus-1", "leads")
            }
            let old = try await indexOfLeader(cluster, store)
            nimbuses[old].send(.stop)
            let clock = ContinuousClock()
            let paused = clock.now
            try await eventually("the other leads") { cluster.logContains("nimbus-\(1 - old)", "leads") }
            print("leader paused: another leads \(clock.now - paused) later; session \(RealCluster.sessionTimeout)")
            // It hangs: the search for the leader passes it over, and finds the other one.
            let client = try await cluster.leader()
            #expect(client.connection.port == cluster.nimbusPorts[1 - old])
            await client.close()

            nimbuses[old].send(.continue)
            try await eventually("it steps down") { cluster.logContains("nimbus-\(old)", "no longer the leader") }
            let woken = try await NimbusClient.connect(host: "127.0.0.1", port: cluster.nimbusPorts[old])
            await #expect {
                _ = try await woken.beginFileUpload()
            } throws: { ($0 as? ThriftApplicationException)?.isNotLeader == true }
            await woken.close()
            #expect(try await indexOfLeader(cluster, store) == 1 - old)
        }
        try await end(cluster, nimbuses, nil, store)
        try result.get()
    }

    @Test func lossOfOneZooKeeperServerOfThreeChangesNothing() async throws {
        let cluster = try await RealCluster(nimbuses: 1)
        let nimbuses = [try await cluster.startNimbus(0)]
        let supervisor = try await cluster.startSupervisor()
        let store = try await cluster.connectStore()
        let state = ClusterState(store)
        let result = try await attempt {
            try await eventually("a leader and a supervisor") {
                let supervisors = try await state.supervisors.ids().count
                return supervisors == 1 && cluster.logContains("nimbus-0", "leads")
            }
            #expect(try await cluster.submitWordCount("first").isSuccess)
            let id = try #require(try await state.storms.ids().first)
            let worker = try await runningWorker(id, state)
            for server in cluster.ensemble.servers {
                try await server.kill()
                #expect(try await cluster.submitWordCount("with-\(server.port)").isSuccess)
                try await server.restart()
            }
            #expect(try await runningWorker(id, state) == worker)
            #expect(try await state.assignments.get(id)?.record.generation == 1)
            #expect(try await state.storms.ids().count == 4)
        }
        try await end(cluster, nimbuses, supervisor, store)
        try result.get()
    }

    // MARK: help

    /// The pid of the topology's one worker, once it runs.
    private func runningWorker(_ id: String, _ state: ClusterState) async throws -> Int {
        var pid: Int?
        try await eventually("a worker of \(id)") {
            pid = try await state.workerBeats(id).all().values.first { $0.record.state == .running }?.record.pid
            return pid != nil
        }
        return pid ?? 0
    }

    private func indexOfLeader(_ cluster: RealCluster, _ store: ZooKeeperStore) async throws -> Int {
        let name = try await store.currentLeader(ClusterPaths.leaderLock)
        return cluster.nimbusPorts.firstIndex { name == "127.0.0.1:\($0)" } ?? -1
    }

    private func attempt(_ body: () async throws -> Void) async throws -> Result<Void, any Error> {
        do {
            return .success(try await body())
        } catch {
            return .failure(error)
        }
    }

    private func end(
        _ cluster: RealCluster, _ nimbuses: [ProcessHandle], _ supervisor: ProcessHandle?, _ store: ZooKeeperStore
    ) async throws {
        await store.close()
        for nimbus in nimbuses { nimbus.send(.continue) }
        if let supervisor { try await supervisor.terminate(grace: .seconds(20)) }
        for nimbus in nimbuses { try await nimbus.terminate(grace: .seconds(10)) }
        try await cluster.ensemble.remove()
    }
}
