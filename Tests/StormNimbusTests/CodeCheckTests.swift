import Logging
import FoundationEssentials
import StormCluster
import StormCore
import StormSubmission
import StormTestSupport
import StormThrift
import Testing

@testable import StormNimbus

/// What a nimbus takes and refuses of topologies that consist of shell components.
@Suite(.serialized) struct CodeCheckTests {
    private static func archive(_ name: String) throws -> [UInt8] {
        let tests = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        return Array(try Data(contentsOf: URL(filePath: "/\(tests)/Corpus/zip/\(name)")))
    }

    private static func topology(_ bolt: Thrift.ComponentObject) -> Thrift.StormTopology {
        var topology = Thrift.StormTopology()
        topology.spouts["words"] = .init(
            spoutObject: .shell(.init(executionCommand: "python3", script: "words.py")),
            common: .init(inputs: [:], streams: ["default": .init(outputFields: ["word"], direct: false)]))
        topology.bolts["count"] = .init(
            boltObject: bolt,
            common: .init(inputs: [.init(componentID: "words", streamID: "default"): .fields(["word"])], streams: [:]))
        return topology
    }

    private static let shell = Thrift.ComponentObject.shell(.init(executionCommand: "python3", script: "count.py"))

    /// Uploads and submits as any client does. - Returns: what the nimbus says; nil when it takes the topology.
    private func submit(
        _ nimbus: NimbusClient, _ name: String, _ code: [UInt8], _ topology: Thrift.StormTopology, conf: String = "{}"
    ) async throws -> String? {
        let location = try await nimbus.beginFileUpload()
        try await nimbus.uploadChunk(location: location, chunk: code)
        try await nimbus.finishFileUpload(location: location)
        do {
            try await nimbus.submitTopologyWithOpts(
                name: name, location: location, jsonConf: conf, topology: topology,
                options: .init(initialStatus: .active))
            return nil
        } catch let error as Thrift.InvalidTopologyException {
            return error.msg
        }
    }

    @Test func shellComponentsAreTakenWithTheirArchive() async throws {
        let running = try await RunningNimbus(InMemoryCoordinationServer())
        try await eventually { running.nimbus.isLeading }
        let conf = "{\"topology.workers\":1,\"sudo_user\":null,\"pystorm.log.level\":\"info\"}"
        let said = try await submit(
            running.client, "wc", try Self.archive("good.zip"), Self.topology(Self.shell), conf: conf)
        #expect(said == nil)
        let id = try await running.client.getTopologySummaryByName(name: "wc").id
        let stored = try await ConfJSON.parse(running.client.getTopologyConf(id: id))
        #expect(stored["sudo_user"] == .some(.null) && stored["pystorm.log.level"] == .string("info"))
        let commands = TopologyConversion.shellCommands(try await running.client.getUserTopology(id: id))
        #expect(commands["count"] == ["python3", "count.py"])
        try await running.stop()
    }

    @Test func anEnvironmentMustBeStoredBefore() async throws {
        let running = try await RunningNimbus(InMemoryCoordinationServer())
        try await eventually { running.nimbus.isLeading }
        let good = try Self.archive("good.zip")
        let conf = "{\"topology.python.environment\":\"env\"}"
        let said = try await submit(running.client, "wc", good, Self.topology(Self.shell), conf: conf)
        #expect(said?.contains("names 'env', and there is no stored file") == true)
        let session = try await running.client.beginCreateBlob(key: "env", meta: .init(acl: []))
        try await running.client.uploadBlobChunk(session: session, chunk: Array("streamparse==5.0.1".utf8))
        try await running.client.finishBlobUpload(session: session)
        #expect(try await submit(running.client, "wc", good, Self.topology(Self.shell), conf: conf) == nil)
        try await running.stop()
    }

    @Test func anEnvironmentOfALivingTopologyIsNotDeleted() async throws {
        let running = try await RunningNimbus(InMemoryCoordinationServer())
        try await eventually { running.nimbus.isLeading }
        for key in ["env", "other"] {
            let session = try await running.client.beginCreateBlob(key: key, meta: .init(acl: []))
            try await running.client.uploadBlobChunk(session: session, chunk: Array("streamparse==5.0.1".utf8))
            try await running.client.finishBlobUpload(session: session)
        }
        let conf = "{\"topology.python.environment\":\"env\"}"
        let good = try Self.archive("good.zip")
        #expect(try await submit(running.client, "wc", good, Self.topology(Self.shell), conf: conf) == nil)
        let id = try await running.client.getTopologySummaryByName(name: "wc").id
        let refusal = await #expect(throws: Thrift.IllegalStateException.self) {
            try await running.client.deleteBlob(key: "env")
        }
        #expect(refusal?.msg == "blob 'env' is the topology.python.environment of the living topology \(id)")
        let code = await #expect(throws: Thrift.IllegalStateException.self) {
            try await running.client.deleteBlob(key: TopologyBlobs.code(id))
        }
        #expect(code?.msg.contains("belongs to the living topology \(id)") == true)
        try await running.client.deleteBlob(key: "other")
        try await running.client.killTopologyWithOpts(name: "wc", options: Thrift.KillOptions(waitSecs: 0))
        try await eventually {
            // Refused as long as the topology is being ended.
            (try? await running.client.deleteBlob(key: "env")) != nil
        }
        try await running.stop()
    }

    /// No blob of the cluster could be deleted any more, whatever its key.
    @Test func configurationThatCannotBeReadDoesNotKeepEveryBlob() async throws {
        let log = RecordingLog()
        let running = try await RunningNimbus(InMemoryCoordinationServer(), log: log)
        try await eventually { running.nimbus.isLeading }
        let session = try await running.client.beginCreateBlob(key: "other", meta: .init(acl: []))
        try await running.client.uploadBlobChunk(session: session, chunk: Array("content".utf8))
        try await running.client.finishBlobUpload(session: session)
        let good = try Self.archive("good.zip")
        #expect(try await submit(running.client, "wc", good, Self.topology(Self.shell), conf: "{}") == nil)
        let id = try await running.client.getTopologySummaryByName(name: "wc").id
        let record = try #require(try await running.nimbus.catalog.record(TopologyBlobs.configuration(id)))
        try Data("{".utf8).write(to: URL(filePath: running.nimbus.directory.path(record.sha256)))
        try await running.client.deleteBlob(key: "other")
        #expect(try await running.nimbus.catalog.record("other") == nil)
        #expect(log.messages(atLeast: .warning).contains { $0.contains("deletes a blob that topologies may need") })
        try await running.stop()
    }

    @Test func whatDoesNotFitTheCodeIsNamed() async throws {
        let running = try await RunningNimbus(InMemoryCoordinationServer())
        try await eventually { running.nimbus.isLeading }
        let good = try Self.archive("good.zip")
        let swift = Thrift.ComponentObject.javaObject(.init(fullClassName: "swift:Count", argsList: []))
        let java = Thrift.ComponentObject.javaObject(.init(fullClassName: "org.example.Count", argsList: []))
        let cases: [(name: String, code: [UInt8], topology: Thrift.StormTopology, words: String)] = [
            (
                "elf", [0x7f, 0x45, 0x4c, 0x46, 1, 2], Self.topology(Self.shell),
                "'words': is a shell component, but the"
            ),
            ("text", Array("hello".utf8), Self.topology(Self.shell), "no jar or zip file"),
            ("nothing", [], Self.topology(Self.shell), "no jar or zip file"),
            ("swift", good, Self.topology(swift), "'count': is a Swift component, but the uploaded code is a jar"),
            ("java", good, Self.topology(java), "'count': is the Java class org.example.Count"),
            ("empty", good, Self.topology(.shell(.init(executionCommand: "", script: "x"))), "without a command"),
            ("parent", try Self.archive("parent.zip"), Self.topology(Self.shell), "does not lead to a place below"),
            ("link", try Self.archive("symlink.zip"), Self.topology(Self.shell), "a link or a device"),
            ("cut", try Self.archive("truncated.zip"), Self.topology(Self.shell), "no directory at its end"),
        ]
        for (name, code, topology, words) in cases {
            let said = try await submit(running.client, name, code, topology)
            #expect(said?.contains(words) == true, "\(name): \(said ?? "taken")")
        }
        #expect(try await running.client.getTopologySummaries().isEmpty)
        try await running.stop()
    }
}
