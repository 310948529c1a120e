import FoundationEssentials
import Logging
import StormCluster
import StormCore
import StormNimbus
import StormSupervisor

/// The machines of a cluster and what runs on them: on each a supervisor, on the first ones a nimbus too. A process
/// that ended is started again after a while, as its service manager would.
final class SimulatedCluster: Sendable {
    struct State {
        var nimbuses: [Int: NimbusLife] = [:]
        var supervisors: [Int: SupervisorLife] = [:]
        var workers: [Int32: WorkerLife] = [:]
        var nextPID: Int32 = 100
        var topologies: [SimulatedTopology] = []
        var spouts: [Int: [SpoutCounts.Reader]] = [:]
        /// Machines without power.
        var deadMachines: Set<Int> = []
        var mayRestart = true
        /// The leader is killed while it works on what the user asks next.
        var killsLeaderInNextCall = false
        /// So many launches of workers fail.
        var failLaunches = 0
        /// The next blob that a supervisor gets has a wrong byte.
        var spoilNextBlob = false
        /// The store has lost its memory in this run.
        var wipe: Wipe?
    }

    let world: World
    let ensemble: SimulatedEnsemble
    let wires: SimulatedWires
    let plan: ClusterPlan
    /// Folder for the disks of all machines.
    let folder: String
    let state = Confined(State())
    let logger: Logger

    init(_ world: World, plan: ClusterPlan, folder: String, logLevel: Logger.Level?) {
        self.world = world
        self.plan = plan
        self.folder = folder
        ensemble = SimulatedEnsemble(world)
        wires = SimulatedWires(world)
        if let level = logLevel {
            var logger = Logger(label: "sim") { _ in TraceLogHandler(world) }
            logger.logLevel = level
            self.logger = logger
        } else {
            logger = Logger(label: "sim") { _ in SwiftLogNoOpLogHandler() }
        }
    }

    func host(_ machine: Int) -> String { "m\(machine)" }
    func disk(_ machine: Int) -> String { "\(folder)/m\(machine)" }
    func hasNimbus(_ machine: Int) -> Bool { machine < plan.nimbuses }

    func start() {
        for machine in 0..<plan.machines {
            if hasNimbus(machine) { startNimbus(machine) }
            startSupervisor(machine)
        }
    }

    // MARK: Nimbuses

    func startNimbus(_ machine: Int) {
        guard state.it.nimbuses[machine] == nil, !state.it.deadMachines.contains(machine) else { return }
        let process = world.makeProcess("nimbus-\(machine)", machine: machine)
        let store = ensemble.connect(process, sessionTimeoutMilliseconds: plan.sessionTimeoutMilliseconds)
        let nimbus = Nimbus(
            configuration: plan.nimbus(host: host(machine), directory: "\(disk(machine))/nimbus"), store: store,
            time: SupervisorTime(), fetcher: SimulatedFetcher(self, machine), logger: logger)
        world.note("\(process.name) starts")
        state.it.nimbuses[machine] = NimbusLife(process: process, nimbus: nimbus, store: store)
        process.state.it.onEnd.append { [weak self] _ in self?.nimbusEnded(machine, process) }
        world.spawn(in: process) { [world, logger] in
            do {
                try await nimbus.runEmbedded()
            } catch {
                logger.error("nimbus ended: \(error)")
            }
            world.end(process, code: 1)
        }
    }

    private func nimbusEnded(_ machine: Int, _ process: SimulatedProcess) {
        guard state.it.nimbuses[machine]?.process === process else { return }
        state.it.nimbuses[machine] = nil
        world.after(world.random(300_000_000...8_000_000_000)) { [self] in
            if state.it.mayRestart { startNimbus(machine) }
        }
    }

    // MARK: Supervisors

    func startSupervisor(_ machine: Int) {
        guard state.it.supervisors[machine] == nil, !state.it.deadMachines.contains(machine) else { return }
        let process = world.makeProcess("supervisor-\(machine)", machine: machine)
        let store = ensemble.connect(process, sessionTimeoutMilliseconds: plan.sessionTimeoutMilliseconds)
        world.note("\(process.name) starts")
        process.state.it.onEnd.append { [weak self] _ in self?.supervisorEnded(machine, process) }
        let launcher = SimulatedLauncher(self, machine, process)
        let configuration = plan.supervisor(host: host(machine), disk: disk(machine))
        world.spawn(in: process) { [self] in
            do {
                let supervisor = try Supervisor(
                    configuration, store: store, blobs: SimulatedBlobs(self, machine), launcher: launcher,
                    logger: logger)
                state.it.supervisors[machine] = SupervisorLife(process: process, supervisor: supervisor, store: store)
                try await supervisor.run()
            } catch {
                logger.error("supervisor ended: \(error)")
            }
            world.end(process, code: 1)
        }
    }

    private func supervisorEnded(_ machine: Int, _ process: SimulatedProcess) {
        if state.it.supervisors[machine]?.process === process { state.it.supervisors[machine] = nil }
        world.after(world.random(300_000_000...8_000_000_000)) { [self] in
            if state.it.mayRestart { startSupervisor(machine) }
        }
    }

    // MARK: Machines

    /// The power goes; it comes back after a while.
    func powerOff(_ machine: Int, forNanoseconds time: Int64) {
        guard state.it.deadMachines.insert(machine).inserted else { return }
        world.note("machine \(machine) loses its power")
        for process in processes(on: machine) { world.end(process, code: nil) }
        world.after(time) { [self] in powerOn(machine) }
    }

    func powerOn(_ machine: Int) {
        guard state.it.deadMachines.remove(machine) != nil else { return }
        world.note("machine \(machine) is back")
        if hasNimbus(machine) { startNimbus(machine) }
        startSupervisor(machine)
    }

    func processes(on machine: Int) -> [SimulatedProcess] {
        world.state.it.processes.filter { $0.machine == machine }
    }

    /// All that may be killed or paused.
    var processes: [SimulatedProcess] { world.state.it.processes.filter { $0.machine >= 0 } }

    /// The nimbus that acts as the leader, as far as it knows.
    var actingNimbuses: [(machine: Int, life: NimbusLife)] {
        state.it.nimbuses.sorted { $0.key < $1.key }.filter { $0.value.nimbus.isLeading }
            .map { (machine: $0.key, life: $0.value) }
    }
}
