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
        .int(
            "task.refresh.poll.secs", 10, must: .atLeast(1), unit: .seconds,
            "how often a worker reads its assignment again, besides watching it"
        ),
        .int(
            "task.credentials.poll.secs", 30, must: .atLeast(1), unit: .seconds,
            "how often a worker reads its credentials again, besides watching them"
        ),
        .int(
            "worker.log.level.reset.poll.secs", 30, must: .atLeast(1), unit: .seconds,
            "temporary log levels end at their time; how often they are looked at besides, should the clock be set"
        ),
        .int(
            "worker.blob.update.poll.interval.secs", nil, must: .atLeast(1), unit: .seconds,
            "how often a worker looks for newer versions of its files; unset: 10"
        ),
        .without("worker.profiler.enabled", .bool, false, noJVM),
        .without("worker.profiler.command", .string, "flight.bash", noJVM),
        .without(
            "worker.profiler.childopts", .stringOrList,
            "-XX:+UnlockCommercialFeatures -XX:+FlightRecorder", noJVM
        ),
        .without("worker.metrics", .map, noIsolation),
        .int("num.stat.buckets", 20, must: .atLeast(1), "parts into which each window of the statistics is divided"),
    ]
}
