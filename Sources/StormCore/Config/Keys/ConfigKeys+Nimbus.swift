extension ConfigKeys {
    static let nimbus: [ConfigKeyInfo] = [
        .strings("nimbus.seeds", ["localhost"], must: .nonEmpty, "hosts to ask for the leading nimbus, in this order"),
        .int("nimbus.thrift.port", 6627, must: .anyPort, "port of nimbus; 0: any free one"),
        .int(
            "nimbus.http.port", 6629, must: .anyPort,
            "port of nimbus' pages (/metrics, /livez, /readyz, /sd); 0, or in use: any free one (own key)"
        ),
        .without("nimbus.thrift.threads", .int, 64, noNeed),
        .int(
            "nimbus.thrift.max_buffer_size", 1_048_576, must: .atLeast(1024), unit: .bytes,
            "longest message that nimbus takes"
        ),
        .without("nimbus.queue.size", .int, 100_000, noNeed),
        .without("nimbus.childopts", .stringOrList, "-Xmx1024m", noJVM),
        .int(
            "nimbus.monitor.freq.secs", 10, must: .atLeast(1), unit: .seconds,
            "how often nimbus looks at everything again, besides acting on each change at once"
        ),
        .int(
            "nimbus.task.timeout.secs", 30, must: .atLeast(1), unit: .seconds,
            "a worker unheard of for so long is taken for dead"
        ),
        .int(
            "nimbus.task.launch.secs", 120, must: .atLeast(1), unit: .seconds,
            "how long a newly assigned worker may take until it is first heard of"
        ),
        .int(
            "nimbus.supervisor.timeout.secs", 60, must: .atLeast(1), unit: .seconds,
            "a supervisor without a session for so long loses its slots"
        ),
        .without("nimbus.cleanup.inbox.freq.secs", .int, 600, noNeed),
        .int(
            "nimbus.inbox.jar.expiration.secs", 3600, must: .atLeast(1), unit: .seconds,
            "age at which an upload that no topology uses is deleted"
        ),
        .without("nimbus.file.copy.expiration.secs", .int, 600, noNeed),
        .without("nimbus.blobstore.class", .string, "org.apache.storm.blobstore.LocalFsBlobStore", noPlugins),
        .int(
            "nimbus.blobstore.expiration.secs", 600, must: .atLeast(1), unit: .seconds,
            "a code transfer at rest for so long is given up"
        ),
        .int(
            "nimbus.code.sync.freq.secs", 120, must: .atLeast(1), unit: .seconds,
            "how often a nimbus compares the code it holds with the others"
        ),
        .int(
            "nimbus.topology.blobstore.deletion.delay.ms", 300_000, must: .atLeast(0), unit: .milliseconds,
            "how long the code of a removed topology is kept"
        ),
        .without("nimbus.topology.validator", .string, "org.apache.storm.nimbus.DefaultTopologyValidator", noPlugins),
        .without("nimbus.topology.action.notifier.plugin.class", .string, noPlugins),
        .without("storm.topology.submission.notifier.plugin.class", .string, noPlugins),
        .int("nimbus.slots.perTopology", nil, must: .atLeast(1), "most workers that one topology may ask for"),
        .int("nimbus.executors.perTopology", nil, must: .atLeast(1), "most executors that one topology may have"),
        .without("nimbus.credential.renewers.classes", .stringList, noAuthPlugins),
        .without("nimbus.credential.renewers.freq.secs", .int, 600, noAuthPlugins),
        .without("nimbus.autocredential.plugins.classes", .stringList, noAuthPlugins),
        .without("nimbus.assignments.service.threads", .int, 10, meetInZooKeeper),
        .without("nimbus.assignments.service.thread.queue.size", .int, 100, meetInZooKeeper),
        .without(
            "nimbus.local.assignments.backend.class", .string,
            "org.apache.storm.assignments.InMemoryAssignmentBackend", meetInZooKeeper
        ),
        .without(
            "nimbus.worker.heartbeats.recovery.strategy.class", .string,
            "org.apache.storm.nimbus.TimeOutWorkerHeartbeatsRecoveryStrategy", meetInZooKeeper
        ),
        .without("supervisor.worker.heartbeats.max.timeout.secs", .int, 600, meetInZooKeeper),
        .number("storm.nimbus.retry.times", 5, must: .atLeast(0), "attempts of a client to reach nimbus"),
        .number(
            "storm.nimbus.retry.interval.millis", 2000, must: .atLeast(1), unit: .milliseconds,
            "first pause between a client's attempts"
        ),
        .without("storm.nimbus.retry.intervalceiling.millis", .number, 60000, noNeed),
        .int(
            "storm.thrift.socket.timeout.ms", 600_000, must: .atLeast(1), unit: .milliseconds,
            "how long a client waits for an answer"
        ),
        .without("nimbus.thrift.tls.port", .int, 0, noTLS),
        .without("nimbus.thrift.tls.server.only", .bool, noTLS),
        .without("nimbus.thrift.client.use.tls", .bool, false, noTLS),
        .without(
            "nimbus.thrift.tls.transport", .string,
            "org.apache.storm.security.auth.tls.TlsTransportPlugin", noTLS
        ),
        .without("nimbus.thrift.tls.client.auth.required", .bool, true, noTLS),
        .without("nimbus.thrift.tls.threads", .int, 64, noTLS),
        .without("nimbus.thrift.tls.max_buffer_size", .int, 1_048_576, noTLS),
        .without("nimbus.thrift.tls.server.keystore.path", .string, noTLS),
        .without("topology.worker.nimbus.thrift.client.use.tls", .bool, false, noTLS),
    ]
}
