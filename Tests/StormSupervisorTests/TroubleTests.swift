import FoundationEssentials
import Glibc
import Logging
import StormCluster
import StormManifest
import StormProcess
import StormSupervisor
import StormTestSupport
import Testing

/// A disk that is full or damaged, a store that lost everything: told, tried again, and no running worker ends.
@Suite(.timeLimit(.minutes(2)))
struct TroubleTests {
    private let program = "#!/bin/sh\n"

    /// A supervisor that has run one worker on port 6700 of topology "t" and was stopped; the worker runs on.
    private func formerLife(_ cluster: TestCluster, _ launcher: FakeLauncher) async throws -> String {
        let first = try cluster.supervisor(cluster.server.connect(), launcher: launcher)
        let code = try await cluster.submit("t", code: program)
        try await cluster.assign("t", code, to: first.id, ports: [6700])
        try await running(first) {
            try await eventually("no worker") {
                try launcher.live.count == 1 && cluster.approval(port: 6700) != nil
            }
        }
        return code
    }

    @Test
    func assignmentsThatCannotBeWrittenStopNothingAndAreTold() async throws {
        let cluster = try await TestCluster()
        let launcher = FakeLauncher()
        let log = RecordingLog()
        let supervisor = try cluster.supervisor(cluster.server.connect(), launcher: launcher, log: log.logger())
        // A folder in the file's place: every write fails, as on a disk that is full.
        let file = cluster.paths.local + "/supervisor/assignments.json"
        try FileManager.default.createDirectory(atPath: file + "/x", withIntermediateDirectories: true)
        let code = try await cluster.submit("t", code: program)
        try await cluster.assign("t", code, to: supervisor.id, ports: [6700])
        try await running(supervisor) {
            try await eventually("no worker") { launcher.live.count == 1 }
            try await eventually("not told") { try await cluster.errors("t").contains { $0.kind == "disk" } }
            try FileManager.default.removeItem(atPath: file)
            try await eventually("not written later") { SystemFile.size(file) > 0 }
            #expect(launcher.launches.count == 1)
            #expect(try await cluster.errors("t").count == 1)
        }
        #expect(log.messages(atLeast: .error).filter { $0.contains("assignments.json") }.count == 1)
    }

    @Test
    func damagedAssignmentFileWithoutTheStoreKeepsTheWorkersThatRun() async throws {
        let cluster = try await TestCluster()
        let launcher = FakeLauncher()
        _ = try await formerLife(cluster, launcher)
        let file = cluster.paths.local + "/supervisor/assignments.json"
        try SystemFile.writeAtomically(file, Array("{\"version\":1,\"slo".utf8))
        let store = cluster.server.connect()
        store.disconnect()
        let log = RecordingLog()
        let second = try cluster.supervisor(store, launcher: launcher, log: log.logger()) {
            $0.storeWait = .milliseconds(50)
        }
        try await running(second) {
            _ = await log.first { $0.message.contains("cannot be used") }
            launcher.live.first?.end(.exited(code: 3))
            try await eventually("no restart from the worker's own folder") {
                launcher.launches.count == 2 && launcher.live.count == 1
            }
            #expect(SystemFile.exists(file + ".damaged"))
            store.reconnect()
            try await eventually("not registered") { try await cluster.record(second.id)?.usedPorts == [6700] }
            #expect(launcher.launches.count == 2)
        }
    }

    /// Found by a drill: until it was known of which cluster the topology is, its running worker counted as not wanted.
    @Test
    func damagedAssignmentFileWithTheStoreIsToldAndWrittenAnew() async throws {
        let cluster = try await TestCluster()
        let launcher = FakeLauncher()
        _ = try await formerLife(cluster, launcher)
        let file = cluster.paths.local + "/supervisor/assignments.json"
        try SystemFile.writeAtomically(file, [])
        let log = RecordingLog()
        let second = try cluster.supervisor(cluster.server.connect(), launcher: launcher, log: log.logger())
        try await running(second) {
            try await eventually("not registered") { try await cluster.record(second.id)?.usedPorts == [6700] }
            try await eventually("not written anew") { SystemFile.size(file) > 0 }
            #expect(launcher.launches.count == 1)
        }
        #expect(log.messages(atLeast: .info).filter { $0.contains("stops worker") } == [])
        #expect(log.messages(atLeast: .warning).filter { $0.contains("assignments are damaged") }.count == 1)
    }

    /// The supervisor refused to start, again and again, and nobody restarted its workers.
    @Test(arguments: ["", "\n", "../../x\n", "\u{0}\u{0}\u{0}\u{0}"])
    func damagedIDIsThatOfItsWorkers(content: String) async throws {
        let cluster = try await TestCluster()
        let launcher = FakeLauncher()
        _ = try await formerLife(cluster, launcher)
        let file = cluster.paths.local + "/supervisor/supervisor-id"
        let id = try #require(SystemFile.read(file))
        try SystemFile.writeAtomically(file, Array(content.utf8))
        let log = RecordingLog()
        let second = try cluster.supervisor(cluster.server.connect(), launcher: launcher, log: log.logger())
        #expect(SystemFile.read(file) == id)
        #expect(SystemFile.exists(file + ".damaged"))
        try await running(second) {
            try await eventually("not registered") { try await cluster.record(second.id)?.usedPorts == [6700] }
            #expect(launcher.launches.count == 1)
        }
        #expect(log.messages(atLeast: .error).filter { $0.contains("the id in its workers' files") }.count == 1)
    }

    /// It was taken for a damaged one: with too many open files a machine took another name.
    @Test
    func idThatCannotBeReadIsNotReplaced() async throws {
        let cluster = try await TestCluster()
        let file = cluster.paths.local + "/supervisor/supervisor-id"
        // A folder cannot be read as a file, by nobody.
        try FileManager.default.createDirectory(atPath: file, withIntermediateDirectories: true)
        #expect {
            _ = try cluster.supervisor(cluster.server.connect(), launcher: FakeLauncher())
        } throws: {
            ($0 as? SupervisorError)?.code == .badState && "\($0)".contains("supervisor-id cannot be read")
        }
        #expect(SystemFile.exists(file) && !SystemFile.exists(file + ".damaged"))
    }

    @Test
    func damagedIDOfAMachineWithoutWorkersIsMadeAnew() async throws {
        let cluster = try await TestCluster()
        let first = try cluster.supervisor(cluster.server.connect(), launcher: FakeLauncher())
        let id = first.id
        try await running(first) {
            try await eventually("not registered") { try await cluster.record(id) != nil }
        }
        let file = cluster.paths.local + "/supervisor/supervisor-id"
        try SystemFile.writeAtomically(file, [])
        let log = RecordingLog()
        let second = try cluster.supervisor(
            cluster.server.connect(), launcher: FakeLauncher(), log: log.logger())
        #expect(second.id != id && !second.id.isEmpty)
        #expect(log.messages(atLeast: .error).filter { $0.contains("a new id") }.count == 1)
    }

    @Test
    func missingAssignmentFileWithoutTheStoreKeepsTheWorkersThatRun() async throws {
        let cluster = try await TestCluster()
        let launcher = FakeLauncher()
        _ = try await formerLife(cluster, launcher)
        try FileManager.default.removeItem(atPath: cluster.paths.local + "/supervisor/assignments.json")
        let store = cluster.server.connect()
        store.disconnect()
        let log = RecordingLog()
        let second = try cluster.supervisor(store, launcher: launcher, log: log.logger()) {
            $0.storeWait = .milliseconds(20)
        }
        try await running(second) {
            #expect(await log.first { $0.message.contains("last known assignments") } != nil)
            #expect(launcher.live.count == 1)
            store.reconnect()
            try await eventually("not registered") { try await cluster.record(second.id)?.usedPorts == [6700] }
            #expect(launcher.launches.count == 1)
        }
    }

    /// Found by simulation: a full disk had kept the list as it was before a rebalance, and the next life of the supervisor,
    /// without the store, stopped the worker that had been started since.
    @Test
    func workerThatIsNewerThanTheFileGoesOnWithoutTheStore() async throws {
        let cluster = try await TestCluster()
        let launcher = FakeLauncher()
        let code = try await formerLife(cluster, launcher)
        let file = cluster.paths.local + "/supervisor/assignments.json"
        let old = try #require(SystemFile.read(file, bytesMax: 1 << 20))
        let second = try cluster.supervisor(cluster.server.connect(), launcher: launcher)
        try await cluster.assign("t", code, to: second.id, ports: [6700], incarnation: 2)
        try await running(second) {
            try await eventually("not replaced") {
                let approval = try cluster.approval(port: 6700)
                return launcher.launches.count == 2 && launcher.live.count == 1 && approval?.wanted.incarnation == 2
            }
        }
        try SystemFile.writeAtomically(file, old)
        let store = cluster.server.connect()
        store.disconnect()
        let log = RecordingLog()
        let third = try cluster.supervisor(store, launcher: launcher, log: log.logger()) {
            $0.storeWait = .milliseconds(20)
        }
        try await running(third) {
            #expect(await log.first(within: .seconds(60)) { $0.message.contains("last known assignments") } != nil)
            store.reconnect()
            try await eventually("not registered") { try await cluster.record(third.id)?.usedPorts == [6700] }
            #expect(launcher.launches.count == 2)
            #expect(launcher.live.map(\.terminations) == [0])
        }
    }

    @Test
    func manifestHasWhatTheStoreSaidLastSoThatAWorkerCanStartWithoutIt() async throws {
        let cluster = try await TestCluster()
        let launcher = FakeLauncher()
        _ = try await formerLife(cluster, launcher)
        try await cluster.admin.storms.update("t") { $0.workerToken = "secret" }
        // The next life learns of it, and writes it down; the one after that has only its disk.
        let second = try cluster.supervisor(cluster.server.connect(), launcher: launcher)
        let file = cluster.paths.local + "/supervisor/assignments.json"
        try await running(second) {
            try await eventually("not noted") {
                SystemFile.lastLines(file, lines: 1000, bytesMax: 1 << 16).contains { $0.contains("secret") }
            }
        }
        let store = cluster.server.connect()
        store.disconnect()
        let third = try cluster.supervisor(store, launcher: launcher) { $0.storeWait = .milliseconds(20) }
        try await running(third) {
            launcher.live.first?.end(.exited(code: 3))
            try await eventually("no restart") { launcher.launches.count == 2 && launcher.live.count == 1 }
        }
        let manifest = try WorkerManifest.load(launcher.launches[1].arguments[2])
        #expect(manifest.known?.base.id == "t")
        #expect(manifest.known?.assignment.workers.map(\.port) == [6700])
        #expect(manifest.token == "secret")
    }

    /// As `zkCli.sh deleteall /storm` does it: the topologies first, then their parents, then all the rest.
    @Test
    func storeThatIsDeletedPieceByPieceStopsNothing() async throws {
        let cluster = try await TestCluster()
        let launcher = FakeLauncher()
        let log = RecordingLog()
        let supervisor = try cluster.supervisor(cluster.server.connect(), launcher: launcher, log: log.logger()) {
            $0.removalSettle = .milliseconds(400)
        }
        let code = try await cluster.submit("t", code: program)
        try await cluster.assign("t", code, to: supervisor.id, ports: [6700])
        try await running(supervisor) {
            try await eventually("no worker") { launcher.live.count == 1 }
            try await cluster.admin.assignments.delete("t")
            try await cluster.admin.storms.delete("t")
            for directory in ClusterPaths.directories { try await cluster.admin.store.deleteRecursively(directory) }
            #expect(await log.first { $0.level == .error && $0.message.contains("was wiped") } != nil)
            // It has looked at everything again when it is registered again.
            for _ in 0..<3 {
                try await eventually("not registered again") { try await cluster.record(supervisor.id) != nil }
                try await cluster.admin.supervisors.delete(supervisor.id)
            }
            #expect(launcher.live.count == 1 && launcher.live.first?.terminations == 0)
            #expect(SystemFile.exists(cluster.paths.local + "/supervisor/stormdist/t/complete.json"))
            // A nimbus that sets the cluster up again without the topology means it.
            try await cluster.admin.prepare()
            try await eventually("worker of a topology that is gone for good") { launcher.live.isEmpty }
        }
    }

    /// Found by simulation: after a wipe no removal was ever believed, and a supervisor that was started again after it
    /// stopped what the store had forgotten.
    @Test
    func afterAWipeWhatIsForgottenGoesOnAndWhatIsKilledLaterEnds() async throws {
        let cluster = try await TestCluster()
        let launcher = FakeLauncher()
        let log = RecordingLog()
        let code = try await cluster.submit("t", code: program)
        let supervisor = try cluster.supervisor(cluster.server.connect(), launcher: launcher, log: log.logger())
        try await cluster.assign("t", code, to: supervisor.id, ports: [6700])
        try await running(supervisor) {
            try await eventually("no worker") { launcher.live.count == 1 }
            cluster.server.wipe()
            try await cluster.admin.prepare()
            #expect(await log.first { $0.level == .error && $0.message.contains("ZooKeeper was wiped") } != nil)
            let other = try await cluster.submit("u", code: program)
            try await cluster.assign("u", other, to: supervisor.id, ports: [6701])
            try await eventually("other worker missing") { launcher.live.count == 2 }
            try await cluster.admin.assignments.delete("u")
            try await cluster.admin.storms.delete("u")
            try await eventually("a killed topology goes on") { launcher.live.count == 1 }
            #expect(launcher.launches.count == 2 && launcher.live.first?.terminations == 0)
        }
        let next = try cluster.supervisor(cluster.server.connect(), launcher: launcher)
        try await running(next) {
            try await eventually("worker not taken over") { try await cluster.record(next.id)?.usedPorts == [6700] }
            let third = try await cluster.submit("v", code: program)
            try await cluster.assign("v", third, to: next.id, ports: [6701])
            try await eventually("other worker missing") { launcher.live.count == 2 }
            #expect(launcher.live.allSatisfy { $0.terminations == 0 })
            // Its slot is wanted.
            try await cluster.assign("v", third, to: next.id, ports: [6700, 6701])
            try await eventually("slot is not given up") { launcher.launches.count == 4 && launcher.live.count == 2 }
        }
    }

    @Test
    func workerKilledWhileTheStoreIsEmptyIsStartedAgain() async throws {
        let cluster = try await TestCluster()
        let launcher = FakeLauncher()
        let supervisor = try cluster.supervisor(cluster.server.connect(), launcher: launcher)
        let code = try await cluster.submit("t", code: program)
        try await cluster.assign("t", code, to: supervisor.id, ports: [6700])
        try await running(supervisor) {
            try await eventually("no worker") { launcher.live.count == 1 }
            for directory in [ClusterPaths.storms, ClusterPaths.assignments] {
                try await cluster.admin.store.deleteRecursively(directory)
            }
            launcher.live.first?.end(.signaled(.kill, coreDumped: false))
            try await eventually("no restart") { launcher.launches.count == 2 && launcher.live.count == 1 }
        }
    }

    @Test
    func codeDamagedOnTheDiskIsFoundAtTheStartAndFetchedAgain() async throws {
        let cluster = try await TestCluster()
        let launcher = FakeLauncher()
        _ = try await formerLife(cluster, launcher)
        let file = cluster.paths.local + "/supervisor/stormdist/t/code"
        try SystemFile.writeAtomically(file, Array("#!/bin/xx\n".utf8))
        let second = try cluster.supervisor(cluster.server.connect(), launcher: launcher)
        try await running(second) {
            try await eventually("not told") {
                try await cluster.errors("t").contains { $0.kind == "disk" && $0.message.contains("is damaged") }
            }
            // The worker that runs has its file open: it stays.
            #expect(launcher.launches.count == 1)
            launcher.live.first?.end(.exited(code: 1))
            try await eventually("no restart") { launcher.launches.count == 2 && launcher.live.count == 1 }
            #expect(SystemFile.lastLines(file) == ["#!/bin/sh"])
            #expect(cluster.blobs.downloads("t-code") == 2)
        }
    }

    @Test
    func workerThatWasReplacedWhileNoSupervisorRanIsStoppedBeforeItsSuccessorStarts() async throws {
        let cluster = try await TestCluster()
        let launcher = FakeLauncher()
        let code = try await formerLife(cluster, launcher)
        let stray = try #require(launcher.live.first)
        let second = try cluster.supervisor(cluster.server.connect(), launcher: launcher)
        try await cluster.assign("t", code, to: second.id, ports: [6700], incarnation: 2)
        try await running(second) {
            try await eventually("no successor") { launcher.launches.count == 2 && launcher.live.count == 1 }
            #expect(stray.terminations == 1)
            #expect(launcher.violations == [])
            // The stray's folder may be there for a moment longer.
            try await eventually("not approved") { try cluster.approval(port: 6700)?.wanted.incarnation == 2 }
        }
    }

    @Test
    func whatATopologyLeftThatWentWhileNoSupervisorRanIsRemoved() async throws {
        let cluster = try await TestCluster()
        let launcher = FakeLauncher()
        _ = try await formerLife(cluster, launcher)
        try await cluster.admin.assignments.delete("t")
        try await cluster.admin.storms.delete("t")
        let second = try cluster.supervisor(cluster.server.connect(), launcher: launcher)
        try await running(second) {
            try await eventually("stray lives") { launcher.live.isEmpty }
            try await eventually("its folder stays") {
                try FileManager.default.contentsOfDirectory(atPath: cluster.paths.local + "/workers") == []
            }
            try await eventually("its code stays") {
                try FileManager.default.contentsOfDirectory(atPath: cluster.paths.local + "/supervisor/stormdist") == []
            }
        }
    }

    @Test
    func workersFolderThatCannotBeReadIsToldAndTriedAgain() async throws {
        let cluster = try await TestCluster()
        let launcher = FakeLauncher()
        let log = RecordingLog()
        let supervisor = try cluster.supervisor(cluster.server.connect(), launcher: launcher, log: log.logger())
        let code = try await cluster.submit("t", code: program)
        try await cluster.assign("t", code, to: supervisor.id, ports: [6700])
        let folder = cluster.paths.local + "/workers"
        try FileManager.default.removeItem(atPath: folder)
        try SystemFile.writeAtomically(folder, [])
        try await running(supervisor) {
            #expect(await log.first { $0.message.contains("cannot look at the workers' folders") } != nil)
            try FileManager.default.removeItem(atPath: folder)
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try await eventually("no worker") { launcher.live.count == 1 }
        }
    }

    @Test
    func supervisorStopsWhileItCannotReadItsFolders() async throws {
        let cluster = try await TestCluster()
        let log = RecordingLog()
        let supervisor = try cluster.supervisor(cluster.server.connect(), launcher: FakeLauncher(), log: log.logger())
        let folder = cluster.paths.local + "/workers"
        try FileManager.default.removeItem(atPath: folder)
        try SystemFile.writeAtomically(folder, [])
        try await running(supervisor) {
            #expect(await log.first { $0.message.contains("cannot look at the workers' folders") } != nil)
        }
    }

    @Test
    func endCallsOffDownloadsThatGoOn() async throws {
        let cluster = try await TestCluster()
        let blobs = HangingBlobs()
        let supervisor = try Supervisor(
            cluster.configuration(), store: cluster.server.connect(), blobs: blobs, launcher: FakeLauncher(),
            logger: RecordingLog().logger())
        let code = try await cluster.submit("t", code: program)
        try await cluster.assign("t", code, to: supervisor.id, ports: [6700])
        try await running(supervisor) {
            try await eventually("no download") { blobs.count == 1 }
        }
        #expect(blobs.count == 0)
    }
}
