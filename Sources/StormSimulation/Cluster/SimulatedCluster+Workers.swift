import FoundationEssentials
import Logging
import StormCluster
import StormCore
import StormManifest
import StormProcess
import StormRuntime
import StormWorker

extension SimulatedCluster {
    /// Starts a worker process for a manifest, as its program would be.
    /// - Throws: when the manifest cannot be read.
    func startWorker(manifest path: String, machine: Int) throws -> WorkerLife {
        let manifest = try WorkerManifest.load(path)
        guard let topology = state.it.topologies.first(where: { manifest.topologyID.hasPrefix("\($0.name)-") }) else {
            throw ProcessError(.badArgument, "no such topology: \(manifest.topologyID)")
        }
        let process = world.makeProcess("worker-\(machine):\(manifest.port)", machine: machine)
        let pid = state.it.nextPID
        state.it.nextPID += 1
        let (stop, stopFeed) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let life = WorkerLife(
            process: process, pid: pid, machine: machine, port: manifest.port, topologyID: manifest.topologyID,
            manifestPath: path, stop: stopFeed)
        for other in state.it.workers.values where other.machine == machine && other.port == manifest.port {
            world.fail(
                Violation(WorkerLife.onePerPort, "\(process.name) is started while \(other.process.name) runs"))
        }
        state.it.workers[pid] = life
        process.state.it.onEnd.append { [weak self] _ in
            self?.state.it.workers[pid] = nil
            self?.state.it.spouts[process.number] = nil
        }
        world.note("\(process.name) starts for \(manifest.topologyID) [\(manifest.executors)] \(manifest.incarnation)")
        // Loading a program takes its time.
        world.after(world.random(20_000_000...300_000_000), in: process) { [self] in
            world.spawn(in: process) { [self] in
                let code = await run(manifest, topology, process, stop)
                end(process, manifest, code: code)
            }
        }
        return life
    }

    /// A worker process ends by itself.
    func end(_ process: SimulatedProcess, _ manifest: WorkerManifest, code: Int32) {
        WipeStopsNothing.ended(process, manifest, code: code, self)
        world.end(process, code: code)
    }

    /// - Returns: the exit code.
    private func run(
        _ manifest: WorkerManifest, _ simulated: SimulatedTopology, _ process: SimulatedProcess,
        _ stop: AsyncStream<Void>
    ) async -> Int32 {
        let store = ensemble.connect(process, sessionTimeoutMilliseconds: plan.sessionTimeoutMilliseconds)
        do {
            let topology = try simulated.build { [weak self] reader in
                self?.state.it.spouts[process.number, default: []].append(reader)
            }
            let config = try Config.resolve([ConfigLayer(manifest.conf, from: .program("worker.json"))])
            let worker = Worker(
                manifest: manifest, config: config, topology: topology, submitted: nil, state: ClusterState(store),
                clock: SystemClock(), logger: logger,
                makeNetwork: { [wires] _ in SimulatedWorkerNetwork(wires, process, manifest) })
            try await worker.run(stop: stop)
            await store.close()
            return 0
        } catch {
            logger.error("worker ended: \(error)")
            await store.close()
            return 1
        }
    }
}
