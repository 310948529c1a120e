// Typed names of the rows that have a meaning here. A name is the key's, its parts joined in lower camel case.

extension ConfigKey where Value == Int {
    public static var topologyAsyncBoltMaxInFlight: Self { .known("topology.async.bolt.max.in.flight") }
    public static var stormZookeeperPort: Self { .known("storm.zookeeper.port") }
    public static var stormZookeeperSessionTimeout: Self { .known("storm.zookeeper.session.timeout") }
    public static var stormZookeeperConnectionTimeout: Self { .known("storm.zookeeper.connection.timeout") }
    public static var nimbusThriftPort: Self { .known("nimbus.thrift.port") }
    public static var nimbusHttpPort: Self { .known("nimbus.http.port") }
    public static var supervisorHttpPort: Self { .known("supervisor.http.port") }
    public static var nimbusThriftMaxBufferSize: Self { .known("nimbus.thrift.max_buffer_size") }
    public static var nimbusMonitorFreqSecs: Self { .known("nimbus.monitor.freq.secs") }
    public static var nimbusTaskTimeoutSecs: Self { .known("nimbus.task.timeout.secs") }
    public static var nimbusTaskLaunchSecs: Self { .known("nimbus.task.launch.secs") }
    public static var nimbusSupervisorTimeoutSecs: Self { .known("nimbus.supervisor.timeout.secs") }
    public static var nimbusInboxJarExpirationSecs: Self { .known("nimbus.inbox.jar.expiration.secs") }
    public static var nimbusBlobstoreExpirationSecs: Self { .known("nimbus.blobstore.expiration.secs") }
    public static var nimbusCodeSyncFreqSecs: Self { .known("nimbus.code.sync.freq.secs") }
    public static var nimbusTopologyBlobstoreDeletionDelayMs: Self {
        .known("nimbus.topology.blobstore.deletion.delay.ms")
    }
    public static var stormThriftSocketTimeoutMs: Self { .known("storm.thrift.socket.timeout.ms") }
    public static var supervisorDrainTimeoutSecs: Self { .known("supervisor.drain.timeout.secs") }
    public static var supervisorMonitorFrequencySecs: Self { .known("supervisor.monitor.frequency.secs") }
    public static var supervisorWorkerStartTimeoutSecs: Self { .known("supervisor.worker.start.timeout.secs") }
    public static var supervisorWorkerTimeoutSecs: Self { .known("supervisor.worker.timeout.secs") }
    public static var workerMaxTimeoutSecs: Self { .known("worker.max.timeout.secs") }
    public static var supervisorWorkerShutdownSleepSecs: Self { .known("supervisor.worker.shutdown.sleep.secs") }
    public static var supervisorBlobstoreDownloadMaxRetries: Self {
        .known("supervisor.blobstore.download.max_retries")
    }
    public static var supervisorArchiveEntriesMax: Self { .known("supervisor.archive.entries.max") }
    public static var supervisorArchiveSizeMaxMb: Self { .known("supervisor.archive.size.max.mb") }
    public static var supervisorPythonEnvironmentTimeoutSecs: Self {
        .known("supervisor.python.environment.timeout.secs")
    }
    public static var workerHeartbeatFrequencySecs: Self { .known("worker.heartbeat.frequency.secs") }
    public static var executorMetricsFrequencySecs: Self { .known("executor.metrics.frequency.secs") }
    public static var workerLogLevelResetPollSecs: Self { .known("worker.log.level.reset.poll.secs") }
    public static var topologyWorkers: Self { .known("topology.workers") }
    public static var topologyMessageTimeoutSecs: Self { .known("topology.message.timeout.secs") }
    public static var topologyErrorThrottleIntervalSecs: Self { .known("topology.error.throttle.interval.secs") }
    public static var topologyMaxErrorReportPerInterval: Self { .known("topology.max.error.report.per.interval") }
    public static var topologyShellboltMaxPending: Self { .known("topology.shellbolt.max.pending") }
    public static var uiPort: Self { .known("ui.port") }
    public static var logviewerPort: Self { .known("logviewer.port") }
    public static var logviewerCleanupAgeMins: Self { .known("logviewer.cleanup.age.mins") }
    public static var stormLogFileSizeMaxMb: Self { .known("storm.log.file.size.max.mb") }
    public static var stormLogFilesMax: Self { .known("storm.log.files.max") }
    public static var stormShutdownGraceSecs: Self { .known("storm.shutdown.grace.secs") }
    public static var stormDevSupervisors: Self { .known("storm.dev.supervisors") }
    public static var stormDevSlots: Self { .known("storm.dev.slots") }
    public static var stormDevJavaHeapMb: Self { .known("storm.dev.java.heap.mb") }
}

extension ConfigKey where Value == Int? {
    public static var topologyDrainTimeoutSecs: Self { .known("topology.drain.timeout.secs") }
    public static var nimbusSlotsPerTopology: Self { .known("nimbus.slots.perTopology") }
    public static var nimbusExecutorsPerTopology: Self { .known("nimbus.executors.perTopology") }
    public static var topologyTasks: Self { .known("topology.tasks") }
    public static var topologyMaxTaskParallelism: Self { .known("topology.max.task.parallelism") }
    public static var topologyAckerExecutors: Self { .known("topology.acker.executors") }
    public static var topologyMaxSpoutPending: Self { .known("topology.max.spout.pending") }
    public static var topologyTickTupleFreqSecs: Self { .known("topology.tick.tuple.freq.secs") }
    public static var topologyWorkerTimeoutSecs: Self { .known("topology.worker.timeout.secs") }
    public static var topologySubprocessTimeoutSecs: Self { .known("topology.subprocess.timeout.secs") }
    public static var logviewerCleanupIntervalSecs: Self { .known("logviewer.cleanup.interval.secs") }
    public static var topologyExecutorLoops: Self { .known("topology.executor.loops") }
}

extension ConfigKey where Value == Double {
    public static var stormHealthCheckTimeoutMs: Self { .known("storm.health.check.timeout.ms") }
    public static var stormNimbusRetryTimes: Self { .known("storm.nimbus.retry.times") }
    public static var stormNimbusRetryIntervalMillis: Self { .known("storm.nimbus.retry.interval.millis") }
    public static var supervisorMemoryCapacityMb: Self { .known("supervisor.memory.capacity.mb") }
    public static var supervisorCpuCapacity: Self { .known("supervisor.cpu.capacity") }
    public static var topologyMinReplicationCount: Self { .known("topology.min.replication.count") }
    public static var topologyMaxReplicationWaitTimeSec: Self { .known("topology.max.replication.wait.time.sec") }
    public static var logviewerMaxSumWorkerLogsSizeMb: Self { .known("logviewer.max.sum.worker.logs.size.mb") }
    public static var logviewerMaxPerWorkerLogsSizeMb: Self { .known("logviewer.max.per.worker.logs.size.mb") }
}
