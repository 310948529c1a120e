import FoundationEssentials
import StormCluster
import StormManifest
import StormProcess
import StormSupervisor
import Testing

/// A supervisor that is asked to stop and has its slots emptied first.
@Suite(.timeLimit(.minutes(2)))
struct SupervisorDrainTests {
    private let program = "#!/bin/sh\n"

    /// Runs `body` with a supervisor that has a worker, then `stop`s it and runs `meanwhile` while it is stopping.
    private func drained(
        limit: Duration?, _ meanwhile: (TestCluster, String) async throws -> Void
    ) async throws -> FakeLauncher {
        let cluster = try await TestCluster()
        let launcher = FakeLauncher()
        let supervisor = try cluster.supervisor(cluster.server.connect(), launcher: launcher) { $0.drainLimit = limit }
        let code = try await cluster.submit("t", code: program)
        try await cluster.assign("t", code, to: supervisor.id, ports: [6700])
        let task = Task { try await supervisor.run() }
        try await eventually("no worker") {
            let ports = try await cluster.record(supervisor.id)?.usedPorts
            return ports == [6700] && launcher.live.count == 1
        }
        supervisor.stop()
        try await meanwhile(cluster, supervisor.id)
        try await task.value
        return launcher
    }

    @Test func itSaysSoAndEndsWhenTheLastSlotIsEmpty() async throws {
        let launcher = try await drained(limit: .seconds(60)) { cluster, id in
            try await eventually("not draining") { try await cluster.record(id)?.isDraining ?? false }
            #expect(try await cluster.record(id)?.usedPorts == [6700])
            try await cluster.admin.assignments.delete("t")
        }
        #expect(launcher.live.isEmpty)
    }

    @Test func itEndsWhenTheLimitIsOver() async throws {
        let launcher = try await drained(limit: .milliseconds(50)) { _, _ in }
        #expect(launcher.live.count == 1)
    }

    @Test func withoutALimitItLeavesItsWorkersAlone() async throws {
        let launcher = try await drained(limit: nil) { _, _ in }
        #expect(launcher.live.count == 1)
        #expect(launcher.live.first?.terminations == 0)
    }

    /// A worker must be able to tell its supervisor's request from anybody else's.
    @Test func itsRequestToStopAWorkerIsNotedInTheWorkersFolder() async throws {
        let cluster = try await TestCluster()
        let launcher = FakeLauncher()
        let supervisor = try cluster.supervisor(cluster.server.connect(), launcher: launcher)
        let code = try await cluster.submit("t", code: program)
        try await cluster.assign("t", code, to: supervisor.id, ports: [6700])
        try await running(supervisor) {
            try await eventually("no worker") { launcher.live.count == 1 }
            let worker = try #require(launcher.live.first)
            worker.ignoreTerminate()
            let manifest = try WorkerManifest.load(worker.launch.workingDirectory + "/worker.json")
            #expect(!manifest.isStopRequestedBySupervisor)
            try await cluster.admin.assignments.delete("t")
            try await eventually("not asked to stop") { worker.terminations == 1 }
            #expect(manifest.isStopRequestedBySupervisor)
            worker.end(.exited(code: 0))
        }
    }
}
