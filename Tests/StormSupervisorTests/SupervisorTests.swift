import FoundationEssentials
import StormCluster
import StormCore
import StormManifest
import StormProcess
import StormSupervisor
import Testing

/// The supervisor with workers that are no processes.
@Suite(.timeLimit(.minutes(2)))
struct SupervisorTests {
    private let program = "#!/bin/sh\n"

    @Test
    func registersItselfAndItsUsedPorts() async throws {
        let cluster = try await TestCluster()
        let launcher = FakeLauncher()
        let supervisor = try cluster.supervisor(cluster.server.connect(), launcher: launcher)
        let code = try await cluster.submit("t", code: program)
        try await running(supervisor) {
            try await eventually("not registered") { try await cluster.record(supervisor.id) != nil }
            let record = try #require(try await cluster.record(supervisor.id))
            #expect(record.host == "test-host")
            #expect(record.ports == [6700, 6701])
            #expect(record.usedPorts == [])
            try await cluster.assign("t", code, to: supervisor.id, ports: [6701])
            try await eventually("used ports not shown") {
                try await cluster.record(supervisor.id)?.usedPorts == [6701]
            }
        }
    }

    @Test
    func deletedRegistrationComesBack() async throws {
        let cluster = try await TestCluster()
        let supervisor = try cluster.supervisor(cluster.server.connect(), launcher: FakeLauncher())
        try await running(supervisor) {
            try await eventually("not registered") { try await cluster.record(supervisor.id) != nil }
            try await cluster.admin.supervisors.delete(supervisor.id)
            try await eventually("not registered again") { try await cluster.record(supervisor.id) != nil }
        }
    }

    @Test
    func assignmentStartsAWorkerWithItsManifest() async throws {
        let cluster = try await TestCluster()
        let launcher = FakeLauncher()
        let supervisor = try cluster.supervisor(cluster.server.connect(), launcher: launcher) {
            $0.conf = ["a": .int(1), "b": .int(2)]
        }
        let code = try await cluster.submit(
            "t", code: program,
            conf: #"{"b": 3, "topology.environment": {"NAME": "value"}}"#)
        try await cluster.assign("t", code, to: supervisor.id, ports: [6700], incarnation: 7)
        try await running(supervisor) {
            try await eventually("no worker") { launcher.live.count == 1 }
            let launch = try #require(launcher.launches.first)
            #expect(launch.executable == cluster.paths.local + "/supervisor/stormdist/t/code")
            #expect(launch.environment == ["NAME": "value"])
            #expect(launch.outputFile == cluster.paths.logs + "/workers-artifacts/t/6700/worker.log.out")
            #expect(launch.arguments.prefix(2) == ["worker", "--manifest"])
            let manifest = try WorkerManifest.load(launch.arguments[2])
            #expect(manifest.topologyID == "t")
            #expect(manifest.port == 6700)
            #expect(manifest.incarnation == 7)
            #expect(manifest.supervisorID == supervisor.id)
            #expect(manifest.zookeeper.servers == ["127.0.0.1:2181"])
            #expect(manifest.conf["a"] == .int(1))
            #expect(manifest.conf["b"] == .int(3))
            #expect(manifest.paths.workerDirectory == launch.workingDirectory)
            #expect(FileManager.default.fileExists(atPath: manifest.paths.logDirectory))
            #expect(FileManager.default.isExecutableFile(atPath: manifest.paths.code))
        }
    }

    @Test
    func settingsOfARebalanceWinOverTheStoredConfiguration() async throws {
        let cluster = try await TestCluster()
        let launcher = FakeLauncher()
        let supervisor = try cluster.supervisor(cluster.server.connect(), launcher: launcher)
        let code = try await cluster.submit("t", code: program, conf: #"{"a": 1, "b": 2}"#)
        try await cluster.assign("t", code, to: supervisor.id, ports: [6700], incarnation: 7)
        try await cluster.admin.assignments.update("t") { $0.settings = ["b": .int(9), "c": .bool(true)] }
        try await running(supervisor) {
            try await eventually("no worker") { launcher.live.count == 1 }
            let manifest = try WorkerManifest.load(try #require(launcher.launches.first).arguments[2])
            #expect(manifest.conf["a"] == .int(1) && manifest.conf["b"] == .int(9))
            #expect(manifest.conf["c"] == .bool(true))
        }
    }

    @Test
    func codeThatIsNoProgramIsRunByTheStormProgram() async throws {
        let cluster = try await TestCluster()
        let launcher = FakeLauncher()
        let supervisor = try cluster.supervisor(cluster.server.connect(), launcher: launcher) {
            $0.stormProgram = "/opt/storm/bin/storm"
        }
        let code = try await cluster.submit("t", code: "name: a flux topology\n")
        try await cluster.assign("t", code, to: supervisor.id, ports: [6700])
        try await running(supervisor) {
            try await eventually("no worker") { launcher.live.count == 1 }
            #expect(launcher.launches.first?.executable == "/opt/storm/bin/storm")
        }
    }

    @Test
    func removedAssignmentStopsTheWorkerAndItsCode() async throws {
        let cluster = try await TestCluster()
        let launcher = FakeLauncher()
        let supervisor = try cluster.supervisor(cluster.server.connect(), launcher: launcher)
        let code = try await cluster.submit("t", code: program)
        try await cluster.assign("t", code, to: supervisor.id, ports: [6700])
        try await running(supervisor) {
            try await eventually("no worker") { launcher.live.count == 1 }
            let worker = try #require(launcher.live.first)
            try await cluster.admin.assignments.delete("t")
            try await eventually("worker stays") { launcher.live.isEmpty }
            #expect(worker.terminations == 1)
            #expect(worker.kills == 0)
            let files = FileManager.default
            try await eventually("folder stays") { !files.fileExists(atPath: worker.launch.workingDirectory) }
            try await eventually("code stays") {
                !files.fileExists(atPath: cluster.paths.local + "/supervisor/stormdist/t")
            }
            #expect(files.fileExists(atPath: cluster.paths.logs + "/workers-artifacts/t/6700"))
            #expect(try await cluster.errors("t") == [])
        }
    }

    @Test
    func workerThatDoesNotStopIsKilledBeforeItsSuccessorStarts() async throws {
        let cluster = try await TestCluster()
        let launcher = FakeLauncher()
        let supervisor = try cluster.supervisor(cluster.server.connect(), launcher: launcher)
        let code = try await cluster.submit("t", code: program)
        try await cluster.assign("t", code, to: supervisor.id, ports: [6700])
        try await running(supervisor) {
            try await eventually("no worker") { launcher.live.count == 1 }
            let first = try #require(launcher.live.first)
            first.ignoreTerminate()
            try await cluster.assign("t", code, to: supervisor.id, ports: [6700], incarnation: 2)
            try await eventually("no successor") { launcher.launches.count == 2 }
            #expect(first.terminations == 1)
            #expect(first.kills == 1)
            #expect(launcher.live.count == 1)
        }
    }

    @Test
    func endOfAWorkerIsRecordedAndRepaired() async throws {
        let cluster = try await TestCluster()
        let launcher = FakeLauncher()
        let supervisor = try cluster.supervisor(cluster.server.connect(), launcher: launcher)
        let code = try await cluster.submit("t", code: program)
        try await cluster.assign("t", code, to: supervisor.id, ports: [6700])
        try await running(supervisor) {
            try await eventually("no worker") { launcher.live.count == 1 }
            let first = try #require(launcher.live.first)
            try SystemFile.writeAtomically(first.launch.errorFile, Array("first line\nFatal: it broke\n".utf8))
            first.end(.signaled(.segmentationFault, coreDumped: true))
            try await eventually("no restart") { launcher.launches.count == 2 && launcher.live.count == 1 }
            try await eventually("no error record") { try await !cluster.errors("t").isEmpty }
            let error = try #require(try await cluster.errors("t").first)
            #expect(error.kind == "signal")
            #expect(error.port == 6700)
            #expect(error.message.contains("SIGSEGV"))
            #expect(error.message.contains("Fatal: it broke"))
            try await eventually("not the last error") {
                try await cluster.admin.errors.lastError("t", component: "__system") == error
            }
        }
    }

    @Test
    func failedStartsAreTriedAgain() async throws {
        let cluster = try await TestCluster()
        let launcher = FakeLauncher()
        launcher.fail(times: 3)
        let supervisor = try cluster.supervisor(cluster.server.connect(), launcher: launcher)
        let code = try await cluster.submit("t", code: program)
        try await cluster.assign("t", code, to: supervisor.id, ports: [6700])
        try await running(supervisor) {
            try await eventually("no worker") { launcher.live.count == 1 }
            #expect(launcher.launches.count == 4)
            try await eventually("no error records") { try await cluster.errors("t").count == 3 }
            #expect(
                try await cluster.errors("t").allSatisfy {
                    $0.kind == "launch" && $0.message.contains("no process today")
                })
            // Folders of workers that never were are gone.
            #expect(try FileManager.default.contentsOfDirectory(atPath: cluster.paths.local + "/workers").count == 1)
        }
    }

    @Test
    func twoWorkersOfATopologyShareOneDownload() async throws {
        let cluster = try await TestCluster()
        let launcher = FakeLauncher()
        let supervisor = try cluster.supervisor(cluster.server.connect(), launcher: launcher)
        let code = try await cluster.submit("t", code: program)
        try await cluster.assign("t", code, to: supervisor.id, ports: [6700, 6701])
        try await running(supervisor) {
            try await eventually("no workers") { launcher.live.count == 2 }
            #expect(cluster.blobs.downloads("t-code") == 1)
        }
    }

    @Test
    func damagedDownloadIsNeverRun() async throws {
        let cluster = try await TestCluster()
        let launcher = FakeLauncher()
        let supervisor = try cluster.supervisor(cluster.server.connect(), launcher: launcher) {
            $0.downloadAttemptsMax = 2
        }
        let code = try await cluster.submit("t", code: program)
        cluster.blobs.spoil("t-code", times: 5)
        try await cluster.assign("t", code, to: supervisor.id, ports: [6700])
        try await running(supervisor) {
            try await eventually("no worker") { launcher.live.count == 1 }
            #expect(cluster.blobs.downloads("t-code") == 6)
            try await eventually("no error records") { try await cluster.errors("t").count == 2 }
            #expect(
                try await cluster.errors("t").allSatisfy { $0.kind == "download" && $0.message.contains("SHA-256") })
            #expect(try FileManager.default.contentsOfDirectory(atPath: cluster.paths.local + "/supervisor/tmp") == [])
        }
    }

    @Test
    func disabledSupervisorStartsNothing() async throws {
        let cluster = try await TestCluster()
        let launcher = FakeLauncher()
        let supervisor = try cluster.supervisor(cluster.server.connect(), launcher: launcher) { $0.isEnabled = false }
        let code = try await cluster.submit("t", code: program)
        try await cluster.assign("t", code, to: supervisor.id, ports: [6700])
        try await running(supervisor) {
            try await eventually("not registered") { try await cluster.record(supervisor.id) != nil }
            #expect(launcher.launches == [])
        }
    }

    @Test
    func secondSupervisorInTheSameFolderIsRefused() async throws {
        let cluster = try await TestCluster()
        let first = try cluster.supervisor(cluster.server.connect(), launcher: FakeLauncher())
        let error = #expect(throws: SupervisorError.self) {
            _ = try cluster.supervisor(cluster.server.connect(), launcher: FakeLauncher())
        }
        #expect(error?.code == .folderInUse)
        withExtendedLifetime(first) {}
    }

    @Test
    func closedStoreEndsTheSupervisorWithAnError() async throws {
        let cluster = try await TestCluster()
        let store = cluster.server.connect()
        let supervisor = try cluster.supervisor(store, launcher: FakeLauncher())
        let task = Task { try await supervisor.run() }
        try await eventually("not registered") { try await cluster.record(supervisor.id) != nil }
        await store.close()
        let error = await #expect(throws: SupervisorError.self) { try await task.value }
        #expect(error?.code == .storeClosed)
    }
}
