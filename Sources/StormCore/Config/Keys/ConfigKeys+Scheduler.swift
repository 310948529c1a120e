extension ConfigKeys {
    static let scheduler: [ConfigKeyInfo] = [
        .string("storm.scheduler", nil, "name of the scheduler, Storm's class names included; unset: even spreading"),
        .without("scheduler.display.resource", .bool, false, ownScheduler),
        .map("isolation.scheduler.machines", "machines reserved for topologies: name to number of machines"),
        .without("multitenant.scheduler.user.pools", .map, ownScheduler),
        .without("scheduler.config.loader.uri", .string, ownScheduler),
        .without("scheduler.config.cache.expiration.secs", .int, ownScheduler),
        .int(
            "scheduling.timeout.seconds.per.topology", nil, must: .atLeast(1), unit: .seconds,
            "longest time to schedule one topology; unset: 60"
        ),
        .without("resource.aware.scheduler.user.pools", .map, ownScheduler),
        .without(
            "resource.aware.scheduler.priority.strategy", .string,
            "org.apache.storm.scheduler.resource.strategies.priority.DefaultSchedulingPriorityStrategy", ownScheduler
        ),
        .without("resource.aware.scheduler.max.topology.scheduling.attempts", .int, ownScheduler),
        .without("resource.aware.scheduler.constraint.max.state.search", .int, 100_000, ownScheduler),
        .without("nimbus.scheduler.strategy.class.whitelist", .stringList, noAuthPlugins),
        .bool(
            "nimbus.even.rebalance.idle.supervisor.enabled", false,
            "whether workers move by themselves to a machine that came back"
        ),
        .int(
            "nimbus.even.rebalance.max.free.per.topology", 0, must: .atLeast(0),
            "most workers that such a move takes from one topology; 0: no limit"
        ),
        .int(
            "nimbus.even.rebalance.idle.supervisor.min.stable.rounds", 3, must: .atLeast(0),
            "scheduling rounds a machine must be there before workers move to it"
        ),
        .number(
            "blacklist.scheduler.tolerance.time.secs", 300, must: .positive, unit: .seconds,
            "time in which a machine's failures are counted"
        ),
        .number(
            "blacklist.scheduler.tolerance.count", 3, must: .positive,
            "failures in that time after which a machine gets no work"
        ),
        .number(
            "blacklist.scheduler.resume.time.secs", 1800, must: .positive, unit: .seconds,
            "after so long a machine gets work again"
        ),
        .without(
            "blacklist.scheduler.strategy", .string,
            "org.apache.storm.scheduler.blacklist.strategies.DefaultBlacklistStrategy", ownScheduler
        ),
        .without(
            "blacklist.scheduler.reporter", .string,
            "org.apache.storm.scheduler.blacklist.reporters.LogReporter", ownMetrics
        ),
        .bool(
            "blacklist.scheduler.assume.supervisor.bad.based.on.bad.slot", true,
            "whether one bad slot makes its machine bad"
        ),
        .without("blacklist.scheduler.enable.send.assignment.failures", .bool, ownScheduler),
        .number(
            "topology.component.resources.onheap.memory.mb", 128.0, must: .atLeast(0), unit: .megabytes,
            "memory that one task asks for"
        ),
        .number(
            "topology.component.resources.offheap.memory.mb", 0.0, must: .atLeast(0), unit: .megabytes,
            "further memory that one task asks for"
        ),
        .number(
            "topology.component.cpu.pcore.percent", 10.0, must: .atLeast(0), unit: .percent,
            "processor time that one task asks for, 100 for a core"
        ),
        .map("topology.component.resources.map", "further resources that one task asks for"),
        .number(
            "topology.acker.resources.onheap.memory.mb", nil, must: .atLeast(0), unit: .megabytes,
            "memory that one acker asks for"
        ),
        .number(
            "topology.acker.cpu.pcore.percent", nil, must: .atLeast(0), unit: .percent,
            "processor time that one acker asks for"
        ),
        .number(
            "topology.worker.max.heap.size.mb", 768.0, must: .positive, unit: .megabytes,
            "most memory that the tasks of one worker may add up to"
        ),
        .int("topology.priority", 29, must: .atLeast(0), "0 is the most important; within one user"),
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
        .strings("topology.scheduler.favored.nodes", nil, "machines to be used first"),
        .strings("topology.scheduler.unfavored.nodes", nil, "machines to be used last"),
        .int("topology.isolate.machines", nil, must: .atLeast(1), "machines that the topology asks for itself alone"),
    ]
}
