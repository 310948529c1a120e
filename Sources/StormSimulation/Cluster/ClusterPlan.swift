import StormCore
import StormManifest
import StormNimbus
import StormSupervisor

/// Sizes and settings of a simulated cluster. Timeouts are shorter than in production, in the same proportions, so that
/// little time has to be simulated.
struct ClusterPlan: Sendable {
    var machines = 3
    var nimbuses = 2
    var portsPerMachine = 2
    var sessionTimeoutMilliseconds: Int64 = 6000

    var ports: [Int] { (0..<portsPerMachine).map { 6700 + $0 } }

    func nimbus(host: String, directory: String) -> Nimbus.Configuration {
        var configuration = Nimbus.Configuration(
            host: host, directory: directory, stormVersion: "sim", pid: 1, user: "sim")
        configuration.repairInterval = .seconds(5)
        configuration.codeSyncInterval = .seconds(10)
        configuration.startTimeout = .seconds(60)
        configuration.reconciler.liveness.supervisorGraceMilliseconds = 2000
        configuration.reconciler.liveness.workerTimeoutMilliseconds = 10_000
        configuration.reconciler.liveness.launchTimeoutMilliseconds = 20_000
        configuration.reconciler.blobDelayMilliseconds = 10_000
        configuration.uploads.idleMilliseconds = 20_000
        configuration.uploads.finishedMilliseconds = 20_000
        // Longer than any pause of a process.
        configuration.unreferencedBlobMilliseconds = 40_000
        return configuration
    }

    func supervisor(host: String, disk: String) -> SupervisorConfiguration {
        var configuration = SupervisorConfiguration(
            paths: SupervisorPaths(local: "\(disk)/local", logs: "\(disk)/logs"), host: host, stormVersion: "sim",
            zookeeper: WorkerManifest.ZooKeeper(servers: ["store:2181"]))
        configuration.ports = ports
        configuration.repairInterval = .seconds(5)
        configuration.restart.delayMax = .seconds(4)
        configuration.restart.stableAfter = .seconds(20)
        return configuration
    }

    /// Of random size.
    static func random(_ world: World) -> ClusterPlan {
        var plan = ClusterPlan()
        plan.machines = world.random(1..<5)
        plan.nimbuses = min(plan.machines, world.random(1..<4))
        plan.portsPerMachine = plan.machines == 1 ? 4 : world.random(2..<4)
        return plan
    }
}
