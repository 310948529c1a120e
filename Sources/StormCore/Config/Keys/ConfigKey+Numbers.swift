// Typed names of the rows that have a meaning here. A name is the key's, its parts joined in lower camel case.

extension ConfigKey where Value == Int {
    public static var stormBlobstoreInputstreamBufferSizeBytes: Self {
        .known("storm.blobstore.inputstream.buffer.size.bytes")
    }
    public static var topologyAsyncBoltMaxInFlight: Self { .known("topology.async.bolt.max.in.flight") }
    public static var stormZookeeperPort: Self { .known("storm.zookeeper.port") }
    public static var stormZookeeperSessionTimeout: Self { .known("storm.zookeeper.session.timeout") }
    public static var stormZookeeperConnectionTimeout: Self { .known("storm.zookeeper.connection.timeout") }
    public static var stormZookeeperRetryTimes: Self { .known("storm.zookeeper.retry.times") }
    public static var stormZookeeperRetryInterval: Self { .known("storm.zookeeper.retry.interval") }
    public static var stormZookeeperRetryIntervalceilingMillis: Self {
        .known("storm.zookeeper.retry.intervalceiling.millis")
    }
    public static var nimbusThriftPort: Self { .known("nimbus.thrift.port") }
    public static var nimbusHttpPort: Self { .known("nimbus.http.port") }
    public static var supervisorHttpPort: Self { .known("supervisor.http.port") }
    public static var nimbusThriftThreads: Self { .known("nimbus.thrift.threads") }
    public static var nimbusThriftMaxBufferSize: Self { .known("nimbus.thrift.max_buffer_size") }
    public static var nimbusQueueSize: Self { .known("nimbus.queue.size") }
    public static var nimbusMonitorFreqSecs: Self { .known("nimbus.monitor.freq.secs") }
    public static var nimbusTaskTimeoutSecs: Self { .known("nimbus.task.timeout.secs") }
    public static var nimbusTaskLaunchSecs: Self { .known("nimbus.task.launch.secs") }
    public static var nimbusSupervisorTimeoutSecs: Self { .known("nimbus.supervisor.timeout.secs") }
    public static var nimbusCleanupInboxFreqSecs: Self { .known("nimbus.cleanup.inbox.freq.secs") }
    public static var nimbusInboxJarExpirationSecs: Self { .known("nimbus.inbox.jar.expiration.secs") }
    public static var nimbusFileCopyExpirationSecs: Self { .known("nimbus.file.copy.expiration.secs") }
    public static var nimbusBlobstoreExpirationSecs: Self { .known("nimbus.blobstore.expiration.secs") }
    public static var nimbusCodeSyncFreqSecs: Self { .known("nimbus.code.sync.freq.secs") }
    public static var nimbusTopologyBlobstoreDeletionDelayMs: Self {
        .known("nimbus.topology.blobstore.deletion.delay.ms")
    }
    public static var supervisorWorkerHeartbeatsMaxTimeoutSecs: Self {
        .known("supervisor.worker.heartbeats.max.timeout.secs")
    }
    public static var stormThriftSocketTimeoutMs: Self { .known("storm.thrift.socket.timeout.ms") }
    public static var nimbusThriftTlsPort: Self { .known("nimbus.thrift.tls.port") }
    public static var supervisorThriftPort: Self { .known("supervisor.thrift.port") }
    public static var supervisorDrainTimeoutSecs: Self { .known("supervisor.drain.timeout.secs") }
    public static var supervisorHeartbeatFrequencySecs: Self { .known("supervisor.heartbeat.frequency.secs") }
    public static var supervisorMonitorFrequencySecs: Self { .known("supervisor.monitor.frequency.secs") }
    public static var supervisorWorkerStartTimeoutSecs: Self { .known("supervisor.worker.start.timeout.secs") }
    public static var supervisorWorkerTimeoutSecs: Self { .known("supervisor.worker.timeout.secs") }
    public static var workerMaxTimeoutSecs: Self { .known("worker.max.timeout.secs") }
    public static var supervisorWorkerShutdownSleepSecs: Self { .known("supervisor.worker.shutdown.sleep.secs") }
    public static var supervisorBlobstoreDownloadThreadCount: Self {
        .known("supervisor.blobstore.download.thread.count")
    }
    public static var supervisorBlobstoreDownloadMaxRetries: Self {
        .known("supervisor.blobstore.download.max_retries")
    }
    public static var supervisorArchiveEntriesMax: Self { .known("supervisor.archive.entries.max") }
    public static var supervisorArchiveSizeMaxMb: Self { .known("supervisor.archive.size.max.mb") }
    public static var supervisorPythonEnvironmentTimeoutSecs: Self {
        .known("supervisor.python.environment.timeout.secs")
    }
    public static var supervisorLocalizerCacheTargetSizeMb: Self { .known("supervisor.localizer.cache.target.size.mb") }
    public static var supervisorLocalizerCleanupIntervalMs: Self { .known("supervisor.localizer.cleanup.interval.ms") }
    public static var supervisorLocalizerUpdateBlobIntervalSecs: Self {
        .known("supervisor.localizer.update.blob.interval.secs")
    }
    public static var workerHeartbeatFrequencySecs: Self { .known("worker.heartbeat.frequency.secs") }
    public static var executorMetricsFrequencySecs: Self { .known("executor.metrics.frequency.secs") }
    public static var taskRefreshPollSecs: Self { .known("task.refresh.poll.secs") }
    public static var taskCredentialsPollSecs: Self { .known("task.credentials.poll.secs") }
    public static var workerLogLevelResetPollSecs: Self { .known("worker.log.level.reset.poll.secs") }
    public static var numStatBuckets: Self { .known("num.stat.buckets") }
    public static var topologyWorkers: Self { .known("topology.workers") }
    public static var topologyMessageTimeoutSecs: Self { .known("topology.message.timeout.secs") }
    public static var topologyErrorThrottleIntervalSecs: Self { .known("topology.error.throttle.interval.secs") }
    public static var topologyMaxErrorReportPerInterval: Self { .known("topology.max.error.report.per.interval") }
    public static var topologyShellboltMaxPending: Self { .known("topology.shellbolt.max.pending") }
    public static var topologyTridentBatchEmitIntervalMillis: Self {
        .known("topology.trident.batch.emit.interval.millis")
    }
    public static var topologyStateCheckpointIntervalMs: Self { .known("topology.state.checkpoint.interval.ms") }
    public static var topologyExecutorReceiveBufferSize: Self { .known("topology.executor.receive.buffer.size") }
    public static var topologyTransferBufferSize: Self { .known("topology.transfer.buffer.size") }
    public static var topologyTransferBatchSize: Self { .known("topology.transfer.batch.size") }
    public static var topologyProducerBatchSize: Self { .known("topology.producer.batch.size") }
    public static var topologyBatchFlushIntervalMillis: Self { .known("topology.batch.flush.interval.millis") }
    public static var topologyExecutorOverflowLimit: Self { .known("topology.executor.overflow.limit") }
    public static var topologyBackpressureCheckMillis: Self { .known("topology.backpressure.check.millis") }
    public static var stormMessagingNettyBufferSize: Self { .known("storm.messaging.netty.buffer_size") }
    public static var stormMessagingNettyBufferHighWatermark: Self {
        .known("storm.messaging.netty.buffer.high.watermark")
    }
    public static var stormMessagingNettyBufferLowWatermark: Self {
        .known("storm.messaging.netty.buffer.low.watermark")
    }
    public static var stormMessagingNettyServerWorkerThreads: Self {
        .known("storm.messaging.netty.server_worker_threads")
    }
    public static var stormMessagingNettyClientWorkerThreads: Self {
        .known("storm.messaging.netty.client_worker_threads")
    }
    public static var stormMessagingNettyMinWaitMs: Self { .known("storm.messaging.netty.min_wait_ms") }
    public static var stormMessagingNettyMaxWaitMs: Self { .known("storm.messaging.netty.max_wait_ms") }
    public static var stormMessagingNettyTransferBatchSize: Self { .known("storm.messaging.netty.transfer.batch.size") }
    public static var stormMessagingNettySocketBacklog: Self { .known("storm.messaging.netty.socket.backlog") }
    public static var nimbusEvenRebalanceMaxFreePerTopology: Self {
        .known("nimbus.even.rebalance.max.free.per.topology")
    }
    public static var nimbusEvenRebalanceIdleSupervisorMinStableRounds: Self {
        .known("nimbus.even.rebalance.idle.supervisor.min.stable.rounds")
    }
    public static var topologyPriority: Self { .known("topology.priority") }
    public static var uiPort: Self { .known("ui.port") }
    public static var uiPagination: Self { .known("ui.pagination") }
    public static var uiHeaderBufferBytes: Self { .known("ui.header.buffer.bytes") }
    public static var logviewerPort: Self { .known("logviewer.port") }
    public static var logviewerCleanupAgeMins: Self { .known("logviewer.cleanup.age.mins") }
    public static var drpcPort: Self { .known("drpc.port") }
    public static var drpcInvocationsPort: Self { .known("drpc.invocations.port") }
    public static var drpcHttpPort: Self { .known("drpc.http.port") }
    public static var drpcHttpsPort: Self { .known("drpc.https.port") }
    public static var drpcWorkerThreads: Self { .known("drpc.worker.threads") }
    public static var drpcInvocationsThreads: Self { .known("drpc.invocations.threads") }
    public static var drpcQueueSize: Self { .known("drpc.queue.size") }
    public static var drpcRequestTimeoutSecs: Self { .known("drpc.request.timeout.secs") }
    public static var topologyBuiltinMetricsBucketSizeSecs: Self { .known("topology.builtin.metrics.bucket.size.secs") }
    public static var stormDaemonMetricsReporterIntervalSecs: Self {
        .known("storm.daemon.metrics.reporter.interval.secs")
    }
    public static var topologyEventloggerExecutors: Self { .known("topology.eventlogger.executors") }
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
    public static var workerBlobUpdatePollIntervalSecs: Self { .known("worker.blob.update.poll.interval.secs") }
    public static var topologyTasks: Self { .known("topology.tasks") }
    public static var topologyMaxTaskParallelism: Self { .known("topology.max.task.parallelism") }
    public static var topologyAckerExecutors: Self { .known("topology.acker.executors") }
    public static var topologyMaxSpoutPending: Self { .known("topology.max.spout.pending") }
    public static var topologyTickTupleFreqSecs: Self { .known("topology.tick.tuple.freq.secs") }
    public static var topologyWorkerTimeoutSecs: Self { .known("topology.worker.timeout.secs") }
    public static var topologySubprocessTimeoutSecs: Self { .known("topology.subprocess.timeout.secs") }
    public static var topologyBoltsWindowLengthCount: Self { .known("topology.bolts.window.length.count") }
    public static var topologyBoltsWindowLengthDurationMs: Self { .known("topology.bolts.window.length.duration.ms") }
    public static var topologyBoltsWindowSlidingIntervalCount: Self {
        .known("topology.bolts.window.sliding.interval.count")
    }
    public static var topologyBoltsWindowSlidingIntervalDurationMs: Self {
        .known("topology.bolts.window.sliding.interval.duration.ms")
    }
    public static var topologyBoltsTupleTimestampMaxLagMs: Self { .known("topology.bolts.tuple.timestamp.max.lag.ms") }
    public static var topologyBoltsWatermarkEventIntervalMs: Self {
        .known("topology.bolts.watermark.event.interval.ms")
    }
    public static var schedulingTimeoutSecondsPerTopology: Self { .known("scheduling.timeout.seconds.per.topology") }
    public static var topologyIsolateMachines: Self { .known("topology.isolate.machines") }
    public static var logviewerCleanupIntervalSecs: Self { .known("logviewer.cleanup.interval.secs") }
    public static var topologyEventloggerRotationSizeMb: Self { .known("topology.eventlogger.rotation.size.mb") }
    public static var topologyEventloggerMaxRetainedFiles: Self { .known("topology.eventlogger.max.retained.files") }
    public static var topologyExecutorLoops: Self { .known("topology.executor.loops") }
}

extension ConfigKey where Value == Double {
    public static var stormHealthCheckTimeoutMs: Self { .known("storm.health.check.timeout.ms") }
    public static var stormNimbusRetryTimes: Self { .known("storm.nimbus.retry.times") }
    public static var stormNimbusRetryIntervalMillis: Self { .known("storm.nimbus.retry.interval.millis") }
    public static var stormNimbusRetryIntervalceilingMillis: Self {
        .known("storm.nimbus.retry.intervalceiling.millis")
    }
    public static var supervisorMemoryCapacityMb: Self { .known("supervisor.memory.capacity.mb") }
    public static var supervisorCpuCapacity: Self { .known("supervisor.cpu.capacity") }
    public static var topologyStatsSampleRate: Self { .known("topology.stats.sample.rate") }
    public static var topologyMinReplicationCount: Self { .known("topology.min.replication.count") }
    public static var topologyMaxReplicationWaitTimeSec: Self { .known("topology.max.replication.wait.time.sec") }
    public static var topologyLocalityawareHigherBound: Self { .known("topology.localityaware.higher.bound") }
    public static var topologyLocalityawareLowerBound: Self { .known("topology.localityaware.lower.bound") }
    public static var blacklistSchedulerToleranceTimeSecs: Self { .known("blacklist.scheduler.tolerance.time.secs") }
    public static var blacklistSchedulerToleranceCount: Self { .known("blacklist.scheduler.tolerance.count") }
    public static var blacklistSchedulerResumeTimeSecs: Self { .known("blacklist.scheduler.resume.time.secs") }
    public static var topologyComponentResourcesOnheapMemoryMb: Self {
        .known("topology.component.resources.onheap.memory.mb")
    }
    public static var topologyComponentResourcesOffheapMemoryMb: Self {
        .known("topology.component.resources.offheap.memory.mb")
    }
    public static var topologyComponentCpuPcorePercent: Self { .known("topology.component.cpu.pcore.percent") }
    public static var topologyWorkerMaxHeapSizeMb: Self { .known("topology.worker.max.heap.size.mb") }
    public static var logviewerMaxSumWorkerLogsSizeMb: Self { .known("logviewer.max.sum.worker.logs.size.mb") }
    public static var logviewerMaxPerWorkerLogsSizeMb: Self { .known("logviewer.max.per.worker.logs.size.mb") }
    public static var drpcMaxBufferSize: Self { .known("drpc.max_buffer_size") }
}

extension ConfigKey where Value == Double? {
    public static var topologyAckerResourcesOnheapMemoryMb: Self { .known("topology.acker.resources.onheap.memory.mb") }
    public static var topologyAckerCpuPcorePercent: Self { .known("topology.acker.cpu.pcore.percent") }
}
