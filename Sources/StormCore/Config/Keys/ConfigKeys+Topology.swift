extension ConfigKeys {
    static let topology: [ConfigKeyInfo] = [
        .string("topology.name", nil, "name under which the topology was submitted"),
        .string("storm.id", nil, "id of the running topology: name, number and time; set at submit"),
        .int("topology.workers", 1, must: .atLeast(1), "worker processes"),
        .int("topology.tasks", nil, must: .atLeast(0), "tasks of a component; unset: as many as its executors"),
        .int("topology.max.task.parallelism", nil, must: .atLeast(1), "most tasks that any component gets"),
        .int(
            "topology.acker.executors", nil, must: .atLeast(0),
            "ackers; unset: as many as workers, 0: tuples are not tracked"
        ),
        .without("topology.ras.acker.executors.per.worker", .int, 1, ownScheduler),
        .int(
            "topology.message.timeout.secs", 30, must: .atLeast(1), unit: .seconds,
            "a message whose tree is not complete after so long has failed"
        ),
        .int(
            "topology.drain.timeout.secs", nil, must: .atLeast(0), unit: .seconds,
            "most time that trees get to finish before planned work moves executors; unset: the message timeout "
                + "(own key)"
        ),
        .bool("topology.enable.message.timeouts", true, "false: no message ever times out (for tests)"),
        .int(
            "topology.max.spout.pending", nil, must: .atLeast(1),
            "most messages of one spout task in flight; unset: no limit but the queues"
        ),
        .string(
            "topology.bolt.exception", "fail", must: .oneOf(["fail", "crash"]),
            "what an error out of a bolt does: fail its tuple, or end the worker as in Storm (own key)"
        ),
        .bool("topology.debug", false, "true: components written with stormswift log at level debug"),
        .string("topology.version", nil, "free text: the version of the topology's code"),
        .int(
            "topology.tick.tuple.freq.secs", nil, must: .atLeast(1), unit: .seconds,
            "how often each task of a bolt gets a tick tuple; unset: never"
        ),
        .int(
            "topology.error.throttle.interval.secs", 10, must: .atLeast(1), unit: .seconds,
            "errors of a component are counted in intervals of this length"
        ),
        .int(
            "topology.max.error.report.per.interval", 5, must: .atLeast(0),
            "most errors of a component that are reported per interval"
        ),
        .int(
            "topology.worker.timeout.secs", nil, must: .atLeast(1), unit: .seconds,
            "overrides supervisor.worker.timeout.secs upwards for one topology"
        ),
        .without("topology.stats.sample.rate", .number, 0.05, ownMetrics),
        .without("topology.stats.ewma.enable", .bool, false, ownMetrics),
        .without("topology.stats.ewma.smoothing.factor", .number, 0.0625, ownMetrics),
        .without("topology.upstream.feedback.enable", .bool, false, noNeed),
        .without("topology.upstream.feedback.freq.secs", .int, 10, noNeed),
        .int(
            "topology.shellbolt.max.pending", 100, must: .atLeast(1),
            "most tuples that a shell bolt holds back for its process"
        ),
        .int(
            "topology.subprocess.timeout.secs", nil, must: .atLeast(1), unit: .seconds,
            "a component's process silent for so long is started again; unset: the worker timeout"
        ),
        .string(
            "topology.multilang.serializer", "org.apache.storm.multilang.JsonSerializer",
            "how shell components are spoken to: json or msgpack, or Storm's class names for them"
        ),
        .bool(
            "topology.multilang.channel", true,
            "offer shell components the fast channel; those that do not know it speak as ever (own key)"
        ),
        .without("topology.multilang.log.handler", .string, ownLogging),
        .map("topology.environment", "environment variables of the workers and their processes"),
        .string(
            "topology.python.environment", nil,
            "stored file that becomes the Python environment of the topology's processes on each machine (own key)"
        ),
        .without("topology.classpath", .stringOrList, noJVM),
        .without("topology.blobstore.map", .map, ownFiles),
        .without("topology.worker.childopts", .stringOrList, noJVM),
        .without("topology.worker.gc.childopts", .stringOrList, noJVM),
        .without("topology.worker.logwriter.childopts", .stringOrList, "-Xmx64m", noJVM),
        .without("topology.auto.task.hooks", .stringList, noPlugins),
        .number(
            "topology.min.replication.count", 1, must: .atLeast(1),
            "copies of the code on nimbuses before the topology starts"
        ),
        .number(
            "topology.max.replication.wait.time.sec", 60, must: .atLeast(-1), unit: .seconds,
            "how long to wait for these copies; -1: for ever"
        ),
        .bool("topology.disable.loadaware.messaging", false, "shuffle grouping: ignore how loaded the targets are"),
        .without("topology.localityaware.higher.bound", .number, 0.8, noNeed),
        .without("topology.localityaware.lower.bound", .number, 0.2, noNeed),
        .without("topology.worker.shared.thread.pool.size", .int, 4, noSpinning),
        .without("topology.transactional.id", .string, noState),
        .without("topology.trident.batch.emit.interval.millis", .int, 500, noState),
        .without("topology.state.provider", .string, noState),
        .without("topology.state.provider.config", .string, noState),
        .without("topology.state.checkpoint.interval.ms", .int, 1000, noState),
        .without("topology.state.synchronization.timeout.secs", .int, 60, noNeed),
        .without("topology.bolts.window.length.count", .int, noWindows),
        .without("topology.bolts.window.length.duration.ms", .int, noWindows),
        .without("topology.bolts.window.sliding.interval.count", .int, noWindows),
        .without("topology.bolts.window.sliding.interval.duration.ms", .int, noWindows),
        .without("topology.bolts.tuple.timestamp.max.lag.ms", .int, noWindows),
        .without("topology.bolts.watermark.event.interval.ms", .int, noWindows),
        .without("topology.bolts.late.tuple.stream", .string, noWindows),
        .int(
            "topology.executor.loops", nil, must: .atLeast(1),
            "threads of a worker that run executors; unset: one per core (own key)"
        ),
        .bool(
            "topology.component.dedicated.thread", false,
            "each executor of the component gets a thread of its own (own key)"
        ),
        .int(
            "topology.async.bolt.max.in.flight", 64, must: .atLeast(1),
            "most tuples that one task of an async bolt works on at once (own key)"
        ),
    ]
}
