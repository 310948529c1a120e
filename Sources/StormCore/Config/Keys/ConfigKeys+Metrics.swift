extension ConfigKeys {
    static let metrics: [ConfigKeyInfo] = [
        .init("topology.metrics.reporters", .mapList, nil, "where a topology's metrics are reported to"),
        .without("storm.topology.metrics.system.reporters", .mapList, ownMetrics),
        .without("storm.metrics.reporters", .mapList, ownMetrics),
        .init("topology.metrics.consumer.register", .mapList, nil, "components that receive a topology's metrics"),
        .int(
            "topology.builtin.metrics.bucket.size.secs", 60, must: .atLeast(1), unit: .seconds,
            "time between two reports of the built-in metrics"
        ),
        .without("topology.enable.v2.metrics.tick", .bool, ownMetrics),
        .without("topology.v2.metrics.tick.interval.seconds", .int, ownMetrics),
        .without("topology.serialized.message.size.metrics", .bool, false, ownMetrics),
        .without("topology.enable.send.iconnection.metrics", .bool, ownMetrics),
        .without("topology.worker.metrics", .map, noIsolation),
        .without(
            "storm.daemon.metrics.reporter.plugins", .stringList,
            ["o.a.s.daemon.metrics.reporters.JmxPreparableReporter"], ownMetrics
        ),
        .int(
            "storm.daemon.metrics.reporter.interval.secs", 10, must: .atLeast(1), unit: .seconds,
            "time between two reports of a daemon's metrics"
        ),
        .without("storm.cluster.metrics.consumer.register", .mapList, ownMetrics),
        .without("storm.cluster.metrics.consumer.publish.interval.secs", .number, 60, ownMetrics),
        .without("storm.metricstore.class", .string, "org.apache.storm.metricstore.rocksdb.RocksDbStore", ownMetrics),
        .without(
            "storm.metricprocessor.class", .string,
            "org.apache.storm.metricstore.NimbusMetricProcessor", ownMetrics
        ),
        .without("storm.metricstore.rocksdb.location", .string, "storm_rocks", ownMetrics),
        .without("storm.metricstore.rocksdb.retention_hours", .int, 240, ownMetrics),
        .int("topology.eventlogger.executors", 0, must: .atLeast(0), "event loggers; 0: none, unset: one per worker"),
        .without("topology.event.logger.register", .mapList, ownMetrics),
        .int(
            "topology.eventlogger.rotation.size.mb", nil, must: .atLeast(1), unit: .megabytes,
            "size at which an event log is rotated; unset: 100"
        ),
        .int(
            "topology.eventlogger.max.retained.files", nil, must: .atLeast(0),
            "rotated event logs that are kept; unset: 5"
        ),
        .without("topology.logging.config", .string, ownLogging),
        .without("topology.logging.sensitivity", .string, ownLogging),
    ]
}
