import StormCluster
import FoundationEssentials
import StormCluster
import StormCore
import StormProcess
import StormTestSupport
import Testing

@testable import StormSupervisor

/// `storm kill_workers` on real processes.
@Suite struct WorkerKillerTests {
    private let folder: StormTestSupport.TemporaryFolder
    private let paths: SupervisorPaths
    private let launcher = ChildWorkerLauncher()

    init() throws {
        folder = try StormTestSupport.TemporaryFolder()
        paths = SupervisorPaths(local: folder.path + "/local", logs: folder.path + "/logs")
    }

    private var killer: WorkerKiller {
        WorkerKiller(
            paths: paths, launcher: launcher, grace: .milliseconds(300), logger: RecordingLog().logger())
    }

    /// A shell as a worker, with its approval as a supervisor writes it.
    private func start(_ worker: String, port: Int, _ script: String) async throws -> any WorkerProcess {
        for folder in [paths.supervisor, paths.worker(worker)] {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        let process = try await launcher.launch(
            WorkerLaunch(
                executable: "/bin/sh", arguments: ["-c", script], environment: [:],
                workingDirectory: paths.worker(worker), outputFile: "\(folder.path)/\(worker).out",
                errorFile: "\(folder.path)/\(worker).err"))
        let wanted = WantedWorker(
            topologyID: "t-1-1", codeSHA256: "00", executors: .init([ExecutorRange(TaskID(1), TaskID(1))]),
            incarnation: 1)
        try WorkerApproval(
            workerID: worker, port: port, wanted: wanted, startedAtMilliseconds: 1, process: process.identity,
            errorLogOffset: 0
        ).save(paths.approval(worker))
        let output = "\(folder.path)/\(worker).out"
        try await eventually("the worker runs") { SystemFile.size(output) > 0 }
        return process
    }

    @Test func aWorkerIsAskedToStopAndKilledWhenItDoesNot() async throws {
        let obedient = try await start("w1", port: 6700, "echo up; exec sleep 600")
        let stubborn = try await start("w2", port: 6701, "trap '' TERM; echo up; while :; do sleep 0.05; done")
        let (workers, supervisorRuns) = try await killer.run()
        #expect(workers.map(\.port) == [6700, 6701])
        #expect(workers.map(\.outcome) == [.stopped, .killed])
        #expect(workers.map(\.pid) == [obedient, stubborn].map { Int($0.identity.pid) })
        #expect(!obedient.identity.isAlive && !stubborn.identity.isAlive)
        #expect(!supervisorRuns)
        #expect(try FileManager.default.contentsOfDirectory(atPath: paths.workers).isEmpty)
    }

    @Test func withASupervisorTheFoldersAreLeftToIt() async throws {
        _ = try await start("w1", port: 6700, "echo up; exec sleep 600")
        let lock = try #require(try FolderLock(file: paths.lockFile))
        let (workers, supervisorRuns) = try await killer.run()
        #expect(workers.map(\.outcome) == [.stopped] && supervisorRuns)
        #expect(SystemFile.exists(paths.approval("w1")))
        withExtendedLifetime(lock) {}
    }

    @Test func whatIsGoneAlreadyIsSaidToBe() async throws {
        let process = try await start("w1", port: 6700, "echo up")
        _ = try await process.waitForEnd()
        #expect(try await killer.run().workers.map(\.outcome) == [.gone])
    }

    /// In a session of its own, as what components start may be, and found by its mark alone.
    @Test func whatAWorkerLeftBehindThatDiedWithoutASupervisorIsEndedByTheNext() async throws {
        let worker = try await start(
            "w1", port: 6700,
            #"""
            export MULTILANG_CHILD_OF="$$.$(cut -d' ' -f22 /proc/$$/stat)/b.1/"
            setsid sh -c 'echo $$; exec sleep 600' &
            exec sleep 600
            """#)
        let line = try #require(SystemFile.lastLines("\(folder.path)/w1.out").first)
        let child = try #require(Int32(line).flatMap { ProcessIdentity.current(ofPID: $0) })
        await launcher.endLeftovers(of: worker.identity)
        #expect(child.isAlive, "its worker runs")
        await worker.kill()
        try await eventually("the worker runs") { !worker.identity.isAlive }
        #expect(child.isAlive)
        let recovery = WorkerRecovery(paths: paths, launcher: launcher, logger: RecordingLog().logger())
        let found = try await recovery.recover()
        #expect(found.keys.sorted() == [6700])
        try await eventually("what it left runs") { !child.isAlive }
    }

    @Test func whereNoSupervisorHasWorkedItIsRefused() async {
        let error = await #expect(throws: SupervisorError.self) { _ = try await killer.run() }
        #expect(error?.message.hasPrefix("no supervisor has worked in") == true)
    }
}
