import FoundationEssentials
import StormArchive
import StormCluster
import StormProcess
import StormSupervisor
import Testing

/// Topologies whose code is an archive: unpacked for their components' processes, and run by the storm program.
@Suite(.timeLimit(.minutes(2)))
struct ArchiveCodeTests {
    static func archive(_ name: String) throws -> [UInt8] {
        let tests = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        return Array(try Data(contentsOf: URL(filePath: "/\(tests)/Corpus/zip/\(name)")))
    }

    private func submit(_ cluster: TestCluster, _ archive: String) async throws -> String {
        let bytes = try Self.archive(archive)
        let references = [
            try cluster.blobs.put("code", bytes), try cluster.blobs.put("topology", Array("thrift".utf8)),
            try cluster.blobs.put("conf", Array("{\"mine\":1}".utf8)),
        ]
        try await cluster.admin.storms.put(
            "t",
            StormBaseRecord(
                name: "t", id: "t", status: .active, owner: "me", submittedAtMilliseconds: 1, workers: 1,
                componentExecutors: [:], componentTasks: [:], blobs: references))
        return references[0].sha256
    }

    private func texts(_ path: String) -> [String] { SystemFile.lastLines(path) }

    @Test
    func archiveIsUnpackedBeforeTheWorkerOfTheStormProgramStarts() async throws {
        let cluster = try await TestCluster()
        let launcher = FakeLauncher()
        let supervisor = try cluster.supervisor(cluster.server.connect(), launcher: launcher) {
            $0.stormProgram = "/the/storm"
        }
        let code = try await submit(cluster, "good.zip")
        try await cluster.assign("t", code, to: supervisor.id, ports: [6700])
        try await running(supervisor) {
            try await eventually("no worker") { launcher.launches.count == 1 }
        }
        let launch = try #require(launcher.launches.first)
        #expect(launch.executable == "/the/storm")
        #expect(launch.arguments.prefix(2) == ["worker", "--manifest"])
        let resources = "\(cluster.paths.local)/supervisor/stormdist/t/resources"
        #expect(texts("\(resources)/run.sh") == ["#!/bin/sh", "echo hello"])
        #expect(FileManager.default.isExecutableFile(atPath: "\(resources)/run.sh"))
        #expect(FileManager.default.isWritableFile(atPath: resources))
        let top = try FileManager.default.contentsOfDirectory(atPath: "\(cluster.paths.local)/supervisor/stormdist/t")
        #expect(top.sorted() == ["code", "complete.json", "conf", "resources", "topology"])
    }

    @Test
    func hostileArchiveIsAnErrorOfTheTopologyAndTriedWithPauses() async throws {
        let cluster = try await TestCluster()
        let launcher = FakeLauncher()
        let supervisor = try cluster.supervisor(cluster.server.connect(), launcher: launcher) {
            $0.restart.downloadDelay = .milliseconds(100)
        }
        let code = try await submit(cluster, "parent.zip")
        try await cluster.assign("t", code, to: supervisor.id, ports: [6700])
        try await running(supervisor) {
            try await eventually("not told") { try await cluster.errors("t").count >= 2 }
        }
        #expect(launcher.launches.isEmpty)
        let error = try #require(try await cluster.errors("t").first)
        #expect(error.kind == "download")
        #expect(error.message.contains("the uploaded archive cannot be unpacked"))
        #expect(error.message.contains("resources/../../evil"))
        for name in ["tmp", "stormdist"] {
            let folder = "\(cluster.paths.local)/supervisor/\(name)"
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
        }
    }

    @Test
    func limitsOfTheConfigurationAreKept() async throws {
        let folder = try TemporaryFolder()
        let blobs = MemoryBlobs()
        for name in ["supervisor/tmp", "supervisor/stormdist"] {
            try FileManager.default.createDirectory(atPath: "\(folder.path)/\(name)", withIntermediateDirectories: true)
        }
        let reference = try blobs.put("code", try Self.archive("bomb.zip"))
        let store = CodeStore(
            paths: SupervisorPaths(local: folder.path, logs: folder.path), blobs: blobs,
            unpacking: UnpackPlan.Limits(bytesMax: 1 << 20)
        ) { _ in [reference] }
        let error = await #expect(throws: SupervisorError.self) {
            _ = try await store.fetch("t", codeSHA256: reference.sha256)
        }
        #expect(error?.code == .badArchive)
        #expect(error?.message.contains("more than 1048576 bytes") == true)
    }

    @Test
    func whatTheProcessesWroteStaysAndALostFolderIsFetchedAgain() async throws {
        let folder = try TemporaryFolder()
        let blobs = MemoryBlobs()
        for name in ["supervisor/tmp", "supervisor/stormdist"] {
            try FileManager.default.createDirectory(atPath: "\(folder.path)/\(name)", withIntermediateDirectories: true)
        }
        let reference = try blobs.put("code", try Self.archive("good.zip"))
        let store = CodeStore(paths: SupervisorPaths(local: folder.path, logs: folder.path), blobs: blobs) { _ in
            [reference]
        }
        let code = try await store.fetch("t", codeSHA256: reference.sha256)
        let resources = try #require(code.resources)
        try SystemFile.writeAtomically("\(resources)/run.sh", Array("changed".utf8))
        _ = try await store.fetch("t", codeSHA256: reference.sha256)
        #expect(blobs.downloads("code") == 1)
        #expect(texts("\(resources)/run.sh") == ["changed"])
        try FileManager.default.removeItem(atPath: resources)
        _ = try await store.fetch("t", codeSHA256: reference.sha256)
        #expect(blobs.downloads("code") == 2)
        #expect(texts("\(resources)/run.sh") == ["#!/bin/sh", "echo hello"])
    }
}
