import FoundationEssentials
import StormCluster
import StormCore
import StormProcess
import Testing

@testable import StormSupervisor

/// Which Python environment a topology's workers get, and how long it stays.
@Suite(.timeLimit(.minutes(1)))
struct EnvironmentUseTests {
    private let cluster: TestCluster
    private let launcher = FakeLauncher()
    private let supervisor: Supervisor

    init() async throws {
        cluster = try await TestCluster()
        supervisor = try cluster.supervisor(cluster.server.connect(), launcher: launcher) {
            $0.storeWait = .milliseconds(100)
        }
    }

    /// Stores an environment that has a file with this text.
    /// - Returns: the folder that it gets.
    private func store(_ text: String) async throws -> String {
        let root = "\(cluster.folder.path)/elsewhere"
        // Without one there is nothing to remove.
        try? FileManager.default.removeItem(atPath: root)
        try FileManager.default.createDirectory(atPath: "\(root)/bin", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: "\(root)/bin/python", withDestinationPath: "/bin/sh")
        try SystemFile.writeAtomically("\(root)/text", Array(text.utf8))
        let bytes = try await packedFolder(root)
        let reference = try cluster.blobs.put("env", bytes)
        try await cluster.admin.blobs.put(
            "env",
            BlobRecord(
                key: "env", sha256: reference.sha256, sizeBytes: Int64(bytes.count), createdAtMilliseconds: 1,
                owner: "me"))
        return "\(cluster.paths.local)/environments/\(reference.sha256.prefix(32))"
    }

    private func submit() async throws -> String {
        try await cluster.submit(
            "t", code: "#!/bin/sh\n",
            conf: "{\"topology.python.environment\":\"env\",\"topology.environment\":{\"A\":\"b\"}}")
    }

    /// Suspends until the supervisor has looked for unused environments twice.
    private func cleaned() async throws {
        let unused = "\(cluster.paths.local)/environments/unused"
        try FileManager.default.createDirectory(atPath: unused, withIntermediateDirectories: true)
        try await eventually("nothing is cleaned") { !SystemFile.exists(unused) }
    }

    @Test
    func workersOfTheTopologyHaveItFirstInTheirPath() async throws {
        let path = try await store("one")
        try await cluster.assign("t", try await submit(), to: supervisor.id, ports: [6700])
        try await running(supervisor) {
            try await eventually("no worker") { launcher.launches.count == 1 }
        }
        let environment = try #require(launcher.launches.first?.environment)
        #expect(environment["VIRTUAL_ENV"] == path && environment["A"] == "b")
        #expect(environment["PATH"]?.hasPrefix("\(path)/bin:/") == true)
    }

    @Test
    func anEnvironmentStaysAsLongAsAWorkerThatWasStartedWithIt() async throws {
        let old = try await store("one")
        let code = try await submit()
        try await cluster.assign("t", code, to: supervisor.id, ports: [6700])
        try await running(supervisor) {
            try await eventually("no worker") { launcher.live.count == 1 }
            let first = try #require(launcher.live.first)
            let new = try await store("two")
            try await cluster.assign("t", code, to: supervisor.id, ports: [6700, 6701])
            try await eventually("no second worker") { launcher.live.count == 2 }
            #expect(launcher.launches.last?.environment["VIRTUAL_ENV"] == new)
            try await cleaned()
            #expect(SystemFile.exists("\(old)/bin/python"))
            first.end(.exited(code: 0))
            try await eventually("the old one stays") { !SystemFile.exists(old) }
            #expect(SystemFile.exists("\(new)/bin/python"))
        }
    }

    @Test
    func withoutTheSettingTheNextWorkerHasNone() async throws {
        _ = try await store("one")
        let code = try await submit()
        try await cluster.assign("t", code, to: supervisor.id, ports: [6700])
        try await running(supervisor) {
            try await eventually("no worker") { launcher.launches.count == 1 }
            let assignment = try #require(try await cluster.admin.assignments.get("t"))
            var record = assignment.record
            record.settings = ["topology.python.environment": .string("")]
            record.workers[0].incarnation = 2
            try await cluster.admin.assignments.put("t", record)
            try await eventually("no second worker") { launcher.launches.count == 2 }
        }
        #expect(launcher.launches.last?.environment["VIRTUAL_ENV"] == nil)
    }
}
