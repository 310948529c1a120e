import StormCluster
import StormSubmission
import StormTestSupport
import StormThrift
import Testing

@testable import StormNimbus

/// One record that is damaged, or a newer daemon's, and what goes on beside it.
@Suite(.serialized) struct UnreadableRecordTests {
    private static let damaged = "{"
    private static let newer = #"{"version": 99}"#

    private func submit(_ name: String, _ running: RunningNimbus) async throws {
        let program = try running.folder.write("program", to: "program")
        try await TopologySubmitter(nimbus: running.client).submit(
            TopologySubmission(
                name: name, executablePath: program, topology: NimbusProcessTests.topology, configuration: [:],
                arguments: []))
    }

    /// A single one made nimbus answer every call about any topology with an error.
    @Test(arguments: ["{", #"{"version": 99}"#])
    func oneUnreadableRecordKeepsNobodyFromTheOthers(text: String) async throws {
        let server = InMemoryCoordinationServer()
        let state = ClusterState(server.connect())
        try await state.prepare()
        for path in [
            state.storms.path("bad-1-1"), state.assignments.path("bad-1-1"), state.supervisors.path("b"),
            state.nimbuses.path("b:1"),
        ] {
            try await state.store.create(path, Array(text.utf8), mode: .persistent)
        }
        let log = RecordingLog()
        let running = try await RunningNimbus(server, log: log)
        let client = running.client
        try await eventually { running.nimbus.isLeading }
        try await submit("wc", running)
        let id = try await client.getTopologySummaryByName(name: "wc").id
        try await state.store.create(
            state.workerBeats(id).path("n1-6700"), Array(text.utf8), mode: .persistent)

        let cluster = try await client.getClusterInfo()
        #expect(cluster.topologies.map(\.name) == ["wc"])
        #expect(cluster.nimbuses.map(\.isLeader) == [true] && cluster.supervisors.isEmpty)
        #expect(try await client.getTopologyInfo(id: id).status == "ACTIVE")
        #expect(try await client.getTopologyHistory(user: nil).topologyIDs == [id])
        _ = try await client.getSupervisorPageInfo(id: "", host: "h", includeSystem: false)
        _ = try await client.getSupervisorAssignments(node: "n1")
        try await client.deactivate(name: "wc")
        try await client.killTopologyWithOpts(name: "wc", options: .init(waitSecs: 0))
        try await eventually { try await client.getTopologySummaries().isEmpty }
        let told = log.records.filter {
            $0.message.hasPrefix("a record cannot be read")
                && $0.metadata["error"]?.contains("'/storms/bad-1-1'") == true
        }
        #expect(told.count == 1)
        try await running.stop()
    }

    /// Nobody can tell whether it lives: its name is not given away, and who asks for it hears why.
    @Test func theNameOfAnUnreadableTopologyIsTaken() async throws {
        let server = InMemoryCoordinationServer()
        let state = ClusterState(server.connect())
        try await state.prepare()
        try await state.store.create("/storms/my-bad-1-1", Array(Self.damaged.utf8), mode: .persistent)
        try await state.store.create("/storms/new-1-1", Array(Self.newer.utf8), mode: .persistent)
        let running = try await RunningNimbus(server)
        let client = running.client
        try await eventually { running.nimbus.isLeading }
        await #expect {
            try await submit("my-bad", running)
        } throws: { ($0 as? SubmissionError)?.code == .nameTaken }
        let location = try await client.beginFileUpload()
        try await client.uploadChunk(location: location, chunk: Array("program".utf8))
        try await client.finishFileUpload(location: location)
        let topology = try TopologyConversion.thrift(NimbusProcessTests.topology)
        await #expect(throws: Thrift.AlreadyAliveException.self) {
            try await client.submitTopology(name: "my-bad", location: location, jsonConf: "{}", topology: topology)
        }
        await #expect {
            try await client.killTopology(name: "my-bad")
        } throws: { "\($0)".contains("zk_cli -w delete '/storms/my-bad-1-1'") }
        await #expect {
            try await client.killTopology(name: "new")
        } throws: { "\($0)".contains("upgrade this daemon") && !"\($0)".contains("delete") }
        await #expect {
            _ = try await client.getTopologyInfo(id: "my-bad-1-1")
        } throws: { "\($0)".contains("cannot be read") }
        // Others of which only a part is called so are not concerned.
        for name in ["my", "bad"] { #expect(try await client.isTopologyNameAllowed(name: name)) }
        await #expect(throws: Thrift.NotAliveException.self) { try await client.killTopology(name: "bad") }
        // As the text says.
        try await state.storms.delete("my-bad-1-1")
        try await submit("my-bad", running)
        try await running.stop()
    }

    /// Its clients found no leader while the cluster was upgraded machine by machine.
    @Test func aLeaderOfANewerVersionIsFound() async throws {
        let server = InMemoryCoordinationServer()
        let state = ClusterState(server.connect())
        let running = try await RunningNimbus(server)
        try await eventually { running.nimbus.isLeading }
        let path = state.nimbuses.path(running.address)
        try await state.store.set(path, Array(Self.newer.utf8), expectedVersion: nil)
        let leader = try await running.client.getLeader()
        #expect(leader?.host == "127.0.0.1" && leader?.port == Int32(running.port))
        try await running.stop()
    }

    @Test func blobsOfAnUnreadableTopologyStayUntilItsRecordIsGone() async throws {
        let cluster = try await Fixture()
        let keys = TopologyBlobs.keys("x-1-1").sorted()
        try await cluster.store.create("/storms/x-1-1", Array(Self.damaged.utf8), mode: .persistent)
        for key in keys {
            try await cluster.state.blobs.create(
                key, BlobRecord(key: key, sha256: "aa", sizeBytes: 1, createdAtMilliseconds: 1, owner: "ann"))
        }
        try await cluster.settle()
        #expect(try await cluster.state.blobs.ids() == keys)
        try await cluster.state.storms.delete("x-1-1")
        try await cluster.settle()
        #expect(try await cluster.state.blobs.ids() == [])
    }

    /// Its workers ran on for ever after the kill.
    @Test(arguments: ["{", #"{"version": 99}"#])
    func anAssignmentThatCannotBeReadGoesWithItsTopology(text: String) async throws {
        let cluster = try await Fixture()
        let node = try await cluster.startSupervisor("n1")
        var record = base("t")
        let path = ClusterPaths.assignment(record.id)
        try await cluster.state.storms.create(record.id, record)
        try await cluster.store.create(path, Array(text.utf8), mode: .persistent)
        try await cluster.settle()
        #expect(try await cluster.store.get(path)?.bytes == Array(text.utf8))
        record.status = .killed
        record.action = PendingAction(kind: .kill, waitSeconds: 0, deadlineMilliseconds: 0)
        try await cluster.state.storms.put(record.id, record)
        try await cluster.settle()
        let left = cluster.server.dump().keys.filter { $0.contains(record.id) }
        #expect(left.isEmpty, "\(left)")
        withExtendedLifetime(node) {}
    }

    @Test func aRecordIsToldAgainOnlyWhenItWasReadableInBetween() {
        let log = RecordingLog()
        let faults = RecordFaults(logger: log.logger())
        let fault = ClusterRecordError(.malformed, "/storms/x-1-1", "why")
        for _ in 0..<3 {
            faults.report([fault], below: "/storms")
            faults.report(fault)
            faults.report([], below: "/supervisors")
        }
        #expect(log.records.count == 1)
        faults.report([], below: "/storms")
        faults.report(fault)
        #expect(log.records.map { $0.metadata["error"] } == ["\(fault)", "\(fault)"])
    }
}
