extension ConfigKeys {
    static let supervisor: [ConfigKeyInfo] = [
        .init(
            "supervisor.slots.ports", .intList, [6700, 6701, 6702, 6703], rule: .distinctPorts,
            "one slot, so at most one worker, for each port"
        ),
        .int(
            "supervisor.http.port", 6630, must: .anyPort,
            "port of a supervisor's pages (/metrics, /livez, /readyz); 0, or in use: any free one (own key)"
        ),
        .without("supervisor.thrift.port", .int, 6628, meetInZooKeeper),
        .without("supervisor.thrift.threads", .int, 16, meetInZooKeeper),
        .without("supervisor.thrift.max_buffer_size", .number, 1_048_576, meetInZooKeeper),
        .without("supervisor.queue.size", .int, 128, meetInZooKeeper),
        .without("supervisor.thrift.socket.timeout.ms", .int, 5000, meetInZooKeeper),
        .without("supervisor.thrift.client.use.tls", .bool, noTLS),
        .without("supervisor.childopts", .stringOrList, "-Xmx256m", noJVM),
        .bool("supervisor.enable", true, "false: start no worker (for tests)"),
        .bool(
            "supervisor.drain.on.sigterm", false,
            "true: a supervisor that is asked to stop has its workers' executors moved elsewhere first; "
                + "false: its workers go on without it (own key)"
        ),
        .int(
            "supervisor.drain.timeout.secs", 40, must: .atLeast(0), unit: .seconds,
            "most time that a supervisor waits for its slots to be emptied (own key)"
        ),
        .without("supervisor.heartbeat.frequency.secs", .int, 5, meetInZooKeeper),
        .int(
            "supervisor.monitor.frequency.secs", 3, must: .atLeast(1), unit: .seconds,
            "how often a supervisor looks at its slots again, besides acting on each change at once"
        ),
        .int(
            "supervisor.worker.start.timeout.secs", 120, must: .atLeast(1), unit: .seconds,
            "how long a worker may take until its first sign of life"
        ),
        .int(
            "supervisor.worker.timeout.secs", 30, must: .atLeast(1), unit: .seconds,
            "a worker silent for so long is killed and started again"
        ),
        .int(
            "worker.max.timeout.secs", 600, must: .atLeast(1), unit: .seconds,
            "most that topology.worker.timeout.secs may ask for"
        ),
        .int(
            "supervisor.worker.shutdown.sleep.secs", 3, must: .atLeast(0), unit: .seconds,
            "time between the request to stop and the kill"
        ),
        .number(
            "supervisor.memory.capacity.mb", 4096.0, must: .positive, unit: .megabytes,
            "memory of this machine that workers may use"
        ),
        .number(
            "supervisor.cpu.capacity", 400.0, must: .positive, unit: .percent,
            "processor capacity of this machine, 100 for each core"
        ),
        .without("supervisor.resources.map", .map, ownScheduler),
        .without("supervisor.scheduler.meta", .map, ownScheduler),
        .without("supervisor.numa.meta", .map, noIsolation),
        .without("supervisor.run.worker.as.user", .bool, false, noIsolation),
        .without("supervisor.worker.launcher", .string, noIsolation),
        .without("supervisor.blobstore.class", .string, "org.apache.storm.blobstore.NimbusBlobStore", noPlugins),
        .without("supervisor.blobstore.download.thread.count", .int, 5, noNeed),
        .int(
            "supervisor.blobstore.download.max_retries", 3, must: .atLeast(0),
            "further attempts after a download that failed"
        ),
        .int(
            "supervisor.archive.entries.max", 100_000, must: .between(1, 1_000_000),
            "most files and folders that are unpacked of a topology's archive (own key)"
        ),
        .int(
            "supervisor.archive.size.max.mb", 4096, must: .between(1, 1_000_000), unit: .megabytes,
            "most that a topology's archive may unpack to (own key)"
        ),
        .int(
            "supervisor.python.environment.timeout.secs", 600, must: .atLeast(1), unit: .seconds,
            "most time that a supervisor takes to make a Python environment (own key)"
        ),
        .without("supervisor.localizer.cache.target.size.mb", .int, 10240, ownFiles),
        .without("supervisor.localizer.cleanup.interval.ms", .int, 30000, ownFiles),
        .without("supervisor.localizer.update.blob.interval.secs", .int, 30, ownFiles),
        .without("supervisor.worker.version.classpath.map", .map, noJVM),
        .without("supervisor.worker.default.version", .string, noNeed),
        .without("storm.resource.isolation.plugin.enable", .bool, false, noIsolation),
        .without(
            "storm.resource.isolation.plugin", .string,
            "org.apache.storm.container.cgroup.CgroupManager", noIsolation
        ),
        .without("storm.cgroup.hierarchy.dir", .string, "/cgroup/storm_resources", noIsolation),
        .without("storm.cgroup.resources", .stringList, ["cpu", "memory"], noIsolation),
        .without("storm.supervisor.memory.limit.tolerance.margin.mb", .number, 128.0, noIsolation),
        .without("storm.supervisor.hard.memory.limit.multiplier", .number, 2.0, noIsolation),
        .without("storm.supervisor.hard.memory.limit.overage.mb", .number, 2024, noIsolation),
        .without("storm.supervisor.low.memory.threshold.mb", .number, 1024, noIsolation),
        .without("storm.supervisor.medium.memory.threshold.mb", .number, 1536, noIsolation),
        .without("storm.supervisor.medium.memory.grace.period.ms", .number, 30000, noIsolation),
    ]
}
