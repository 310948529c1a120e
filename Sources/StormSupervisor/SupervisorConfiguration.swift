package import StormArchive
package import StormCore
package import StormManifest

/// Everything a supervisor is told; the defaults are Storm's.
package struct SupervisorConfiguration: Sendable {
    package var paths: SupervisorPaths
    /// The name under which other machines reach this one (`storm.local.hostname`).
    package var host: String
    /// `supervisor.slots.ports`
    package var ports: [Int] = [6700, 6701, 6702, 6703]
    /// Where its pages are; nil: it has none.
    package var httpPort: Int?
    package var stormVersion: String
    package var zookeeper: WorkerManifest.ZooKeeper
    /// The cluster's configuration as it is handed to workers, below the topology's own.
    package var conf: [String: ConfigValue] = [:]
    /// The `storm` program: works for topologies whose code is not a program itself (YAML, scripts in an archive).
    package var stormProgram = "/proc/self/exe"
    package var restart = RestartPolicy()
    /// Further attempts included (`supervisor.blobstore.download.max_retries`).
    package var downloadAttemptsMax = 4
    /// Most that an uploaded archive may unpack to (`supervisor.archive.entries.max`, `supervisor.archive.size.max.mb`).
    package var unpacking = UnpackPlan.Limits()
    /// Most time to make a Python environment (`supervisor.python.environment.timeout.secs`).
    package var environmentLimit: Duration = .seconds(600)
    /// How often everything is looked at without any event.
    package var repairInterval: Duration = .seconds(10)
    /// At start, the wait for the store before the last assignments known on disk are used.
    package var storeWait: Duration = .seconds(2)
    /// How long a topology must be missing in the store until its workers stop: see ``RemovalWatch``.
    package var removalSettle: Duration = .seconds(1)
    /// How long a worker may give no sign of life; nil: workers are not watched for it.
    package var beatLimits: BeatWatch.Limits?
    /// How often the signs of life are looked at (`supervisor.monitor.frequency.secs`, or more often).
    package var beatLookInterval: Duration = .seconds(3)
    /// Most that a topology may ask for with `topology.worker.timeout.secs` (`worker.max.timeout.secs`).
    package var silenceMaxSeconds = 600
    /// Between attempts to reach the store; doubles up to ten times as much.
    package var storeRetryDelay: Duration = .milliseconds(500)
    /// `memory.mb`, `cpu.pcore.percent` and others, as schedulers see them.
    package var resources: [String: Double] = [:]
    /// `supervisor.scheduler.meta`
    package var schedulerMeta: [String: String]?
    /// `supervisor.enable`; false starts no worker.
    package var isEnabled = true
    /// Stop all workers when the supervisor is told to stop. By default they go on without it, and its next life finds
    /// them; `true` is for development, where nothing may stay behind.
    package var stopsWorkersAtEnd = false
    /// When told to stop, first have nimbus move the executors of all workers elsewhere, for at most so long
    /// (`supervisor.drain.on.sigterm`, `supervisor.drain.timeout.secs`); nil: do not.
    package var drainLimit: Duration?

    package init(paths: SupervisorPaths, host: String, stormVersion: String, zookeeper: WorkerManifest.ZooKeeper) {
        self.paths = paths
        self.host = host
        self.stormVersion = stormVersion
        self.zookeeper = zookeeper
    }
}
