import FoundationEssentials
import StormCluster
import StormCore
import StormProcess
import StormSupervisor
import Testing

/// Random misfortune from seeds: at the end every slot has exactly the worker that is wanted, and never had two.
@Suite(.timeLimit(.minutes(3)))
struct SupervisorChaosTests {
    /// One life of a supervisor.
    private struct Life {
        let supervisor: Supervisor
        let store: InMemoryCoordinationStore
        let task: Task<Void, any Error>

        init(_ cluster: TestCluster, _ launcher: FakeLauncher) throws {
            store = cluster.server.connect()
            let supervisor = try cluster.supervisor(store, launcher: launcher) {
                $0.storeWait = .milliseconds(20)
                $0.restart.firstDelay = .milliseconds(5)
                $0.restart.delayMax = .milliseconds(20)
                $0.restart.stopGrace = .milliseconds(20)
                $0.restart.killInterval = .milliseconds(20)
                $0.downloadAttemptsMax = 1
                $0.repairInterval = .milliseconds(50)
            }
            self.supervisor = supervisor
            task = Task { try await supervisor.run() }
        }

        func end() async {
            supervisor.stop()
            _ = await task.result
        }
    }

    @Test(arguments: 0..<12 as Range<UInt64>)
    func everySlotGetsWhatIsWantedInTheEnd(seed: UInt64) async throws {
        var random = FastRandom(seed: seed)
        let cluster = try await TestCluster()
        let launcher = FakeLauncher()
        let codes = [
            "a": try await cluster.submit("a", code: "#!/bin/a\n"),
            "b": try await cluster.submit("b", code: "#!/bin/b\n"),
        ]
        var life = try Life(cluster, launcher)
        let id = life.supervisor.id
        var wanted: [Int: String] = [:]
        for step in 1...40 {
            switch Int.random(in: 0..<8, using: &random) {
            case 0, 1:
                wanted = [:]
                for port in [6700, 6701] { wanted[port] = ["a", "b", nil].randomElement(using: &random) ?? nil }
                for (name, code) in codes {
                    let ports = wanted.filter { $0.value == name }.keys.sorted()
                    try await cluster.assign(name, code, to: id, ports: ports, incarnation: step)
                }
            case 2: launcher.live.randomElement(using: &random)?.end(.exited(code: 1))
            case 3: launcher.live.randomElement(using: &random)?.ignoreTerminate()
            case 4:
                await life.end()
                life = try Life(cluster, launcher)
            case 5: life.store.disconnect()
            case 6: life.store.reconnect()
            default:
                life.store.expireSession()
                launcher.fail(times: 1)
                cluster.blobs.spoil("a-code", times: 1)
            }
            for _ in 0..<Int.random(in: 0..<30, using: &random) { await Task.yield() }
        }
        life.store.reconnect()
        launcher.fail(times: 0)
        try await eventually("seed \(seed): wanted \(wanted)") {
            let live = launcher.live.map { "\(WorkerPort.of($0.launch)) \(WorkerPort.topology($0.launch))" }.sorted()
            return live == wanted.map { "\($0.key) \($0.value)" }.sorted()
        }
        #expect(launcher.violations == [], "seed \(seed)")
        await life.end()
    }
}
