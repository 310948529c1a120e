import StormCluster
import Testing

/// A write whose reply was lost is neither reported as failed nor made twice.
@Suite struct LostReplyTests {
    let server = InMemoryCoordinationServer()

    @Test func changeOfARecordWithALostReplyIsSeenToHaveWorked() async throws {
        let store = server.connect()
        let state = ClusterState(store)
        try await state.prepare()
        try await state.credentials.create("t", CredentialsRecord(credentials: ["n": "0"]))
        store.loseNextReply()
        var runs = 0
        let stored = try await state.credentials.update("t") { record in
            runs += 1
            record.credentials["n"] = "\(runs)"
        }
        #expect(stored?.credentials == ["n": "1"] && runs == 1)
        #expect(try await state.credentials.get("t")?.storeVersion == 1)
    }

    @Test func nodeGoesWithItsChildrenOrNotAtAll() async throws {
        let store = server.connect()
        try await store.createDirectory("/b/one")
        try await store.createDirectory("/b/two")
        let dying = server.connect()
        dying.crashAfterWrites(0)
        #expect(await failure { try await dying.deleteWithChildren("/b") } == .closed)
        #expect(server.dump().keys.filter { $0.hasPrefix("/b") }.count == 3)
        let writes = store.writesDone
        try await store.deleteWithChildren("/b")
        #expect(store.writesDone == writes + 1 && server.dump().keys.allSatisfy { !$0.hasPrefix("/b") })
        try await store.deleteWithChildren("/b")
    }
}
