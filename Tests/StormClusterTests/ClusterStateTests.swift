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

    @Test func whatCannotBeReadHidesNothingElse() async throws {
        let state = ClusterState(server.connect())
        try await state.prepare()
        try await state.storms.create("t", SchemaTests.base())
        for id in ["a-b-1-1", "a-b-2-9", "odd"] {
            try await state.store.create(state.storms.path(id), Array("{".utf8), mode: .persistent)
        }
        let found = try await state.storms.readable()
        #expect(Array(found.records.keys) == ["t"] && found.faults.count == 3)
        #expect(found.fault(named: "a-b")?.path == "/storms/a-b-2-9")
        for name in ["a", "b", "odd", "t"] { #expect(found.fault(named: name) == nil) }
        let error = await #expect(throws: ClusterRecordError.self) { _ = try await state.storms.all() }
        #expect(error?.path == "/storms/a-b-1-1")
    }

    @Test func errorsThatCannotBeReadAreLeftOut() async throws {
        let state = ClusterState(server.connect())
        try await state.prepare()
        let error = ErrorRecord(
            component: "a", host: "h", port: 1, task: 1, timeMilliseconds: 1, kind: "Oops", message: "m")
        try await state.errors.report(error, topologyID: "t")
        try await state.store.create(
            ClusterPaths.errors("t", component: "a") + "/e", Array("{".utf8), mode: .persistentSequential)
        #expect(try await state.errors.errors("t", component: "a") == [error])
        try await state.store.set(
            ClusterPaths.lastError("t", component: "a"), Array("{".utf8), expectedVersion: nil)
        #expect(try await state.errors.lastError("t", component: "a") == nil)
    }
}
