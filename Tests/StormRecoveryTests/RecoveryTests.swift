import FoundationEssentials
import Glibc
import Logging
import StormCluster
import StormClusterZooKeeper
import StormCore
import StormProcess
import StormSupervisor
import StormTestSupport
import Testing
import ZooKeeper
import ZooKeeperServer

/// What real processes and a real ZooKeeper do in trouble.
@Suite(.serialized, .enabled(if: RealCluster.isPossible, "needs Java, ZooKeeper and the built example Exclamation"))
struct RecoveryTests {
    enum Absence: String, CaseIterable, Sendable { case frozen, killed }

    private func say(_ text: String) { print("measured: \(text)") }

    @Test(.timeLimit(.minutes(3)))
    func killedWorkerIsBackAtOnceAndWordsFlowAgain() async throws {
        try await withCluster { cluster in
            let processes = try await cluster.started()
            for victim in [0, 1] {
                let begin = ContinuousClock.now
                #expect(kill(processes[victim].pid, SIGKILL) == 0)
                try await eventually("no successor") {
                    try cluster.process(cluster.ports[victim]).map { $0 != processes[victim] } ?? false
                }
                let restarted = ContinuousClock.now - begin
                try await cluster.flows("no words after the restart")
                say(
                    "worker \(victim) killed: new process after \(restarted), words after \(ContinuousClock.now - begin)"
                )
                #expect(restarted < .seconds(2))
            }
            try await eventually("no reason") {
                try await cluster.admin.errors.errors(RealCluster.id, component: "__system")
                    .contains { $0.message.contains("SIGKILL") }
            }
        }
    }

    /// The session of everybody ends meanwhile.
    @Test(.timeLimit(.minutes(4)), arguments: Absence.allCases)
    func whileZooKeeperIsAwayWordsFlowAndDeadWorkersComeBack(absence: Absence) async throws {
        try await withCluster { cluster in
            let processes = try await cluster.started()
            let before = try await cluster.rate()
            switch absence {
            case .frozen: await cluster.server.pause()
            case .killed: try await cluster.server.kill()
            }
            try await eventually("session goes on") {
                [.lost, .connecting].contains(cluster.store.client.session.state)
            }
            let during = try await cluster.rate()
            let begin = ContinuousClock.now
            #expect(kill(processes[0].pid, SIGKILL) == 0)
            try await eventually("no successor") {
                try cluster.process(cluster.ports[0]).map { $0 != processes[0] } ?? false
            }
            let restarted = ContinuousClock.now - begin
            try await cluster.flows("no words from a worker that was started without ZooKeeper")
            say(
                "ZooKeeper \(absence.rawValue): \(before) log bytes/s before, \(during) during; worker killed: new process "
                    + "after \(restarted), words after \(ContinuousClock.now - begin)")
            let successor = try cluster.process(cluster.ports[0])
            switch absence {
            case .frozen: await cluster.server.resume()
            case .killed: try await cluster.server.restart()
            }
            try await eventually(within: .seconds(60), "workers do not join") {
                // ZooKeeper may need a moment until it answers.
                ((try? await cluster.beatPorts()) ?? []) == cluster.ports.sorted()
            }
            try await eventually("supervisor does not register") {
                try await cluster.usedPorts() == cluster.ports.sorted()
            }
            #expect(try cluster.process(cluster.ports[0]) == successor)
            #expect(try cluster.process(cluster.ports[1]) == processes[1])
            try await cluster.flows("no words when ZooKeeper is back")
        }
    }

    @Test(.timeLimit(.minutes(4)))
    func wipedZooKeeperStopsNothing() async throws {
        try await withCluster { cluster in
            let processes = try await cluster.started()
            try await cluster.server.stop()
            let data = cluster.server.stateDirectory + "/data"
            #expect(SystemFile.exists(data))
            try FileManager.default.removeItem(atPath: data)
            try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
            try await cluster.server.restart()
            #expect(
                await cluster.log.first(within: .seconds(60)) { $0.level == .error && $0.message.contains("was wiped") }
                    != nil)
            try await cluster.flows("no words after the wipe")
            // A worker that dies now comes back from what is known here.
            #expect(kill(processes[0].pid, SIGKILL) == 0)
            try await eventually("no successor") {
                try cluster.process(cluster.ports[0]).map { $0 != processes[0] } ?? false
            }
            let successor = try cluster.process(cluster.ports[0])
            try await cluster.flows("no words from the successor")
            #expect(SystemFile.exists(cluster.folder.path + "/local/supervisor/stormdist/\(RealCluster.id)/code"))
            // Set up again, by hand as it were.
            try await eventually(within: .seconds(60), "cannot set up again") {
                // The client of the test has to find its way to the emptied server, too.
                do {
                    try await cluster.submit()
                } catch let error as CoordinationError where error.code != .nodeExists {
                    return false
                }
                return true
            }
            try await eventually(within: .seconds(60), "workers do not join") {
                try await cluster.beatPorts() == cluster.ports.sorted()
            }
            #expect(try cluster.process(cluster.ports[0]) == successor)
            #expect(try cluster.process(cluster.ports[1]) == processes[1])
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func deletedTreeStopsNothingButARemovedTopologyDoes() async throws {
        try await withCluster { cluster in
            let processes = try await cluster.started()
            for directory in ClusterPaths.directories.sorted(by: >) {
                try await cluster.admin.store.deleteRecursively(directory)
            }
            #expect(
                await cluster.log.first(within: .seconds(30)) { $0.level == .error && $0.message.contains("was wiped") }
                    != nil)
            try await cluster.flows("no words after the deletion")
            #expect(try cluster.ports.map { try cluster.process($0) } == processes)
            try await cluster.admin.prepare()
            try await eventually("workers of a topology that is gone for good") {
                processes.allSatisfy { !$0.isAlive }
            }
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func expiredSessionOfTheSupervisorStopsNothing() async throws {
        try await withCluster { cluster in
            let processes = try await cluster.started()
            let path = ClusterPaths.supervisor(cluster.supervisor.id)
            let owner = try await cluster.admin.store.get(path)?.ephemeralOwner
            try await cluster.store.client.expireSession()
            try await eventually("not registered anew") {
                let node = try await cluster.admin.store.get(path)
                return node != nil && node?.ephemeralOwner != owner
            }
            #expect(try await cluster.usedPorts() == cluster.ports.sorted())
            #expect(try cluster.ports.map { try cluster.process($0) } == processes)
            try await cluster.flows("no words")
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func workersEndInOrderWhileZooKeeperDoesNotAnswer() async throws {
        try await withCluster { cluster in
            let processes = try await cluster.started()
            await cluster.server.pause()
            let begin = ContinuousClock.now
            for process in processes { #expect(kill(process.pid, SIGTERM) == 0) }
            try await eventually(within: .seconds(20), "workers do not end") { processes.allSatisfy { !$0.isAlive } }
            say("workers asked to stop while ZooKeeper is frozen: gone after \(ContinuousClock.now - begin)")
            await cluster.server.resume()
            try await eventually("their ends are not seen as orderly") {
                // A line for each process; that one is still wanted is another line.
                cluster.log.messages().filter { $0.hasPrefix("worker ") && $0.contains("ended: exit code 0") }.count
                    >= 2
            }
        }
    }

    /// Stopped for longer than its session, but not so long that it counts as hung.
    @Test(.timeLimit(.minutes(3)))
    func expiredSessionOfAWorkerStopsNothing() async throws {
        try await withCluster { cluster in
            let processes = try await cluster.started()
            #expect(kill(processes[0].pid, SIGSTOP) == 0)
            try await eventually("its session goes on") { try await cluster.beatPorts() == [cluster.ports[1]] }
            #expect(kill(processes[0].pid, SIGCONT) == 0)
            try await eventually("it does not come back") { try await cluster.beatPorts() == cluster.ports.sorted() }
            #expect(try cluster.ports.map { try cluster.process($0) } == processes)
            try await cluster.flows("no words")
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func hungWorkerIsKilledAndReplacedAndTheReasonIsTold() async throws {
        try await withCluster {
            $0.beatLimits = .init(first: .seconds(60), later: .seconds(3))
            $0.beatLookInterval = .milliseconds(300)
        } _: { cluster in
            let processes = try await cluster.started()
            let begin = ContinuousClock.now
            #expect(kill(processes[0].pid, SIGSTOP) == 0)
            try await eventually("no successor") {
                try cluster.process(cluster.ports[0]).map { $0 != processes[0] } ?? false
            }
            say("worker stopped: replaced after \(ContinuousClock.now - begin), limit 3 s")
            #expect(!processes[0].isAlive)
            #expect(try cluster.process(cluster.ports[1]) == processes[1])
            try await eventually("no reason") {
                try await cluster.admin.errors.errors(RealCluster.id, component: "__system")
                    .contains { $0.kind == "hung" && $0.message.contains("no sign of life") }
            }
            try await cluster.flows("no words")
        }
    }
}
