import StormCluster
import StormCore
import StormNimbus
import Testing

/// What `storm rebalance --dry-run` says is what the rebalance then does.
@Suite struct RebalancePreviewTests {
    private func running(
        workers: Int, supervisors: Int
    ) async throws -> (Fixture, StormBaseRecord, [any Sendable]) {
        let cluster = try await Fixture()
        var sessions: [any Sendable] = []
        for number in 1...supervisors { sessions.append(try await cluster.startSupervisor("n\(number)")) }
        let record = base("t", workers: workers)
        try await cluster.state.storms.create(record.id, record)
        try await cluster.settle()
        sessions.append(try await cluster.bringUp(record.id))
        return (cluster, record, sessions)
    }

    private func preview(_ cluster: Fixture, _ id: String, _ request: RebalanceRequest) async throws -> RebalancePreview
    {
        try RebalancePreview(
            try #require(try await cluster.record(id)), request, try await ClusterObservation.read(cluster.state),
            nowMilliseconds: cluster.time.epochMilliseconds())
    }

    private func places(_ assignment: AssignmentRecord) -> [TaskID: RebalancePreview.Place] {
        var places: [TaskID: RebalancePreview.Place] = [:]
        for worker in assignment.workers {
            for task in worker.executors.executors.flatMap(\.tasks) {
                places[task] = RebalancePreview.Place(host: worker.host, port: worker.port)
            }
        }
        return places
    }

    @Test(arguments: [
        RebalanceRequest(), RebalanceRequest(workers: 4), RebalanceRequest(workers: 1),
        RebalanceRequest(executors: ["b": 2]), RebalanceRequest(workers: 3, executors: ["a": 1, "b": 3]),
    ])
    func itForetellsEveryMove(request: RebalanceRequest) async throws {
        let (cluster, record, sessions) = try await running(workers: 2, supervisors: 2)
        let before = try #require(try await cluster.assignment(record.id))
        let preview = try await preview(cluster, record.id, request)
        try await cluster.apply(.rebalance(request), to: record.id)
        try await cluster.report(record.id, drained: 1)
        try await cluster.settle()
        let after = try #require(try await cluster.assignment(record.id))
        let (old, new) = (places(before), places(after))
        let executors = after.workers.flatMap(\.executors.executors)
        #expect(preview.moves.count + preview.stayCount == executors.count)
        let moved = executors.filter { executor in executor.tasks.contains { old[$0] != new[$0] } }
        #expect(Set(preview.moves.map(\.executor)) == Set(moved))
        for move in preview.moves {
            #expect(move.to == new[move.executor.first])
            #expect(Set(move.from) == Set(move.executor.tasks.compactMap { old[$0] }))
        }
        #expect(preview.workersBefore == before.workers.count && preview.workersAfter == after.workers.count)
        #expect(
            preview.keptWorkers
                == after.workers.count { before[$0.slot]?.incarnation == $0.incarnation })
        withExtendedLifetime(sessions) {}
    }

    @Test func aNewMachineIsUsed() async throws {
        let (cluster, record, sessions) = try await running(workers: 4, supervisors: 1)
        let other = try await cluster.startSupervisor("n2")
        let preview = try await preview(cluster, record.id, RebalanceRequest())
        #expect(preview.workersBefore == 2 && preview.workersAfter == 4)
        #expect(preview.moves.contains { $0.to?.host == "host-n2" })
        #expect(!preview.moves.isEmpty && preview.stayCount > 0)
        withExtendedLifetime((sessions, other)) {}
    }

    @Test func whatNimbusRefusesIsRefused() async throws {
        let (cluster, record, sessions) = try await running(workers: 2, supervisors: 1)
        await #expect(throws: LifecycleError.self) {
            _ = try await preview(cluster, record.id, RebalanceRequest(executors: ["nobody": 2]))
        }
        try await cluster.apply(.kill(waitSeconds: 10), to: record.id)
        await #expect(throws: LifecycleError.self) {
            _ = try await preview(cluster, record.id, RebalanceRequest())
        }
        withExtendedLifetime(sessions) {}
    }

    @Test func nothingIsWritten() async throws {
        let (cluster, record, sessions) = try await running(workers: 2, supervisors: 2)
        let before = (try await cluster.assignment(record.id), try await cluster.record(record.id))
        _ = try await preview(cluster, record.id, RebalanceRequest(workers: 4))
        #expect(try await cluster.assignment(record.id) == before.0)
        #expect(try await cluster.record(record.id) == before.1)
        withExtendedLifetime(sessions) {}
    }
}
