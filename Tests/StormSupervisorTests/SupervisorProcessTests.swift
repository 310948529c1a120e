import FoundationEssentials
import Glibc
import Logging
import StormCluster
import StormCore
import StormProcess
import StormSupervisor
import Testing

/// The supervisor with real processes: shell scripts as submitted code.
@Suite(.timeLimit(.minutes(3)))
struct SupervisorProcessTests {
    /// Runs until it is told to stop; then says so and ends.
    static let polite = "#!/bin/sh\ntrap 'echo stopped; exit 0' TERM\necho up\nwhile :; do sleep 0.02; done\n"

    private func identity(_ cluster: TestCluster, _ port: Int) throws -> ProcessIdentity? {
        try cluster.approval(port: port)?.process.flatMap { $0.isAlive ? $0 : nil }
    }

    @Test
    func workerRunsInItsOwnSessionWithItsLogsAndFolder() async throws {
        let cluster = try await TestCluster()
        let supervisor = try cluster.supervisor(cluster.server.connect(), launcher: ChildWorkerLauncher()) {
            $0.stopsWorkersAtEnd = true
            $0.restart.stopGrace = .seconds(20)
        }
        let code = try await cluster.submit("t", code: Self.polite + "\n")
        try await cluster.assign("t", code, to: supervisor.id, ports: [6700])
        let log = cluster.paths.logs + "/workers-artifacts/t/6700/worker.log.out"
        var process: ProcessIdentity?
        try await running(supervisor) {
            try await eventually("worker is not up") { SystemFile.lastLines(log) == ["up"] }
            try await eventually("worker is not noted") {
                process = try identity(cluster, 6700)
                return process != nil
            }
            let stat = try #require(ProcessStat.read(pid: process?.pid ?? 0))
            #expect(stat.sessionID == stat.pid)
            let approval = try #require(try cluster.approval(port: 6700))
            let folder = cluster.paths.local + "/workers/\(approval.workerID)"
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(stat.pid)/cwd") == folder)
            #expect(
                ProcessStat.commandLine(pid: stat.pid).suffix(3) == ["worker", "--manifest", folder + "/worker.json"])
        }
        #expect(process?.isAlive == false)
        #expect(SystemFile.lastLines(log) == ["up", "stopped"])
    }

    @Test
    func killedWorkerIsBackWithinASecond() async throws {
        let cluster = try await TestCluster()
        let supervisor = try cluster.supervisor(cluster.server.connect(), launcher: ChildWorkerLauncher()) {
            $0.stopsWorkersAtEnd = true
        }
        let code = try await cluster.submit("t", code: Self.polite)
        try await cluster.assign("t", code, to: supervisor.id, ports: [6700])
        try await running(supervisor) {
            try await eventually("no worker") { try identity(cluster, 6700) != nil }
            let first = try #require(try identity(cluster, 6700))
            let begin = ContinuousClock.now
            #expect(kill(first.pid, SIGKILL) == 0)
            try await eventually("no successor") { try identity(cluster, 6700).map { $0 != first } ?? false }
            #expect(ContinuousClock.now - begin < .seconds(1))
            try await eventually("no record") {
                try await cluster.errors("t").first?.message.contains("SIGKILL") == true
            }
        }
    }

    @Test
    func crashLoopBacksOffAndTellsWhy() async throws {
        let cluster = try await TestCluster()
        let supervisor = try cluster.supervisor(cluster.server.connect(), launcher: ChildWorkerLauncher()) {
            $0.restart.firstDelay = .milliseconds(100)
        }
        let code = try await cluster.submit("t", code: "#!/bin/sh\ndate +%s.%N\necho Fatal: no luck >&2\nexit 7\n")
        try await cluster.assign("t", code, to: supervisor.id, ports: [6700])
        let log = cluster.paths.logs + "/workers-artifacts/t/6700/worker.log.out"
        try await running(supervisor) {
            try await eventually("too few attempts") { SystemFile.lastLines(log).count >= 5 }
            try await eventually("no records") { try await cluster.errors("t").count >= 4 }
        }
        let times = SystemFile.lastLines(log).compactMap { Double($0) }
        // At once; then 100, 200, 400 ms.
        let gaps = zip(times.dropFirst(), times).map { $0 - $1 }
        #expect(gaps[1] >= 0.1 && gaps[2] >= 0.2 && gaps[3] >= 0.4, "\(gaps)")
        let error = try #require(try await cluster.errors("t").last)
        #expect(error.kind == "exit")
        #expect(error.message.contains("exit code 7"))
        #expect(error.message.contains("Fatal: no luck"))
    }

    @Test
    func codeThatCannotBeExecutedIsReported() async throws {
        let cluster = try await TestCluster()
        let supervisor = try cluster.supervisor(cluster.server.connect(), launcher: ChildWorkerLauncher())
        let code = try await cluster.submit("t", code: "#!/no/such/interpreter\n")
        try await cluster.assign("t", code, to: supervisor.id, ports: [6700])
        try await running(supervisor) {
            try await eventually("no record") {
                try await cluster.errors("t").first.map { $0.kind == "launch" && $0.message.contains("interpreter") }
                    ?? false
            }
        }
    }

    @Test
    func stubbornWorkerAndItsDescendantsAreKilled() async throws {
        let cluster = try await TestCluster()
        let supervisor = try cluster.supervisor(cluster.server.connect(), launcher: ChildWorkerLauncher())
        let script = "#!/bin/sh\ntrap '' TERM\nsleep 60 &\necho $!\nwhile :; do sleep 0.02; done\n"
        let code = try await cluster.submit("t", code: script)
        try await cluster.assign("t", code, to: supervisor.id, ports: [6700])
        let log = cluster.paths.logs + "/workers-artifacts/t/6700/worker.log.out"
        try await running(supervisor) {
            try await eventually("worker is not up") {
                try SystemFile.lastLines(log).count == 1 && identity(cluster, 6700) != nil
            }
            let descendant = try #require(SystemFile.lastLines(log).first.flatMap { Int32($0) })
            let worker = try #require(try identity(cluster, 6700))
            #expect(ProcessIdentity.current(ofPID: descendant) != nil)
            try await cluster.admin.assignments.delete("t")
            try await eventually("worker survives") { !worker.isAlive }
            try await eventually("descendant survives") { ProcessIdentity.current(ofPID: descendant) == nil }
        }
    }

    /// The first supervisor is a process of its own, with a cluster of its own, and kills itself without warning.
    @Test
    func supervisorKilledHardIsSucceededByOneThatAdoptsItsWorkers() async throws {
        let result = await #expect(processExitsWith: .signal(SIGKILL), observing: [\.standardOutputContent]) {
            let cluster = try await TestCluster()
            let supervisor = try cluster.supervisor(cluster.server.connect(), launcher: ChildWorkerLauncher())
            let code = try await cluster.submit("t", code: SupervisorProcessTests.polite)
            try await cluster.assign("t", code, to: supervisor.id, ports: [6700, 6701])
            let task = Task { try await supervisor.run() }
            try await eventually("no workers") {
                try cluster.approval(port: 6700) != nil && cluster.approval(port: 6701) != nil
            }
            let line = "\nFOLDER \(cluster.folder.path)\n"
            _ = line.withCString { write(1, $0, strlen($0)) }
            kill(getpid(), SIGKILL)
            task.cancel()
        }
        let output = SystemFile.splitLines(result?.standardOutputContent ?? [])
        let folder = try #require(output.first { $0.hasPrefix("FOLDER ") }).dropFirst(7)
        defer { try? FileManager.default.removeItem(atPath: String(folder)) }  // leftovers harm nobody
        let cluster = try await TestCluster()
        let paths = SupervisorPaths(local: "\(folder)/local", logs: "\(folder)/logs")
        // Its assignments are known on disk only: the store of this test has never heard of the topology.
        let supervisor = try cluster.supervisor(cluster.server.connect(), launcher: ChildWorkerLauncher()) {
            $0.paths = paths
            $0.stopsWorkersAtEnd = true
        }
        let workers = try FileManager.default.contentsOfDirectory(atPath: paths.local + "/workers").map { name in
            let data = try Data(contentsOf: URL(filePath: paths.local + "/workers/\(name)/approval.json"))
            return try JSONDecoder().decode(WorkerApproval.self, from: data)
        }
        let processes = workers.compactMap(\.process)
        #expect(workers.count == 2)
        #expect(processes.count == 2)
        #expect(processes.filter { !$0.isAlive }.isEmpty)
        // One dies while nobody looks, the other runs on.
        let victim = try #require(processes.first)
        let survivor = try #require(processes.last)
        #expect(kill(victim.pid, SIGKILL) == 0)
        try await eventually("victim lives") { !victim.isAlive }
        let wanted = try #require(workers.first).wanted
        try await cluster.assign("t", wanted.codeSHA256, to: supervisor.id, ports: [6700, 6701])
        try await running(supervisor) {
            try await eventually("not registered") {
                try await cluster.record(supervisor.id)?.usedPorts == [6700, 6701]
            }
            #expect(survivor.isAlive)
            try await eventually("victim has no successor") {
                try FileManager.default.contentsOfDirectory(atPath: paths.local + "/workers").filter { name in
                    // Folders come and go while this looks.
                    guard
                        let data = try? Data(contentsOf: URL(filePath: paths.local + "/workers/\(name)/approval.json"))
                    else { return false }
                    return try JSONDecoder().decode(WorkerApproval.self, from: data).process?.isAlive ?? false
                }.count == 2
            }
            #expect(survivor.isAlive)
            // Adopted workers are seen to die at once, too.
            #expect(kill(survivor.pid, SIGKILL) == 0)
            try await eventually("no record") { try await !cluster.errors("t").isEmpty }
        }
        #expect(!survivor.isAlive)
    }
}
