import Logging
import StormCluster
import StormCore
import StormNimbus
import StormSubmission
import StormTestSupport
import StormThrift
import Synchronization
import Testing

/// Several nimbuses with their ports open, on an in-memory store.
@Suite(.serialized, .timeLimit(.minutes(2))) struct HighAvailabilityTests {
    let server = InMemoryCoordinationServer()

    private func submission(_ name: String, _ folder: TemporaryFolder, _ settings: [String: ConfigValue] = [:]) throws
        -> TopologySubmission
    {
        let program = try folder.write(String(repeating: "program ", count: 100_000), to: "program")
        return TopologySubmission(
            name: name, executablePath: program, topology: NimbusProcessTests.topology,
            configuration: settings.merging(["topology.workers": .int(2)]) { $1 })
    }

    private func submitter(_ seeds: [String], patience: Duration = .seconds(20)) -> FailoverSubmitter {
        var settings = NimbusClient.Configuration()
        settings.discoveryTimeout = .seconds(2)
        settings.electionPatience = patience
        return FailoverSubmitter(seeds: seeds, port: 1, configuration: settings)
    }

    @Test func submitIsAnsweredWhenAsManyNimbusesHoldTheCode() async throws {
        let first = try await RunningNimbus(server)
        try await eventually { first.nimbus.isLeading }
        let others = [try await RunningNimbus(server), try await RunningNimbus(server)]
        let settings: [String: ConfigValue] = ["topology.min.replication.count": .int(3)]
        let notice = try await submitter([first.address]).submit(submission("wc", first.folder, settings))
        let id = try await first.client.getTopologySummaryByName(name: "wc").id
        let state = ClusterState(server.connect())
        for key in TopologyBlobs.keys(id) { #expect(try await state.blobReplicas(key).ids().count == 3) }
        #expect(notice == nil)
        #expect(try await state.submissions.ids().isEmpty)
        for nimbus in others { try await nimbus.stop() }
        try await first.stop()
    }

    /// As Storm does; it is said in the log and to the user.
    @Test func submitGoesOnWithAWarningWhenTheCopiesDoNotComeInTime() async throws {
        let log = RecordingLog()
        let running = try await RunningNimbus(server, log: log)
        try await eventually { running.nimbus.isLeading }
        let settings: [String: ConfigValue] = [
            "topology.min.replication.count": .int(2), "topology.max.replication.wait.time.sec": .int(0),
        ]
        let notice = try await submitter([running.address]).submit(submission("wc", running.folder, settings))
        #expect(notice?.contains("on 1 nimbuses only, topology.min.replication.count asks for 2") == true)
        let warning = log.records.first { $0.message.hasPrefix("the code is on fewer nimbuses") }
        #expect(warning?.level == .warning && warning?.metadata["copies"] == "1" && warning?.metadata["wanted"] == "2")
        #expect(try await running.client.getTopologySummaries().count == 1)
        try await running.stop()
    }

    /// With Storm's default of one copy a topology submitted just before the leader's death would keep every other nimbus
    /// from leading.
    @Test func codeOfAnAnsweredSubmitOutlivesTheLeader() async throws {
        let first = try await RunningNimbus(server)
        try await eventually { first.nimbus.isLeading }
        let second = try await RunningNimbus(server)
        try await submitter([first.address]).submit(submission("wc", first.folder))
        first.store.crashAfterWrites(0)
        await first.store.close()
        try await eventually { second.nimbus.isLeading }
        #expect(try await second.client.getTopologySummaryByName(name: "wc").replicationCount == 1)
        try await second.stop()
    }

    @Test func submitWhoseAnswerIsLostIsCarriedOutOnce() async throws {
        let first = try await RunningNimbus(server)
        try await eventually { first.nimbus.isLeading }
        let proxy = try await CuttingNimbus.start(before: first.client)
        let before = try submission("wc", first.folder)
        var reasons: [String] = []
        try await submitter(["127.0.0.1:\(proxy.port)", first.address])
            .submit(before) { _, _ in
            } retrying: {
                reasons.append($0.message)
            }
        #expect(reasons.count == 1)
        #expect(try await first.client.getTopologySummaries().map(\.name) == ["wc"])
        // Somebody else's topology of that name is not taken for ours.
        await #expect {
            try await submitter([first.address]).submit(before)
        } throws: { ($0 as? SubmissionError)?.code == .nameTaken }
        await proxy.close()
        try await first.stop()
    }

    @Test func submitThatFindsTheLeaderDeadGoesToTheNext() async throws {
        let first = try await RunningNimbus(server)
        try await eventually { first.nimbus.isLeading }
        let second = try await RunningNimbus(server)
        let (reasons, feed) = AsyncStream.makeStream(of: String.self)
        // The leader loses its session in the middle: it says that it does not lead any more, having done nothing.
        first.store.expireSessionUnnoticed { $0.kind == .multi }
        try await submitter([first.address, second.address])
            .submit(submission("wc", first.folder)) { _, _ in
            } retrying: {
                feed.yield($0.message)
            }
        feed.finish()
        var texts: [String] = []
        for await text in reasons { texts.append(text) }
        #expect(!texts.isEmpty && texts.allSatisfy { $0.contains("not a leader") })
        #expect(try await second.client.getTopologySummaries().map(\.name) == ["wc"])
        try await second.stop()
        try await first.stop()
    }

    @Test func wipedStoreIsReportedAndTheClusterGoesOnEmpty() async throws {
        let log = RecordingLog()
        let running = try await RunningNimbus(server, log: log) {
            $0.repairInterval = .milliseconds(50)
            $0.codeSyncInterval = .milliseconds(50)
        }
        try await eventually { running.nimbus.isLeading }
        try await submitter([running.address]).submit(submission("wc", running.folder))
        let old = try await ClusterIdentity.read(running.store)
        server.wipe()
        let record = await log.first { $0.level == .critical }
        #expect(record?.message.contains("the coordination store was wiped") == true)
        #expect(record?.metadata["cluster.id.was"] == old)
        try await eventually { try await running.client.getLeader()?.port == Int32(running.port) }
        try await eventually { running.nimbus.isLeading }
        #expect(try await running.client.getTopologySummaries().isEmpty)
        // The code stays, whatever the store says.
        let blobs = BlobDirectory(root: running.folder.path + "/nimbus")
        #expect(try await blobs.all().count == 3)
        #expect(try await blobs.clusterID() == old)
        #expect(log.messages(atLeast: .error).contains { $0.contains("belongs to another cluster") })
        try await submitter([running.address]).submit(submission("wc", running.folder))
        #expect(try await running.client.getTopologySummaries().map(\.name) == ["wc"])
        try await running.stop()
    }

    @Test func nothingIsReassignedWhenEverybodyWasWithoutTheStore() async throws {
        let running = try await RunningNimbus(server) { $0.reconciler.liveness.settleMilliseconds = 60_000 }
        try await eventually { running.nimbus.isLeading }
        let record = supervisor("n1")
        let machine = server.connect()
        _ = try await machine.registerEphemeral(ClusterPaths.supervisor("n1"), try RecordCodec.encode(record))
        let spare = server.connect()
        _ = try await spare.registerEphemeral(
            ClusterPaths.supervisor("n2"), try RecordCodec.encode(supervisor("n2")))
        try await submitter([running.address]).submit(submission("wc", running.folder))
        let state = ClusterState(server.connect())
        try await eventually { try await state.assignments.all().count == 1 }
        let before = try await state.assignments.all()
        // The store goes away for all; nimbus is back first, and the sessions of the others have ended.
        machine.disconnect()
        running.store.disconnect()
        try await eventually { !running.nimbus.isLeading }
        running.store.expireSession()
        machine.expireSession()
        running.store.reconnect()
        try await eventually { running.nimbus.isLeading }
        // Rounds go by: each new topology is assigned by one.
        try await submitter([running.address]).submit(submission("other", running.folder))
        try await eventually { try await state.assignments.all().count == 2 }
        machine.reconnect()
        try await submitter([running.address]).submit(submission("third", running.folder))
        try await eventually { try await state.storms.all().count == 3 }
        let id = try #require(before.keys.first)
        #expect(try await state.assignments.get(id) == before[id])
        try await running.stop()
        withExtendedLifetime(spare) {}
    }
}

/// Stands before a nimbus as if it were the leader, and is cut off as soon as it has carried out a submit.
struct CuttingNimbus {
    private let server: ThriftServer
    let port: Int

    static func start(before nimbus: NimbusClient) async throws -> CuttingNimbus {
        let (servers, feed) = AsyncStream.makeStream(of: ThriftServer.self)
        var table = ThriftMethodTable<Void>()
        let port = SharedPort()
        table.add(NimbusCalls.getLeader) { _ in
            Thrift.NimbusSummary(
                host: "127.0.0.1", port: Int32(port.number.withLock { $0 }), uptimeSecs: 1, isLeader: true, version: "3"
            )
        }
        table.add(NimbusCalls.isTopologyNameAllowed) { _, name in
            try await nimbus.isTopologyNameAllowed(name: name)
        }
        table.add(NimbusCalls.beginFileUpload) { _ in try await nimbus.beginFileUpload() }
        table.add(NimbusCalls.uploadChunk) { _, location, chunk in
            try await nimbus.uploadChunk(location: location, chunk: chunk.bytes)
        }
        table.add(NimbusCalls.finishFileUpload) { _, location in
            try await nimbus.finishFileUpload(location: location)
        }
        table.add(NimbusCalls.submitTopologyWithOpts) {
            (_: Void, name, location, conf, topology, options) async throws -> Void in
            try await nimbus.submitTopologyWithOpts(
                name: name, location: location, jsonConf: conf, topology: topology, options: options)
            for await server in servers {
                await server.close(grace: .zero)
                break
            }
        }
        let server = try await ThriftServer.start(
            .init(host: "127.0.0.1", port: 0), processor: ThriftProcessor(service: (), methods: table),
            logger: .quiet)
        port.number.withLock { $0 = server.port }
        feed.yield(server)
        return CuttingNimbus(server: server, port: server.port)
    }

    func close() async { await server.close(grace: .zero) }
}

private final class SharedPort: Sendable {
    let number = Mutex(0)
}
