import StormCluster
import Testing

@testable import StormConsole

@Suite struct AdminCommandsTests {
    private let state = ClusterState(InMemoryCoordinationServer().connect())
    private let said = Lines()

    private var commands: AdminCommands { AdminCommands(state: state, say: { [said] in said.add($0) }) }

    private func submit(_ id: String, isCorrupt: Bool) async throws {
        let blob = BlobReference(key: "\(id)-stormjar.jar", sha256: "00", sizeBytes: 1)
        try await state.storms.put(
            id,
            StormBaseRecord(
                name: id, id: id, status: .active, owner: "me", submittedAtMilliseconds: 1, workers: 1,
                componentExecutors: [:], componentTasks: [:], blobs: [blob]))
        if isCorrupt { return }
        try await state.blobs.put(
            blob.key,
            BlobRecord(key: blob.key, sha256: "00", sizeBytes: 1, createdAtMilliseconds: 1, owner: "me"))
    }

    @Test func onlyTopologiesWithoutCodeAreForgotten() async throws {
        try await state.prepare()
        try await submit("good-1-1", isCorrupt: false)
        try await submit("bad-2-2", isCorrupt: true)
        try await commands.removeCorruptTopologies(isJSON: false)
        try await commands.removeCorruptTopologies(isJSON: true)
        #expect(said.all == ["removed bad-2-2", "[\n\n]"])
        #expect(try await state.storms.ids() == ["good-1-1"])
    }

    @Test func recordsThatCannotBeReadAreLeftAlone() async throws {
        try await state.prepare()
        try await submit("bad-2-2", isCorrupt: true)
        try await state.store.create(state.storms.path("odd-1-1"), Array("{".utf8), mode: .persistent)
        try await commands.removeCorruptTopologies(isJSON: false)
        #expect(said.all.count == 2 && said.all.first == "removed bad-2-2")
        #expect(said.all.last?.hasPrefix("left alone: record '/storms/odd-1-1': ") == true)
        #expect(try await state.storms.ids() == ["odd-1-1"])
    }

    @Test func credentialsAreShownByNameOnly() async throws {
        try await state.prepare()
        try await state.credentials.put("a-1-1", CredentialsRecord(credentials: ["user": "alice", "key": "secret"]))
        try await commands.credentials(["a-1-1"], isJSON: false)
        #expect(said.all == ["a-1-1:", "\tkey", "\tuser"])
        let failure = await #expect(throws: CommandFailure.self) {
            try await commands.credentials(["b-1-1"], isJSON: false)
        }
        #expect(failure?.exitCode == 3)
    }

    @Test func aRecordThatIsNotThereIsAFailure() async throws {
        try await state.prepare()
        let failure = await #expect(throws: CommandFailure.self) { try await commands.supervisors(["nobody"]) }
        #expect(failure?.exitCode == 3)
        try await commands.assignments([])
        #expect(said.all == ["{\n\n}"])
    }

    // MARK: heartbeats

    @Test(arguments: [
        ("/", "/workerbeats"), ("", "/workerbeats"), ("wc-1-1/x", "/workerbeats/wc-1-1/x"),
        ("/workerbeats/wc-1-1/", "/workerbeats/wc-1-1"), ("/workerbeats", "/workerbeats"),
    ])
    func pathsOfHeartbeatsMayLeaveOutTheTree(path: String, full: String) throws {
        #expect(try HeartbeatCommands.full(path) == full)
    }

    @Test(arguments: ["/a//b", "../storms", "/workerbeats/../storms"])
    func pathsThatLeadElsewhereAreRefused(path: String) {
        #expect(throws: CommandFailure.self) { try HeartbeatCommands.full(path) }
    }

    @Test func heartbeatsThatAreNotThereAreAnAnswer() async throws {
        try await state.prepare()
        let commands = HeartbeatCommands(store: state.store, say: { [said] in said.add($0) })
        try await commands.list("/", isJSON: false)
        try await commands.get("/x", isJSON: false)
        try await commands.get("/x", isJSON: true)
        #expect(said.all == ["No Heartbeats found", "No Heartbeats found", "null"])
    }

    // MARK: zk_cli

    @Test func theShellReadsAndWritesOnlyWhenItMay() async throws {
        try await state.prepare()
        let reading = CoordinationShell(store: state.store, mayWrite: false, say: { [said] in said.add($0) })
        let writing = CoordinationShell(store: state.store, mayWrite: true, say: { [said] in said.add($0) })
        #expect(try await reading.run("ls storms"))
        await #expect(throws: CommandFailure.self) { _ = try await reading.run("delete /storms") }
        #expect(try await writing.run("create /storms/x some text"))
        #expect(try await reading.run("get /storms/x"))
        #expect(try await writing.run("deleteall /storms"))
        await #expect(throws: CommandFailure.self) { _ = try await reading.run("get /storms") }
        await #expect(throws: CommandFailure.self) { _ = try await reading.run("format /") }
        #expect(try await reading.run(""))
        #expect(try await !reading.run("quit"))
        #expect(said.all == ["[]", "Created /storms/x", "some text"])
    }
}
