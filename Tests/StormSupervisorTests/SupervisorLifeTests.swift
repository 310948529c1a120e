import FoundationEssentials
import StormCluster
import StormProcess
import StormSupervisor
import Testing

/// What happens to workers when the supervisor or the store goes and comes.
@Suite(.timeLimit(.minutes(2)))
struct SupervisorLifeTests {
    private let program = "#!/bin/sh\n"

    @Test
    func nextLifeHasTheSameNameAndFindsItsWorkers() async throws {
        let cluster = try await TestCluster()
        let launcher = FakeLauncher()
        var id = ""
        do {
            let first = try cluster.supervisor(cluster.server.connect(), launcher: launcher)
            id = first.id
            let code = try await cluster.submit("t", code: program)
            try await cluster.assign("t", code, to: id, ports: [6700])
            try await running(first) {
                try await eventually("no worker") {
                    try launcher.live.count == 1 && cluster.approval(port: 6700) != nil
                }
            }
        }
        #expect(launcher.live.count == 1)
        let second = try cluster.supervisor(cluster.server.connect(), launcher: launcher)
        #expect(second.id == id)
        try await running(second) {
            try await eventually("not registered") { try await cluster.record(id)?.usedPorts == [6700] }
            #expect(launcher.launches.count == 1)
            launcher.live.first?.end(.unknown)
            try await eventually("no restart") { launcher.launches.count == 2 && launcher.live.count == 1 }
        }
    }

    @Test
    func workerThatDiedMeanwhileIsStartedAgain() async throws {
        let cluster = try await TestCluster()
        let launcher = FakeLauncher()
        do {
            let first = try cluster.supervisor(cluster.server.connect(), launcher: launcher)
            let code = try await cluster.submit("t", code: program)
            try await cluster.assign("t", code, to: first.id, ports: [6700])
            try await running(first) {
                try await eventually("no worker") {
                    try launcher.live.count == 1 && cluster.approval(port: 6700) != nil
                }
            }
        }
        launcher.live.first?.end(.exited(code: 1))
        let second = try cluster.supervisor(cluster.server.connect(), launcher: launcher)
        try await running(second) {
            try await eventually("no restart") { launcher.launches.count == 2 && launcher.live.count == 1 }
        }
    }

    @Test
    func workerWhoseProcessWasNotNotedIsFoundByItsManifest() async throws {
        let cluster = try await TestCluster()
        let launcher = FakeLauncher()
        do {
            let first = try cluster.supervisor(cluster.server.connect(), launcher: launcher)
            let code = try await cluster.submit("t", code: program)
            try await cluster.assign("t", code, to: first.id, ports: [6700])
            try await running(first) {
                try await eventually("no worker") {
                    try launcher.live.count == 1 && cluster.approval(port: 6700) != nil
                }
            }
        }
        // As if the first had been killed between the start and the note.
        var approval = try #require(try cluster.approval(port: 6700))
        approval.process = nil
        let file = cluster.paths.local + "/workers/\(approval.workerID)/approval.json"
        try SystemFile.writeAtomically(file, Array(try JSONEncoder().encode(approval)))
        let second = try cluster.supervisor(cluster.server.connect(), launcher: launcher)
        try await running(second) {
            try await eventually("not registered") { try await cluster.record(second.id)?.usedPorts == [6700] }
            #expect(launcher.launches.count == 1)
            #expect(launcher.live.count == 1)
        }
    }

    @Test
    func workerWithoutApprovalIsEnded() async throws {
        let cluster = try await TestCluster()
        let launcher = FakeLauncher()
        let supervisor = try cluster.supervisor(cluster.server.connect(), launcher: launcher)
        let folder = cluster.paths.local + "/workers/stranger"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        _ = try await launcher.launch(
            WorkerLaunch(
                executable: "x",
                arguments: [
                    "worker", "--manifest",
                    "\(folder)/worker.json",
                ], environment: [:], workingDirectory: folder, outputFile: "", errorFile: ""))
        try await running(supervisor) {
            try await eventually("stranger lives") { launcher.live.isEmpty }
            try await eventually("its folder stays") { !FileManager.default.fileExists(atPath: folder) }
        }
    }

    @Test
    func storeAwayAtStartMeansLastKnownAssignments() async throws {
        let cluster = try await TestCluster()
        let launcher = FakeLauncher()
        do {
            let first = try cluster.supervisor(cluster.server.connect(), launcher: launcher)
            let code = try await cluster.submit("t", code: program)
            try await cluster.assign("t", code, to: first.id, ports: [6700])
            try await running(first) {
                try await eventually("no worker") {
                    try launcher.live.count == 1 && cluster.approval(port: 6700) != nil
                }
            }
        }
        launcher.live.first?.end(.exited(code: 1))
        let store = cluster.server.connect()
        store.disconnect()
        let second = try cluster.supervisor(store, launcher: launcher) { $0.storeWait = .milliseconds(50) }
        try await running(second) {
            try await eventually("no restart without the store") { launcher.live.count == 1 }
            // Meanwhile the topology was killed; known as soon as the store is back.
            try await cluster.admin.assignments.delete("t")
            store.reconnect()
            try await eventually("worker stays") { launcher.live.isEmpty }
        }
    }

    @Test
    func storeGoingAwayStopsNothingAndCrashesAreRepaired() async throws {
        let cluster = try await TestCluster()
        let launcher = FakeLauncher()
        let store = cluster.server.connect()
        let supervisor = try cluster.supervisor(store, launcher: launcher)
        let code = try await cluster.submit("t", code: program)
        try await cluster.assign("t", code, to: supervisor.id, ports: [6700])
        try await running(supervisor) {
            try await eventually("no worker") { launcher.live.count == 1 }
            store.disconnect()
            launcher.live.first?.end(.exited(code: 9))
            try await eventually("no restart without the store") {
                launcher.launches.count == 2 && launcher.live.count == 1
            }
            #expect(try await cluster.errors("t") == [])
            store.reconnect()
            try await eventually("error record lost") { try await cluster.errors("t").count == 1 }
        }
    }

    @Test
    func wipedStoreStopsNothing() async throws {
        let cluster = try await TestCluster()
        let launcher = FakeLauncher()
        let supervisor = try cluster.supervisor(cluster.server.connect(), launcher: launcher)
        let code = try await cluster.submit("t", code: program)
        try await cluster.assign("t", code, to: supervisor.id, ports: [6700])
        try await running(supervisor) {
            try await eventually("no worker") { launcher.live.count == 1 }
            let assignment = try #require(try await cluster.admin.store.get(ClusterPaths.assignment("t"))).bytes
            _ = try await cluster.admin.store.multi([
                .delete(path: ClusterPaths.assignment("t"), expectedVersion: nil),
                .delete(path: ClusterPaths.assignments, expectedVersion: nil),
            ])
            // The supervisor has looked at everything again when its deleted registration is back.
            for _ in 0..<2 {
                try await cluster.admin.supervisors.delete(supervisor.id)
                try await eventually("not registered again") { try await cluster.record(supervisor.id) != nil }
            }
            #expect(launcher.live.count == 1)
            _ = try await cluster.admin.store.multi([
                .create(path: ClusterPaths.assignments, data: [], mode: .persistent),
                .create(path: ClusterPaths.assignment("t"), data: assignment, mode: .persistent),
            ])
            let other = try await cluster.submit("u", code: program)
            try await cluster.assign("u", other, to: supervisor.id, ports: [6701])
            try await eventually("other worker missing") { launcher.live.count == 2 }
            #expect(launcher.launches.count == 2)
        }
    }

    @Test
    func lostSessionRegistersAgainAndKeepsWorkers() async throws {
        let cluster = try await TestCluster()
        let launcher = FakeLauncher()
        let store = cluster.server.connect()
        let supervisor = try cluster.supervisor(store, launcher: launcher)
        let code = try await cluster.submit("t", code: program)
        try await cluster.assign("t", code, to: supervisor.id, ports: [6700])
        try await running(supervisor) {
            try await eventually("no worker") {
                try await cluster.record(supervisor.id)?.usedPorts == [6700] && launcher.live.count == 1
            }
            store.expireSession()
            try await eventually("not registered again") {
                try await cluster.record(supervisor.id)?.usedPorts == [6700]
            }
            #expect(launcher.launches.count == 1)
            #expect(launcher.live.count == 1)
        }
    }

    @Test
    func workersAreLeftRunningOrStoppedAsConfigured() async throws {
        for stops in [false, true] {
            let cluster = try await TestCluster()
            let launcher = FakeLauncher()
            let supervisor = try cluster.supervisor(cluster.server.connect(), launcher: launcher) {
                $0.stopsWorkersAtEnd = stops
            }
            let code = try await cluster.submit("t", code: program)
            try await cluster.assign("t", code, to: supervisor.id, ports: [6700, 6701])
            try await running(supervisor) {
                try await eventually("no workers") { launcher.live.count == 2 }
                launcher.live.first?.ignoreTerminate()
            }
            #expect(launcher.live.count == (stops ? 0 : 2))
            #expect(try await (cluster.record(supervisor.id) == nil) == stops)
        }
    }
}
