extension ConfigKeys {
    static let worker: [ConfigKeyInfo] = [
        .without("worker.childopts", .stringOrList, noJVM),
        .without("worker.gc.childopts", .stringOrList, "", noJVM),
        .without("worker.heap.memory.mb", .int, 768, noJVM),
        .int(
            "worker.heartbeat.frequency.secs", 1, must: .atLeast(1), unit: .seconds,
            "how often a worker shows its supervisor that it lives"
        ),
        .int(
            "executor.metrics.frequency.secs", 60, must: .atLeast(1), unit: .seconds,
            "how often statistics are written to ZooKeeper"
        ),
        .without("task.heartbeat.frequency.secs", .int, 3, noPacemaker),
        .without("task.refresh.poll.secs", .int, 10, watched),
        .without("task.credentials.poll.secs", .int, 30, watched),
        .int(
            "worker.log.level.reset.poll.secs", 30, must: .atLeast(1), unit: .seconds,
            "temporary log levels end at their time; how often they are looked at besides, should the clock be set"
        ),
        .without("worker.blob.update.poll.interval.secs", .int, ownFiles),
        .without("worker.profiler.enabled", .bool, false, noJVM),
        .without("worker.profiler.command", .string, "flight.bash", noJVM),
        .without(
            "worker.profiler.childopts", .stringOrList,
            "-XX:+UnlockCommercialFeatures -XX:+FlightRecorder", noJVM
        ),
        .without("worker.metrics", .map, noIsolation),
        .without("num.stat.buckets", .int, 20, ownMetrics),
    ]
}
