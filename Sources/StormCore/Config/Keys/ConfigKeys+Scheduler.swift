extension ConfigKeys {
    static let scheduler: [ConfigKeyInfo] = [
        .without("storm.scheduler", .string, ownScheduler),
        .without("scheduler.display.resource", .bool, false, ownScheduler),
        .without("isolation.scheduler.machines", .map, ownScheduler),
        .without("multitenant.scheduler.user.pools", .map, ownScheduler),
        .without("scheduler.config.loader.uri", .string, ownScheduler),
        .without("scheduler.config.cache.expiration.secs", .int, ownScheduler),
        .without("scheduling.timeout.seconds.per.topology", .int, ownScheduler),
        .without("resource.aware.scheduler.user.pools", .map, ownScheduler),
        .without(
            "resource.aware.scheduler.priority.strategy", .string,
            "org.apache.storm.scheduler.resource.strategies.priority.DefaultSchedulingPriorityStrategy", ownScheduler
        ),
        .without("resource.aware.scheduler.max.topology.scheduling.attempts", .int, ownScheduler),
        .without("resource.aware.scheduler.constraint.max.state.search", .int, 100_000, ownScheduler),
        .without("nimbus.scheduler.strategy.class.whitelist", .stringList, noAuthPlugins),
        .without("nimbus.even.rebalance.idle.supervisor.enabled", .bool, false, ownScheduler),
        .without("nimbus.even.rebalance.max.free.per.topology", .int, 0, ownScheduler),
        .without("nimbus.even.rebalance.idle.supervisor.min.stable.rounds", .int, 3, ownScheduler),
        .without("blacklist.scheduler.tolerance.time.secs", .number, 300, ownScheduler),
        .without("blacklist.scheduler.tolerance.count", .number, 3, ownScheduler),
        .without("blacklist.scheduler.resume.time.secs", .number, 1800, ownScheduler),
        .without(
            "blacklist.scheduler.strategy", .string,
            "org.apache.storm.scheduler.blacklist.strategies.DefaultBlacklistStrategy", ownScheduler
        ),
        .without(
            "blacklist.scheduler.reporter", .string,
            "org.apache.storm.scheduler.blacklist.reporters.LogReporter", ownMetrics
        ),
        .without("blacklist.scheduler.assume.supervisor.bad.based.on.bad.slot", .bool, true, ownScheduler),
        .without("blacklist.scheduler.enable.send.assignment.failures", .bool, ownScheduler),
        .without("topology.component.resources.onheap.memory.mb", .number, 128.0, ownScheduler),
        .without("topology.component.resources.offheap.memory.mb", .number, 0.0, ownScheduler),
        .without("topology.component.cpu.pcore.percent", .number, 10.0, ownScheduler),
        .without("topology.component.resources.map", .map, ownScheduler),
        .without("topology.acker.resources.onheap.memory.mb", .number, ownScheduler),
        .without("topology.acker.cpu.pcore.percent", .number, ownScheduler),
        .without("topology.worker.max.heap.size.mb", .number, 768.0, ownScheduler),
        .without("topology.priority", .int, 29, ownScheduler),
        .without(
            "topology.scheduler.strategy", .string,
            "org.apache.storm.scheduler.resource.strategies.scheduling.DefaultResourceAwareStrategy", ownScheduler
        ),
        .without("topology.ras.constraints", .map, ownScheduler),
        .without("topology.ras.constraint.max.state.search", .int, 10000, ownScheduler),
        .without("topology.ras.constraint.max.time.secs", .int, ownScheduler),
        .without("topology.ras.one.executor.per.worker", .bool, false, ownScheduler),
        .without("topology.ras.one.component.per.worker", .bool, false, ownScheduler),
        .without("topology.ras.order.executors.by.proximity.needs", .string, ownScheduler),
        .without("topology.scheduler.favored.nodes", .stringList, ownScheduler),
        .without("topology.scheduler.unfavored.nodes", .stringList, ownScheduler),
        .without("topology.isolate.machines", .int, ownScheduler),
    ]
}
