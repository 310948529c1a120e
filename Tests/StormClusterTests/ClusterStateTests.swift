import StormCluster
import StormCore
import Synchronization
import Testing

@Suite struct ClusterStateTests {
    let server = InMemoryCoordinationServer()

    @Test func updateTriesAgainWhenSomebodyWroteInBetween() async throws {
        let store = server.connect()
        let state = ClusterState(store)
        try await state.prepare()
        try await state.storms.create("t", SchemaTests.base())
        store.failNext(.badVersion, where: { $0.kind == .set })
        let updated = try await state.storms.update("t") { $0.workers += 1 }
        #expect(updated?.workers == 3)
        #expect(try await state.storms.get("t")?.record.workers == 3)
        #expect(try await state.storms.update("missing") { $0.workers = 9 } == nil)
    }

    @Test func updateGivesUpAfterABoundedNumberOfConflicts() async throws {
        let store = server.connect()
        let state = ClusterState(store)
        try await state.prepare()
        try await state.storms.create("t", SchemaTests.base())
        for _ in 0..<100 { store.failNext(.badVersion, where: { $0.kind == .set }) }
        #expect(await failure { try await state.storms.update("t") { $0.workers = 5 } } == .badVersion)
    }

    @Test func unchangedRecordIsNotWritten() async throws {
        let store = server.connect()
        let state = ClusterState(store)
        try await state.prepare()
        try await state.storms.put("t", SchemaTests.base())
        let writes = store.writesDone
        try await state.storms.update("t") { $0.status = .active }
        #expect(store.writesDone == writes)
    }

    @Test func faultyRecordsAreReportedBesideTheGoodOnes() async throws {
        let store = server.connect()
        let state = ClusterState(store)
        try await state.prepare()
        try await state.storms.put("good", SchemaTests.base())
        try await store.create("/storms/bad", bytes("{"), mode: .persistent)
        let view = try await store.view(of: ClusterPaths.storms, depth: 1)
        let (records, faults) = state.storms.decode(view.snapshot())
        #expect(records.keys.sorted() == ["good"])
        #expect(faults.map(\.path) == ["/storms/bad"])
    }

    @Test func errorsAreKeptToTheNewestTen() async throws {
        let state = ClusterState(server.connect())
        try await state.prepare()
        for number in 0..<12 {
            let error = ErrorRecord(
                component: "a/b", host: "h", port: 1, task: 1, timeMilliseconds: Int64(number), kind: "Oops",
                message: "\(number)")
            try await state.errors.report(error, topologyID: "t")
        }
        #expect(try await state.errors.components("t") == ["a/b"])
        let kept = try await state.errors.errors("t", component: "a/b").map(\.message)
        #expect(kept == (2..<12).reversed().map(String.init))
        #expect(try await state.errors.lastError("t", component: "a/b")?.message == "11")
    }
}
