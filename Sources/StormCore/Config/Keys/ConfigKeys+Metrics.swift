extension ConfigKeys {
    static let metrics: [ConfigKeyInfo] = [
        .without("topology.metrics.reporters", .mapList, ownMetrics),
        .without("storm.topology.metrics.system.reporters", .mapList, ownMetrics),
        .without("storm.metrics.reporters", .mapList, ownMetrics),
        .without("topology.metrics.consumer.register", .mapList, ownMetrics),
        .without("topology.builtin.metrics.bucket.size.secs", .int, 60, ownMetrics),
        .without("topology.enable.v2.metrics.tick", .bool, ownMetrics),
        .without("topology.v2.metrics.tick.interval.seconds", .int, ownMetrics),
        .without("topology.serialized.message.size.metrics", .bool, false, ownMetrics),
        .without("topology.enable.send.iconnection.metrics", .bool, ownMetrics),
        .without("topology.worker.metrics", .map, noIsolation),
        .without(
            "storm.daemon.metrics.reporter.plugins", .stringList,
            ["o.a.s.daemon.metrics.reporters.JmxPreparableReporter"], ownMetrics
        ),
        .without("storm.daemon.metrics.reporter.interval.secs", .int, 10, ownMetrics),
        .without("storm.cluster.metrics.consumer.register", .mapList, ownMetrics),
        .without("storm.cluster.metrics.consumer.publish.interval.secs", .number, 60, ownMetrics),
        .without("storm.metricstore.class", .string, "org.apache.storm.metricstore.rocksdb.RocksDbStore", ownMetrics),
        .without(
            "storm.metricprocessor.class", .string,
            "org.apache.storm.metricstore.NimbusMetricProcessor", ownMetrics
        ),
        .without("storm.metricstore.rocksdb.location", .string, "storm_rocks", ownMetrics),
        .without("storm.metricstore.rocksdb.retention_hours", .int, 240, ownMetrics),
        .without("topology.eventlogger.executors", .int, 0, noEventLog),
        .without("topology.event.logger.register", .mapList, ownMetrics),
        .without("topology.eventlogger.rotation.size.mb", .int, noEventLog),
        .without("topology.eventlogger.max.retained.files", .int, noEventLog),
        .without("topology.logging.config", .string, ownLogging),
        .without("topology.logging.sensitivity", .string, ownLogging),
    ]
}
