extension ConfigKeys {
    static let cluster: [ConfigKeyInfo] = [
        .without("storm.cluster.mode", .string, "distributed", byCommand),
        .string(
            "storm.local.dir", "storm-local", must: .nonEmpty,
            "folder for what a daemon keeps on this machine; relative to the folder the daemon was started in"
        ),
        .string(
            "storm.local.hostname", nil,
            "the name under which this machine is known to the others; unset: its own host name"
        ),
        .string(
            "storm.log.dir", nil,
            "folder of log files; unset: daemons log to standard output, workers to logs under storm.local.dir"
        ),
        .without("storm.workers.artifacts.dir", .string, "workers-artifacts", ownFolders),
        .without("storm.log4j2.conf.dir", .string, "log4j2", ownLogging),
        .without(
            "storm.meta.serialization.delegate", .string,
            "org.apache.storm.serialization.ZstdBridgeThriftSerializationDelegate", jsonZnodes
        ),
        .without("storm.compression.zstd.level", .number, 3, noCompression),
        .without("storm.compression.zstd.max.decompressed.bytes", .number, 104_857_600, noCompression),
        .without("storm.compression.gzip.max.decompressed.bytes", .number, 104_857_600, noCompression),
        .without("storm.cluster.state.store", .string, "org.apache.storm.cluster.ZKStateStorageFactory", noPlugins),
        .without("storm.disable.symlinks", .bool, false, noNeed),
        .string(
            "storm.health.check.dir", "healthchecks", must: .nonEmpty,
            "folder of the scripts that judge this machine's health"
        ),
        .number(
            "storm.health.check.timeout.ms", 5000, must: .positive, unit: .milliseconds,
            "the longest one health script may take"
        ),
        .bool(
            "storm.health.check.fail.on.timeouts", nil,
            "whether a script that takes too long counts as failed; unset: yes"
        ),
        .without(
            "storm.network.topography.plugin", .string,
            "org.apache.storm.networktopography.DefaultRackDNSToSwitchMapping", noPlugins
        ),
        .without("java.library.path", .string, "/usr/local/lib:/opt/local/lib:/usr/lib:/usr/lib64", noJVM),
        .string(
            "dev.zookeeper.path", "/tmp/dev-storm-zookeeper", must: .nonEmpty,
            "data folder of storm dev-zookeeper"
        ),
        .without("client.blobstore.class", .string, "org.apache.storm.blobstore.NimbusBlobStore", noPlugins),
        .without("blobstore.dir", .string, ownFolders),
        .without("blobstore.cleanup.enable", .bool, noNeed),
        .without("storm.blobstore.replication.factor", .int, 3, noNeed),
        .without("storm.blobstore.acl.validation.enabled", .bool, false, noUsers),
        .without("storm.blobstore.inputstream.buffer.size.bytes", .int, 65536, noNeed),
        .without("storm.blobstore.dependency.jar.upload.chunk.size.bytes", .int, 1_048_576, noNeed),
        .string(
            "storm.log.level", "info", must: .oneOf(ConfigKeys.logLevels),
            "least important log records that are written (own key)"
        ),
        .string(
            "storm.log.format", "text", must: .oneOf(["text", "json"]),
            "log lines for people, or one JSON object per line (own key)"
        ),
        .bool(
            "storm.log.console", false,
            "true: daemons log to standard output, too, where containers look, when storm.log.dir is set (own key)"
        ),
        .int(
            "storm.log.file.size.max.mb", 100, must: .atLeast(1), unit: .megabytes,
            "size at which a daemon's log file is rotated (own key)"
        ),
        .int("storm.log.files.max", 9, must: .atLeast(1), "rotated log files that are kept (own key)"),
        .int(
            "storm.shutdown.grace.secs", 10, must: .atLeast(0), unit: .seconds,
            "how long a daemon may take to stop before it is stopped hard (own key)"
        ),
    ]
}
