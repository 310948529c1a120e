import StormTestSupport
import StormCluster
import StormCore
import StormSubmission
import StormTestSupport
import StormThrift
import Testing

@testable import StormNimbus

/// Every method of Storm's interface, asked of a nimbus that leads and knows no topology.
@Suite(.serialized) struct WholeServiceTests {
    private typealias Call = @Sendable (NimbusClient) async throws -> Void

    /// One method: what becomes of the call is "ok", the name of a declared exception, or the kind of an undeclared one.
    private struct Method: Sendable {
        let name: String
        let outcome: String
        let call: Call

        init(_ name: String, _ outcome: String = "ok", _ call: @escaping Call) {
            self.name = name
            self.outcome = outcome
            self.call = call
        }
    }

    private static let topologies: [Method] = [
        .init("submitTopology", "InvalidTopologyException") {
            try await $0.submitTopology(name: "x", location: "", jsonConf: "{}", topology: .init())
        },
        .init("submitTopologyWithOpts", "InvalidTopologyException") {
            try await $0.submitTopologyWithOpts(
                name: "x", location: "", jsonConf: "{}", topology: .init(), options: .init(initialStatus: .active))
        },
        .init("killTopology", "NotAliveException") { try await $0.killTopology(name: "x") },
        .init("killTopologyWithOpts", "NotAliveException") {
            try await $0.killTopologyWithOpts(name: "x", options: .init(waitSecs: 0))
        },
        .init("activate", "NotAliveException") { try await $0.activate(name: "x") },
        .init("deactivate", "NotAliveException") { try await $0.deactivate(name: "x") },
        .init("rebalance", "NotAliveException") { try await $0.rebalance(name: "x", options: .init()) },
        .init("setLogConfig", "internalError") { try await $0.setLogConfig(name: "x", config: .init()) },
        .init("getLogConfig") { _ = try await $0.getLogConfig(name: "x") },
        .init("debug", "NotAliveException") {
            try await $0.debug(name: "x", component: "", enable: true, samplingPercentage: 10)
        },
        .init("setWorkerProfiler", "internalError") {
            try await $0.setWorkerProfiler(id: "x", request: .init(nodeInfo: .init(), action: .heapDump))
        },
        .init("getComponentPendingProfileActions") { (nimbus: NimbusClient) async throws in
            #expect(
                try await nimbus.getComponentPendingProfileActions(id: "x", componentID: "y", action: .heapDump).isEmpty
            )
        },
        .init("uploadNewCredentials", "NotAliveException") {
            try await $0.uploadNewCredentials(name: "x", credentials: .init(credentials: [:]))
        },
    ]

    private static let blobs: [Method] = [
        .init("beginCreateBlob") {
            let session = try await $0.beginCreateBlob(key: "k", meta: .init(acl: []))
            try await $0.uploadBlobChunk(session: session, chunk: [1, 2, 3])
            try await $0.finishBlobUpload(session: session)
        },
        .init("beginUpdateBlob", "KeyNotFoundException") { _ = try await $0.beginUpdateBlob(key: "x") },
        .init("uploadBlobChunk", "internalError") { try await $0.uploadBlobChunk(session: "x", chunk: []) },
        .init("finishBlobUpload", "internalError") { try await $0.finishBlobUpload(session: "x") },
        .init("cancelBlobUpload", "internalError") { try await $0.cancelBlobUpload(session: "x") },
        .init("getBlobMeta") { (nimbus: NimbusClient) async throws in
            #expect(try await nimbus.getBlobMeta(key: "k").version > 0)
        },
        .init("setBlobMeta", "AuthorizationException") {
            try await $0.setBlobMeta(key: "k", meta: .init(acl: []))
            let everybody = Thrift.AccessControl(type: .other, access: 7)
            try await $0.setBlobMeta(key: "k", meta: .init(acl: [everybody], replicationFactor: 1))
            try await $0.setBlobMeta(key: "k", meta: .init(acl: [.init(type: .user, name: "ann", access: 7)]))
        },
        .init("beginBlobDownload", "KeyNotFoundException") { _ = try await $0.beginBlobDownload(key: "x") },
        .init("downloadBlobChunk", "internalError") { _ = try await $0.downloadBlobChunk(session: "x") },
        .init("getBlobReplication") { (nimbus: NimbusClient) async throws in
            #expect(try await nimbus.getBlobReplication(key: "k") == 1)
        },
        .init("updateBlobReplication", "internalError") { (nimbus: NimbusClient) async throws in
            #expect(try await nimbus.updateBlobReplication(key: "k", replication: 1) == 1)
            _ = try await nimbus.updateBlobReplication(key: "k", replication: 2)
        },
        .init("listBlobs") { (nimbus: NimbusClient) async throws in
            #expect(try await nimbus.listBlobs(session: "").keys == ["k"])
        },
        .init("createStateInZookeeper") { try await $0.createStateInZookeeper(key: "x") },
        .init("isRemoteBlobExists") { (nimbus: NimbusClient) async throws in
            #expect(try await nimbus.isRemoteBlobExists(key: "x") == false)
        },
        .init("deleteBlob") { try await $0.deleteBlob(key: "k") },
        .init("beginFileUpload") { _ = try await $0.beginFileUpload() },
        .init("uploadChunk", "internalError") { try await $0.uploadChunk(location: "x", chunk: []) },
        .init("finishFileUpload", "internalError") { try await $0.finishFileUpload(location: "x") },
        .init("downloadChunk", "internalError") { _ = try await $0.downloadChunk(id: "x") },
    ]

    private static let questions: [Method] = [
        .init("getNimbusConf") { _ = try await $0.getNimbusConf() },
        .init("getClusterInfo") { (nimbus: NimbusClient) async throws in
            #expect(try await nimbus.getClusterInfo().nimbuses.count == 1)
        },
        .init("getTopologySummaries") { (nimbus: NimbusClient) async throws in
            #expect(try await nimbus.getTopologySummaries().isEmpty)
        },
        .init("getTopologySummaryByName", "NotAliveException") { _ = try await $0.getTopologySummaryByName(name: "x") },
        .init("getTopologySummary", "NotAliveException") { _ = try await $0.getTopologySummary(id: "x") },
        .init("getLeader") { (nimbus: NimbusClient) async throws in
            #expect(try await nimbus.getLeader()?.isLeader == true)
        },
        .init("isTopologyNameAllowed") { (nimbus: NimbusClient) async throws in
            #expect(try await nimbus.isTopologyNameAllowed(name: "x"))
        },
        .init("getTopologyInfoByName", "NotAliveException") { _ = try await $0.getTopologyInfoByName(name: "x") },
        .init("getTopologyInfo", "NotAliveException") { _ = try await $0.getTopologyInfo(id: "x") },
        .init("getTopologyInfoByNameWithOpts", "NotAliveException") {
            _ = try await $0.getTopologyInfoByNameWithOpts(name: "x", options: .init())
        },
        .init("getTopologyInfoWithOpts", "NotAliveException") {
            _ = try await $0.getTopologyInfoWithOpts(id: "x", options: .init())
        },
        .init("getTopologyPageInfo", "NotAliveException") {
            _ = try await $0.getTopologyPageInfo(id: "x", window: ":all-time", includeSystem: false)
        },
        .init("getSupervisorPageInfo") {
            let page = try await $0.getSupervisorPageInfo(id: "x", host: "", includeSystem: false)
            #expect(page.supervisorSummaries == [] && page.workerSummaries == [])
        },
        .init("getComponentPageInfo", "NotAliveException") {
            _ = try await $0.getComponentPageInfo(
                topologyID: "x", componentID: "y", window: ":all-time", includeSystem: false)
        },
        .init("getTopologyConf", "NotAliveException") { _ = try await $0.getTopologyConf(id: "x") },
        .init("getTopology", "NotAliveException") { _ = try await $0.getTopology(id: "x") },
        .init("getUserTopology", "NotAliveException") { _ = try await $0.getUserTopology(id: "x") },
        .init("getTopologyHistory") { (nimbus: NimbusClient) async throws in
            #expect(try await nimbus.getTopologyHistory(user: nil).topologyIDs == [])
        },
        .init("getOwnerResourceSummaries") { (nimbus: NimbusClient) async throws in
            #expect(try await nimbus.getOwnerResourceSummaries(owner: "ann").isEmpty)
        },
        .init("getSupervisorAssignments") { (nimbus: NimbusClient) async throws in
            #expect(try await nimbus.getSupervisorAssignments(node: "x")?.stormAssignment == [:])
        },
        .init("sendSupervisorWorkerHeartbeats") {
            try await $0.sendSupervisorWorkerHeartbeats(.init(supervisorID: "x", workerHeartbeats: []))
        },
        .init("sendSupervisorWorkerHeartbeat", "NotAliveException") {
            try await $0.sendSupervisorWorkerHeartbeat(.init(topologyID: "x", executors: [], timeSecs: 1))
        },
        .init("processWorkerMetrics") { try await $0.processWorkerMetrics(.init()) },
    ]

    @Test func eachOfTheFiftyFiveMethodsIsAnswered() async throws {
        let running = try await RunningNimbus(InMemoryCoordinationServer())
        try await eventually { running.nimbus.isLeading }
        let all = Self.topologies + Self.blobs + Self.questions
        #expect(all.count == 55 && Set(all.map(\.name)).count == 55)
        for method in all {
            let outcome = await Self.outcome { try await method.call(running.client) }
            #expect(outcome == method.outcome, "\(method.name)")
        }
        try await running.stop()
    }

    private static func outcome(_ call: () async throws -> Void) async -> String {
        do {
            try await call()
            return "ok"
        } catch let error as any ThriftException {
            return "\(type(of: error))"
        } catch let error as ThriftApplicationException {
            return "\(error.kind)"
        } catch {
            return "\(error)"
        }
    }

    @Test func aNewBlobIsRefusedWhatCouldNotBeKept() async throws {
        let running = try await RunningNimbus(InMemoryCoordinationServer())
        try await eventually { running.nimbus.isLeading }
        let bob = Thrift.AccessControl(type: .user, name: "bob", access: 7)
        let everybody = Thrift.AccessControl(type: .other, access: 7)
        let metas: [(Thrift.SettableBlobMeta, String)] = [
            (.init(acl: [bob]), "AuthorizationException"), (.init(acl: [], replicationFactor: 3), "internalError"),
            (.init(acl: [bob, everybody], replicationFactor: 1), "ok"), (.init(acl: [], replicationFactor: -1), "ok"),
        ]
        for (meta, expected) in metas {
            let outcome = await Self.outcome { _ = try await running.client.beginCreateBlob(key: "k", meta: meta) }
            #expect(outcome == expected, "\(meta)")
        }
        try await running.stop()
    }

    @Test func newBlobsHaveKeysThatStormAllows() async throws {
        for key in ["a", "my.blob", "a b\tc_d-e", "...", "größe", "鍵9"] { #expect(BlobKey.isValid(key), "\(key)") }
        for key in ["", ".", "..", "a:b", "a/b", "a\nb", "a\u{0}", "a+b", "🙂"] {
            #expect(!BlobKey.isValid(key), "\(key)")
        }
        let running = try await RunningNimbus(InMemoryCoordinationServer())
        try await eventually { running.nimbus.isLeading }
        for key in ["..", "a:b"] {
            let refusal = await #expect(throws: ThriftApplicationException.self) {
                _ = try await running.client.beginCreateBlob(key: key, meta: .init(acl: []))
            }
            #expect(refusal.map { "\($0)" }?.contains("\(key) does not appear to be a valid blob key") == true)
        }
        try await running.stop()
    }

    @Test func moreBlobsThanMayBeOpenAtOnceAreStoredOneAfterTheOther() async throws {
        let running = try await RunningNimbus(InMemoryCoordinationServer())
        try await eventually { running.nimbus.isLeading }
        for number in 0...Uploads.Limits().openMax {
            let session = try await running.client.beginCreateBlob(key: "k\(number)", meta: .init(acl: []))
            try await running.client.uploadBlobChunk(session: session, chunk: [1])
            try await running.client.finishBlobUpload(session: session)
        }
        #expect(await running.nimbus.uploads.locations.isEmpty)
        try await running.stop()
    }

    @Test func killedTopologiesStayInTheHistoryAcrossARestart() async throws {
        let running = try await RunningNimbus(InMemoryCoordinationServer())
        try await eventually { running.nimbus.isLeading }
        let program = try running.folder.write("program", to: "program")
        try await TopologySubmitter(nimbus: running.client).submit(
            TopologySubmission(
                name: "wc", executablePath: program, topology: NimbusProcessTests.topology, configuration: [:],
                arguments: []))
        let id = try await running.client.getTopologySummaryByName(name: "wc").id
        try await running.client.killTopologyWithOpts(name: "wc", options: .init(waitSecs: 0))
        try await eventually { try await running.client.getTopologySummaries().isEmpty }
        #expect(try await running.client.getTopologyHistory(user: nil).topologyIDs == [id])
        #expect(try await running.client.getTopologyHistory(user: "nobody").topologyIDs == [])
        let again = TopologyHistory(BlobDirectory(root: running.folder.path + "/nimbus"))
        let remembered = await again.entries()
        #expect(remembered.map(\.id) == [id])
        try await running.stop()
    }

    @Test func assignmentsAreGivenInStormsForm() throws {
        let record = AssignmentRecord(
            topologyID: "wc-1-1", codeSHA256: "aa",
            workers: [
                WorkerAssignment(
                    node: "n1", host: "h1", port: 6700,
                    executors: [ExecutorRange(TaskID(1), TaskID(2)), ExecutorRange(TaskID(3), TaskID(3))],
                    startedAtMilliseconds: 7_999, incarnation: 1)
            ])
        let assignment = SummaryBuilder.assignment(record, owner: "ann", codeFolder: "/code")
        let node = Thrift.NodeInfo(node: "n1", ports: [6700])
        #expect(assignment.executorNodePort == [.init(first: 1, last: 2): node, .init(first: 3, last: 3): node])
        #expect(assignment.executorStartTimeSecs?[.init(first: 1, last: 2)] == 7)
        #expect(assignment.nodeHost == ["n1": "h1"] && assignment.owner == "ann")
        var writer = ThriftWriter()
        assignment.write(to: &writer)
        var reader = ThriftReader(bytes: writer.bytes)
        #expect(try Thrift.Assignment(from: &reader) == assignment)
    }
}
