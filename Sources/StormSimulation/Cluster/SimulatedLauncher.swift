import StormProcess
import StormSupervisor

/// Starts simulated workers for one life of a machine's supervisor.
final class SimulatedLauncher: WorkerLauncher {
    private let cluster: SimulatedCluster
    private let machine: Int
    private let supervisor: SimulatedProcess

    init(_ cluster: SimulatedCluster, _ machine: Int, _ supervisor: SimulatedProcess) {
        self.cluster = cluster
        self.machine = machine
        self.supervisor = supervisor
    }

    func launch(_ launch: WorkerLaunch) async throws -> any WorkerProcess {
        guard let manifest = launch.arguments.last else { throw ProcessError(.badArgument, "no manifest") }
        if cluster.state.it.failLaunches > 0 {
            cluster.state.it.failLaunches -= 1
            throw ProcessError(.noResources, "no process today")
        }
        let life = try cluster.startWorker(manifest: manifest, machine: machine)
        return SimulatedWorkerProcess(cluster, life, supervisor)
    }

    func adopt(_ identity: ProcessIdentity) async throws -> any WorkerProcess {
        guard let life = cluster.state.it.workers[identity.pid], life.machine == machine else {
            throw ProcessError(.gone, "process \(identity.pid) is gone")
        }
        return SimulatedWorkerProcess(cluster, life, supervisor)
    }

    func find(manifest path: String) async -> ProcessIdentity? {
        cluster.state.it.workers.values.first { $0.manifestPath == path }.map {
            SimulatedWorkerProcess.identity($0.pid)
        }
    }

    /// A simulated worker starts no processes.
    func endLeftovers(of identity: ProcessIdentity) async {}
}

/// A worker as its supervisor sees it.
final class SimulatedWorkerProcess: WorkerProcess {
    private let cluster: SimulatedCluster
    private let life: WorkerLife
    private let supervisor: SimulatedProcess
    private let exit = Confined<ProcessExit?>(nil)
    private let waiter = Confined<UnsafeContinuation<ProcessExit, any Error>?>(nil)

    init(_ cluster: SimulatedCluster, _ life: WorkerLife, _ supervisor: SimulatedProcess) {
        self.cluster = cluster
        self.life = life
        self.supervisor = supervisor
        let world = cluster.world
        life.process.state.it.onEnd.append { [weak self] code in
            // The kernel tells at once; the supervisor hears of it when it runs.
            world.after(world.random(10_000...2_000_000), in: supervisor) { [weak self] in
                self?.ended(code.map { .exited(code: $0) } ?? .signaled(.kill, coreDumped: false))
            }
        }
        if !life.process.isAlive { exit.it = .unknown }
    }

    static func identity(_ pid: Int32) -> ProcessIdentity {
        ProcessIdentity(pid: pid, startTicks: UInt64(pid), bootID: "sim")
    }

    var identity: ProcessIdentity { Self.identity(life.pid) }

    func terminate() { cluster.world.after(100_000, in: life.process) { [life] in life.stop.yield() } }

    func kill() async { cluster.world.end(life.process, code: nil) }

    func waitForEnd() async throws -> ProcessExit {
        try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { continuation in
                if let exit = exit.it { return continuation.resume(returning: exit) }
                if Task.isCancelled { return continuation.resume(throwing: CancellationError()) }
                waiter.it = continuation
            }
        } onCancel: {
            give(.failure(CancellationError()))
        }
    }

    private func ended(_ how: ProcessExit) {
        exit.it = exit.it ?? how
        give(.success(how))
    }

    private func give(_ result: Result<ProcessExit, any Error>) {
        let waiting = waiter.it
        waiter.it = nil
        waiting?.resume(with: result)
    }
}
