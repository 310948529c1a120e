import FoundationEssentials
import Glibc
import StormArchive
import StormConsole
import StormCore
import StormDaemon
import StormManifest
import StormSupervisor

extension SupervisorConfiguration {
    /// What a supervisor on this machine is told by its configuration.
    /// - Parameter stopsWorkers: stop all workers at the end instead of leaving them to the next supervisor.
    init(_ config: Config, stopsWorkers: Bool, program: String) {
        let zookeeper = WorkerManifest.ZooKeeper(
            servers: config.zookeeperAddresses, root: config[.stormZookeeperRoot],
            sessionTimeoutMilliseconds: config[.stormZookeeperSessionTimeout],
            connectionTimeoutMilliseconds: config[.stormZookeeperConnectionTimeout])
        let paths = SupervisorPaths(
            local: LocalPath.absolute(config[.stormLocalDir]), logs: LocalPath.absolute(LogSetup.folder(config)))
        self.init(
            paths: paths, host: config[.stormLocalHostname] ?? LocalHost.name,
            stormVersion: StormVersion.current.version, zookeeper: zookeeper)
        ports = config[.supervisorSlotsPorts]
        conf = config.explicit
        stormProgram = program
        restart.stopGrace = config.duration(.supervisorWorkerShutdownSleepSecs)
        let silenceMax = config.duration(.supervisorWorkerTimeoutSecs)
        beatLimits = BeatWatch.Limits(first: config.duration(.supervisorWorkerStartTimeoutSecs), later: silenceMax)
        // Ten looks within the limit, so that a worker is killed soon after it.
        beatLookInterval = min(config.duration(.supervisorMonitorFrequencySecs), silenceMax / 10)
        silenceMaxSeconds = config[.workerMaxTimeoutSecs]
        downloadAttemptsMax = config[.supervisorBlobstoreDownloadMaxRetries] + 1
        unpacking = UnpackPlan.Limits(
            entriesMax: config[.supervisorArchiveEntriesMax],
            bytesMax: Int64(config[.supervisorArchiveSizeMaxMb]) << 20)
        environmentLimit = config.duration(.supervisorPythonEnvironmentTimeoutSecs)
        resources = [
            "memory.mb": config[.supervisorMemoryCapacityMb],
            "cpu.pcore.percent": config[.supervisorCpuCapacity],
        ]
        isEnabled = config[.supervisorEnable]
        stopsWorkersAtEnd = stopsWorkers
        drainLimit = config[.supervisorDrainOnSigterm] ? config.duration(.supervisorDrainTimeoutSecs) : nil
    }
}

/// Folders of the configuration count from where the daemon was started.
enum LocalPath {
    static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
    }
}

/// This machine.
enum LocalHost {
    /// The name that the system knows for this machine; `localhost` when it has none.
    static var name: String {
        var bytes = [CChar](repeating: 0, count: 256)
        guard gethostname(&bytes, bytes.count - 1) == 0 else { return "localhost" }
        let name = String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return name.isEmpty ? "localhost" : name
    }
}
