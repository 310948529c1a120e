import Logging
import StormCluster
import StormCore
import StormNimbus
import StormSubmission
import StormTestSupport
import StormThrift
import Testing

/// The machine's time.
struct RealTime: TimeSource {
    private static let start = ContinuousClock.now

    func monotonicNanoseconds() -> Int64 {
        let (seconds, attoseconds) = (ContinuousClock.now - Self.start).components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }

    func epochMilliseconds() -> Int64 { 1_700_000_000_000 + monotonicNanoseconds() / 1_000_000 }
}

/// A whole nimbus with its port open, on an in-memory store.
final class RunningNimbus: Sendable {
    let store: InMemoryCoordinationStore
    let folder: TemporaryFolder
    let nimbus: Nimbus
    let port: Int
    let client: NimbusClient
    let configuration: Nimbus.Configuration
    private let task: Task<Void, any Error>

    init(
        _ server: InMemoryCoordinationServer, log: RecordingLog = RecordingLog(),
        configure: (inout Nimbus.Configuration) -> Void = { _ in }
    ) async throws {
        let store = server.connect()
        let folder = try TemporaryFolder()
        var configuration = Nimbus.Configuration(
            host: "127.0.0.1", directory: folder.path + "/nimbus", stormVersion: "test", pid: 1, user: "ann")
        configuration.bindHost = "127.0.0.1"
        configuration.port = 0
        configuration.roundGap = .milliseconds(1)
        configuration.reconciler.blobDelayMilliseconds = 0
        configuration.reconciler.liveness.supervisorGraceMilliseconds = 10
        configuration.reconciler.liveness.settleMilliseconds = 0
        configure(&configuration)
        let nimbus = Nimbus(configuration: configuration, store: store, time: RealTime(), logger: log.logger())
        let (ports, portFeed) = AsyncStream.makeStream(of: Int.self)
        task = Task {
            defer { portFeed.finish() }
            try await nimbus.run { portFeed.yield($0) }
        }
        var iterator = ports.makeAsyncIterator()
        port = try #require(await iterator.next())
        client = try await NimbusClient.connect(host: "127.0.0.1", port: port)
        (self.store, self.folder, self.nimbus, self.configuration) = (store, folder, nimbus, configuration)
    }

    var address: String { "127.0.0.1:\(port)" }

    /// As a clean stop.
    func stop() async throws {
        await client.close()
        task.cancel()
        try await task.value
        await store.close()
    }
}

/// Waits for a condition, at most 20 s: part of what is waited for is in the store, part in the nimbus.
func eventually(_ isSo: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(20)
    while ContinuousClock.now < deadline {
        if try await isSo() { return }
        try await ContinuousClock().sleep(for: .milliseconds(2))
    }
    Issue.record("it did not come true in 20 s")
}

@Suite(.serialized) struct NimbusProcessTests {
    let server = InMemoryCoordinationServer()
    static let topology = TopologyDescription(components: [
        ComponentDescription(
            id: "lines", kind: .spout, implementation: "Lines", parallelism: 2, streams: [.init(fields: ["line"])]),
        ComponentDescription(
            id: "split", kind: .bolt, implementation: "Split", parallelism: 3,
            inputs: [.init(GlobalStreamID("lines"), .shuffle)]),
    ])

    func submission(_ name: String, _ folder: TemporaryFolder) throws -> TopologySubmission {
        let program = try folder.write(String(repeating: "program ", count: 100_000), to: "program")
        return TopologySubmission(
            name: name, executablePath: program, topology: Self.topology,
            configuration: ["topology.workers": .int(2), "mine": .string("x")], arguments: ["book.txt"])
    }

    func startSupervisor() async throws -> InMemoryCoordinationStore {
        let own = server.connect()
        _ = try await own.registerEphemeral(
            ClusterPaths.supervisor("n1"), try RecordCodec.encode(supervisor("n1")))
        return own
    }

    @Test func topologyLivesFromSubmitToRemoval() async throws {
        let running = try await RunningNimbus(server)
        let machine = try await startSupervisor()
        let reader = ClusterState(server.connect())
        try await eventually { try await running.client.getLeader() != nil && running.nimbus.isLeading }
        try await TopologySubmitter(nimbus: running.client).submit(submission("wc", running.folder))
        try await eventually { try await reader.assignments.ids().count == 1 }

        let summary = try await running.client.getTopologySummaryByName(name: "wc")
        #expect(summary.status == "ACTIVE" && summary.numExecutors == 7 && summary.numWorkers == 2)
        #expect(summary.schedStatus == "Fully Scheduled" && summary.replicationCount == 1)
        let info = try await running.client.getTopologyInfo(id: summary.id)
        #expect(
            info.executors.map(\.componentID) == ["__acker", "__acker", "lines", "lines", "split", "split", "split"])
        let cluster = try await running.client.getClusterInfo()
        #expect(cluster.nimbuses.map(\.isLeader) == [true])
        #expect(cluster.supervisors.first?.numUsedWorkers == 2)
        let stored = try await TopologyConversion.description(running.client.getUserTopology(id: summary.id))
        #expect(stored == TopologyConversion.canonical(Self.topology))
        let conf = try await ConfJSON.parse(running.client.getTopologyConf(id: summary.id))
        #expect(conf["topology.swift.arguments"] == .list([.string("book.txt")]))
        #expect(conf["storm.id"] == .string(summary.id) && conf["mine"] == .string("x"))

        let copy = running.folder.path + "/copy"
        let key = summary.id + "-stormjar.jar"
        #expect(try await running.client.downloadBlob(key: key, to: copy).byteCount == 800_000)
        var file = try await DiskFile.reading(copy)
        _ = try await file.read(1_000_000)
        await file.close()
        #expect(try await reader.storms.get(summary.id)?.record.blobs.first?.sha256 == file.content.sha256)
        #expect(try await reader.storms.get(summary.id)?.record.workerToken?.utf8.count == 32)

        try await running.client.deactivate(name: "wc")
        #expect(try await running.client.getTopologySummary(id: summary.id).status == "INACTIVE")
        try await running.client.activate(name: "wc")
        try await running.client.killTopologyWithOpts(name: "wc", options: .init(waitSecs: 0))
        try await eventually {
            let nothing = try await running.client.getTopologySummaries().isEmpty
            return nothing && server.dump().keys.allSatisfy { !$0.contains(summary.id) }
        }
        await #expect(throws: Thrift.NotAliveException.self) { try await running.client.activate(name: "wc") }
        try await running.stop()
        withExtendedLifetime(machine) {}
    }

    @Test func faultySubmissionsAreRefusedWithTheirReason() async throws {
        let running = try await RunningNimbus(server)
        try await eventually { running.nimbus.isLeading }
        let submitter = TopologySubmitter(nimbus: running.client)
        try await submitter.submit(submission("wc", running.folder))
        func code(_ change: (inout TopologySubmission) -> Void) async throws -> SubmissionError.Code? {
            var faulty = try submission("other", running.folder)
            change(&faulty)
            do {
                try await submitter.submit(faulty)
                return nil
            } catch let error as SubmissionError {
                return error.code
            }
        }
        #expect(try await code { $0.name = "wc" } == .nameTaken)
        #expect(try await code { $0.name = "a.b" } == .badName)
        #expect(try await code { $0.executablePath = "/nowhere" } == .file)
        #expect(try await code { $0.configuration["topology.workers"] = .int(0) } == .invalidTopology)
        #expect(try await code { $0.topology = TopologyDescription(components: []) } == .invalidTopology)
        let invalid = try TopologyConversion.thrift(
            TopologyDescription(components: [
                ComponentDescription(id: "b", kind: .bolt, inputs: [.init(GlobalStreamID("nope"), .shuffle)])
            ]))
        let error = await #expect(throws: Thrift.InvalidTopologyException.self) {
            try await running.client.submitTopology(name: "x", location: "", jsonConf: "{}", topology: invalid)
        }
        #expect(error?.msg.contains("no spout") == true && error?.msg.contains("nope") == true)
        await #expect(throws: ThriftApplicationException.self) {
            try await running.client.uploadChunk(location: "/etc/passwd", chunk: [1])
        }
        try await running.stop()
    }

    @Test func secondNimbusCopiesTheCodeAndTakesOver() async throws {
        let first = try await RunningNimbus(server)
        try await eventually { first.nimbus.isLeading }
        let second = try await RunningNimbus(server)
        try await TopologySubmitter(nimbus: first.client).submit(submission("wc", first.folder))
        await #expect(throws: ThriftApplicationException.self) { try await second.client.beginFileUpload() }
        await #expect(throws: ThriftApplicationException.self) { try await second.client.activate(name: "wc") }
        #expect(try await second.client.getLeader()?.port == Int32(first.port))
        let id = try await second.client.getTopologySummaryByName(name: "wc").id
        try await eventually { try await second.client.getTopologySummary(id: id).replicationCount == 2 }
        try await first.stop()
        try await eventually { try await second.client.getLeader()?.port == Int32(second.port) }
        try await eventually { second.nimbus.isLeading }
        // Without a supervisor it is scheduled as soon as there is one.
        let machine = try await startSupervisor()
        let reader = ClusterState(server.connect())
        try await eventually { try await reader.assignments.get(id)?.record.workers.count == 2 }
        try await second.stop()
        withExtendedLifetime(machine) {}
    }

    @Test func nimbusWithoutTheCodeDoesNotLead() async throws {
        let state = ClusterState(server.connect())
        try await state.prepare()
        try await state.storms.create("t-1-1700000000", base("t"))
        let log = RecordingLog()
        let running = try await RunningNimbus(server, log: log)
        let record = await log.first { $0.message.hasPrefix("gives up the leadership") }
        #expect(record?.metadata["missing"] == "t-1-1700000000-stormjar.jar")
        #expect(!running.nimbus.isLeading)
        try await running.stop()
    }

    @Test func lostSessionEndsTheLeadershipAndItComesBack() async throws {
        let running = try await RunningNimbus(server)
        try await eventually { running.nimbus.isLeading }
        running.store.disconnect()
        try await eventually { !running.nimbus.isLeading }
        running.store.expireSession()
        running.store.reconnect()
        try await eventually {
            try await running.client.getLeader() != nil && running.nimbus.isLeading
        }
        #expect(try await running.client.getClusterInfo().nimbuses.count == 1)
        try await running.stop()
    }

    @Test func settingsOfARunningTopologyAreStored() async throws {
        let running = try await RunningNimbus(server)
        try await eventually { running.nimbus.isLeading }
        try await TopologySubmitter(nimbus: running.client).submit(submission("wc", running.folder))
        let id = try await running.client.getTopologySummaryByName(name: "wc").id
        let reader = ClusterState(server.connect())
        try await running.client.debug(name: "wc", component: "split", enable: true, samplingPercentage: 250)
        #expect(try await reader.storms.get(id)?.record.debug == ["split": DebugSampling(enabled: true, percent: 100)])
        try await running.client.uploadNewCredentials(name: "wc", credentials: .init(credentials: ["a": "1"]))
        try await running.client.uploadNewCredentials(name: "wc", credentials: .init(credentials: ["b": "2"]))
        #expect(try await reader.credentials.get(id)?.record.credentials == ["a": "1", "b": "2"])
        await #expect(throws: Thrift.AuthorizationException.self) {
            try await running.client.uploadNewCredentials(
                name: "wc", credentials: .init(credentials: ["c": "3"], topologyOwner: "bob"))
        }
        try await running.client.uploadNewCredentials(
            name: "wc", credentials: .init(credentials: ["b": "3"], topologyOwner: "ann"))
        #expect(try await reader.credentials.get(id)?.record.credentials == ["a": "1", "b": "3"])
        let level = Thrift.LogLevel(action: .update, targetLogLevel: "DEBUG", resetLogLevelTimeoutSecs: 60)
        try await running.client.setLogConfig(name: id, config: .init(namedLoggerLevel: ["ROOT": level]))
        #expect(try await reader.logConfigs.get(id)?.record.levels["ROOT"]?.level == "debug")
        #expect(try await running.client.getLogConfig(name: id)?.namedLoggerLevel?["ROOT"]?.targetLogLevel == "DEBUG")
        #expect(try await running.client.getOwnerResourceSummaries(owner: nil).map(\.owner) == ["ann"])
        try await running.stop()
    }

    @Test func userBlobsAreKeptListedAndDeleted() async throws {
        let running = try await RunningNimbus(server)
        try await eventually { running.nimbus.isLeading }
        let path = try running.folder.write("content", to: "blob")
        try await running.client.createBlob(key: "mine", meta: .init(), file: path)
        #expect(try await running.client.listBlobs(session: "").keys == ["mine"])
        #expect(try await running.client.listBlobs(session: "mine").keys == [])
        await #expect(throws: Thrift.KeyAlreadyExistsException.self) {
            _ = try await running.client.beginCreateBlob(key: "mine", meta: .init())
        }
        let before = try await running.client.getBlobMeta(key: "mine").version
        let session = try await running.client.beginUpdateBlob(key: "mine")
        try await running.client.uploadBlobChunk(session: session, chunk: [1, 2, 3])
        try await running.client.finishBlobUpload(session: session)
        #expect(try await running.client.getBlobMeta(key: "mine").version != before)
        try await running.client.deleteBlob(key: "mine")
        await #expect(throws: Thrift.KeyNotFoundException.self) {
            _ = try await running.client.getBlobMeta(key: "mine")
        }
        try await running.stop()
    }
}
