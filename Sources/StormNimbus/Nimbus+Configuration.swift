package import StormCore

extension Nimbus {
    /// Everything a nimbus wants to know.
    package struct Configuration: Sendable {
        /// Under which other machines reach this one.
        package var host: String
        package var bindHost = "0.0.0.0"
        /// 0: any free port.
        package var port = 6627
        /// Where its pages are; nil: it has none.
        package var httpPort: Int?
        /// For blobs and uploads; nobody else writes there.
        package var directory: String
        package var stormVersion: String
        package var pid: Int
        /// The operating system user, the owner of topologies whose submitter is not named.
        package var user: String
        /// The cluster's configuration: what `getNimbusConf` answers (secrets masked), and defaults for topologies.
        package var cluster: [String: ConfigValue] = [:]
        package var frameBytesMax = 1_048_576
        package var connectionsMax = 1024
        /// The slow round that repairs what an event missed.
        package var repairInterval = Duration.seconds(10)
        /// The shortest time from one round to the next: gathers events that come together.
        package var roundGap = Duration.milliseconds(50)
        package var codeSyncInterval = Duration.seconds(120)
        /// How long to try to reach the coordination store at the start.
        package var startTimeout = Duration.seconds(60)
        package var reconciler = Reconciler.Configuration()
        package var uploads = Uploads.Limits()
        /// How long a content stays on this disk that no key refers to. A submit stores contents before it refers to them; it
        /// takes seconds at most.
        package var unreferencedBlobMilliseconds: Int64 = 600_000
        package var downloadsMax = 256
        package var downloadChunkBytes = 262_144
        package var slotsPerTopologyMax: Int?
        package var executorsPerTopologyMax: Int?

        package init(host: String, directory: String, stormVersion: String, pid: Int, user: String) {
            self.host = host
            self.directory = directory
            self.stormVersion = stormVersion
            self.pid = pid
            self.user = user
        }

        /// From the cluster's configuration. `nimbus.supervisor.timeout.secs` counts only where somebody sets it: Storm's
        /// default of 60 s is measured from a heartbeat, ours begins when the session has timed out already.
        package init(
            _ config: Config, host: String, directory: String, stormVersion: String, pid: Int, user: String
        ) {
            self.init(host: host, directory: directory, stormVersion: stormVersion, pid: pid, user: user)
            port = config[.nimbusThriftPort]
            cluster = config.effective
            frameBytesMax = config[.nimbusThriftMaxBufferSize]
            repairInterval = config.duration(.nimbusMonitorFreqSecs)
            codeSyncInterval = config.duration(.nimbusCodeSyncFreqSecs)
            reconciler.liveness.workerTimeoutMilliseconds = Int64(config[.nimbusTaskTimeoutSecs]) * 1000
            reconciler.liveness.launchTimeoutMilliseconds = Int64(config[.nimbusTaskLaunchSecs]) * 1000
            // Whoever was without the store as well has a new session after a session's time and a few attempts.
            reconciler.liveness.settleMilliseconds = Int64(config[.stormZookeeperSessionTimeout]) + 5_000
            if config.isSet("nimbus.supervisor.timeout.secs") {
                reconciler.liveness.supervisorGraceMilliseconds = Int64(config[.nimbusSupervisorTimeoutSecs]) * 1000
            }
            reconciler.blobDelayMilliseconds = Int64(config[.nimbusTopologyBlobstoreDeletionDelayMs])
            uploads.idleMilliseconds = Int64(config[.nimbusBlobstoreExpirationSecs]) * 1000
            uploads.finishedMilliseconds = Int64(config[.nimbusInboxJarExpirationSecs]) * 1000
            slotsPerTopologyMax = config[.nimbusSlotsPerTopology]
            executorsPerTopologyMax = config[.nimbusExecutorsPerTopology]
            // A chunk must fit a frame with room for the reply around it.
            downloadChunkBytes = max(1024, min(downloadChunkBytes, frameBytesMax - 1024))
        }
    }
}
