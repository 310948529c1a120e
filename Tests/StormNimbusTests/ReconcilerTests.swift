import StormCluster
import StormCore
import StormNimbus
import Testing

@Suite struct ReconcilerTests {
    @Test func layoutIsThatOfTheTopologyPlan() throws {
        let description = TopologyDescription(components: [
            ComponentDescription(id: "s", kind: .spout, parallelism: 3, tasks: 7, streams: [.init(fields: ["x"])]),
            ComponentDescription(
                id: "b", kind: .bolt, parallelism: 5, tasks: 2, inputs: [.init(GlobalStreamID("s"), .shuffle)]),
        ])
        let plan = try TopologyPlan(description, ackers: 2)
        var record = base("t", tasks: ["s": 7, "b": 2, "__acker": 2])
        record.componentExecutors = ["s": 3, "b": 5, "__acker": 2]
        #expect(ExecutorLayout.executors(of: record) == plan.executors)
        #expect(ExecutorLayout.components(of: record).map(\.id) == plan.components.map(\.id))
    }

    @Test func newTopologyIsAssignedInOneRound() async throws {
        let cluster = try await Fixture()
        let nodes = [try await cluster.startSupervisor("n1"), try await cluster.startSupervisor("n2")]
        let record = base("t")
        try await cluster.state.storms.create(record.id, record)
        #expect(try await cluster.reconciler.round().changeCount == 1)
        let assignment = try await cluster.assignment(record.id)
        #expect(assignment?.workers.map(\.node) == ["n1", "n2"])
        #expect(assignment?.workers.map(\.host) == ["host-n1", "host-n2"])
        #expect(assignment?.workers.map(\.incarnation) == [1, 1])
        #expect(cluster.statuses[record.id] == "Fully Scheduled")
        #expect(try await cluster.reconciler.round().changeCount == 0)
        withExtendedLifetime(nodes) {}
    }

    @Test func lostMachineIsReplacedAndTheOtherWorkerStays() async throws {
        let cluster = try await Fixture()
        let nodes = [try await cluster.startSupervisor("n1"), try await cluster.startSupervisor("n2")]
        let record = base("t")
        try await cluster.state.storms.create(record.id, record)
        try await cluster.settle()
        let before = try await cluster.assignment(record.id)
        let workers = try await cluster.startWorkers(record.id)
        try await cluster.settle()
        await nodes[1].close()
        await workers[WorkerSlot(node: "n2", port: 6700)]!.close()
        let waiting = try await cluster.settle()
        #expect(waiting.nextWakeMilliseconds == 1_000)
        cluster.time.advance(seconds: 1)
        try await cluster.settle()
        let after = try await cluster.assignment(record.id)
        #expect(after?.workers.map(\.slot) == [WorkerSlot(node: "n1", port: 6700), WorkerSlot(node: "n1", port: 6701)])
        #expect(after?.workers.first == before?.workers.first)
        #expect(after?.workers.last?.incarnation == 2)
        // Why, for each of the workers: the first one's entry is still there.
        #expect(after?.decisions?.map(\.generation) == [1, 2])
        #expect(after?.decisions?.map(\.cause) == ["first", "machines_gone"])
        #expect(after?.decisions?.last?.nodes == ["n2"] && after?.decisions?.first?.moved == nil)
        #expect(after?.decisions?.last?.moved == after?.workers.last?.executors)
    }

    /// Found by a drill: a machine whose disk took no code got the worker again, on its other port.
    @Test func workerThatDoesNotComeUpMovesToAnotherMachineWhereThereIsRoom() async throws {
        let cluster = try await Fixture()
        var nodes = [try await cluster.startSupervisor("n1")]
        let record = base("t", workers: 1)
        try await cluster.state.storms.create(record.id, record)
        try await cluster.settle()
        // The free slot that sorts first is on the same machine.
        nodes.append(try await cluster.startSupervisor("n2", ports: [6799]))
        cluster.time.advance(seconds: 500)
        try await cluster.settle()
        #expect(try await cluster.assignment(record.id)?.workers.map(\.slot) == [WorkerSlot(node: "n2", port: 6799)])
        // Neither brings it up: back to where there is room.
        cluster.time.advance(seconds: 500)
        try await cluster.settle()
        #expect(try await cluster.assignment(record.id)?.workers.map(\.node) == ["n1"])
        withExtendedLifetime(nodes) {}
    }

    @Test func workerThatDoesNotComeUpMovesOnlyWhenThereIsRoom() async throws {
        let cluster = try await Fixture()
        let node = try await cluster.startSupervisor("n1", ports: [6700])
        let record = base("t", workers: 1)
        try await cluster.state.storms.create(record.id, record)
        try await cluster.settle()
        let before = try await cluster.assignment(record.id)
        cluster.time.advance(seconds: 500)
        try await cluster.settle()
        #expect(try await cluster.assignment(record.id) == before)
        let other = try await cluster.startSupervisor("n2", ports: [6700])
        try await cluster.settle()
        #expect(try await cluster.assignment(record.id)?.workers.map(\.node) == ["n2"])
        withExtendedLifetime([node, other]) {}
    }

    @Test func rebalanceSpreadsAfresh() async throws {
        let cluster = try await Fixture()
        let node = try await cluster.startSupervisor("n1", ports: [6700, 6701, 6702])
        let record = base("t", workers: 1)
        try await cluster.state.storms.create(record.id, record)
        try await cluster.settle()
        let now = cluster.time.epochMilliseconds()
        try await cluster.state.storms.update(record.id) { base in
            base = try TopologyLifecycle.apply(
                .rebalance(.init(waitSeconds: 10, workers: 3, executors: ["b": 2])), base, nowMilliseconds: now,
                defaultWaitSeconds: 30
            ).base
        }
        // Of its worker nothing is seen: it is not waited for as long as for one that is there.
        #expect(try await cluster.settle().nextWakeMilliseconds == 5_000)
        cluster.time.advance(seconds: 5)
        #expect(try await cluster.settle().nextWakeMilliseconds == 10_000)
        #expect(try await cluster.state.storms.get(record.id)?.record.status == .rebalancing)
        cluster.time.advance(seconds: 10)
        try await cluster.settle()
        let after = try await cluster.assignment(record.id)
        #expect(after?.workers.count == 3)
        #expect(after?.workers.reduce(0) { $0 + $1.executors.executors.count } == 4)
        #expect(try await cluster.state.storms.get(record.id)?.record.status == .active)
        withExtendedLifetime(node) {}
    }

    @Test func newLeaderContinuesTheWaitOfAKill() async throws {
        var cluster = try await Fixture()
        var record = base("t")
        record.status = .killed
        record.action = PendingAction(
            kind: .kill, waitSeconds: 30, deadlineMilliseconds: cluster.time.epochMilliseconds() + 30_000)
        try await cluster.state.storms.create(record.id, record)
        cluster.time.advance(seconds: 20)
        cluster.reconciler = Reconciler(
            state: cluster.state, configuration: Fixture.configuration, time: cluster.time, statuses: cluster.statuses,
            logger: .quiet)
        #expect(try await cluster.settle().nextWakeMilliseconds == 10_000)
        cluster.time.advance(seconds: 10)
        try await cluster.settle()
        #expect(try await cluster.state.storms.ids().isEmpty)
    }

    @Test func unreadableRecordIsLeftAlone() async throws {
        let cluster = try await Fixture()
        try await cluster.store.create("/storms/x-1-1", Array("{".utf8), mode: .persistent)
        try await cluster.store.createDirectory("/errors/x-1-1")
        try await cluster.settle()
        #expect(try await cluster.store.exists("/errors/x-1-1"))
    }

    /// Whatever write a nimbus dies after, the next one finishes the removal.
    @Test(arguments: 0..<14)
    func crashWhileRemovingATopologyLeavesNothing(writes: Int) async throws {
        let cluster = try await Fixture()
        let node = try await cluster.startSupervisor("n1")
        var record = base("t")
        let state = cluster.state
        try await state.storms.create(record.id, record)
        try await cluster.settle()
        for blob in TopologyBlobs.suffixes {
            try await state.blobs.create(
                record.id + blob,
                BlobRecord(key: record.id + blob, sha256: "aa", sizeBytes: 1, createdAtMilliseconds: 1, owner: "ann"))
        }
        try await state.credentials.create(record.id, CredentialsRecord(credentials: [:]))
        try await state.logConfigs.create(record.id, LogConfigRecord(levels: [:]))
        try await cluster.store.createDirectory(ClusterPaths.workerBeats(record.id))
        try await state.errors.report(
            ErrorRecord(component: "a", host: "h", port: 1, task: 1, timeMilliseconds: 1, kind: "k", message: "m"),
            topologyID: record.id)
        record.status = .killed
        record.action = PendingAction(kind: .kill, waitSeconds: 0, deadlineMilliseconds: 0)
        try await state.storms.put(record.id, record)

        let dying = cluster.server.connect()
        dying.crashAfterWrites(writes)
        let first = Reconciler(
            state: ClusterState(dying), configuration: Fixture.configuration, time: cluster.time,
            statuses: SchedulingStatuses(), logger: .quiet)
        do {
            for _ in 0..<5 { _ = try await first.round() }
        } catch let error as CoordinationError {
            #expect(error.code == .closed)
        }
        await dying.close()
        try await cluster.settle()
        let left = cluster.server.dump().keys.filter { $0.contains(record.id) }
        #expect(left.isEmpty, "after \(writes) writes: \(left)")
        withExtendedLifetime(node) {}
    }
}
