extension ConfigKeys {
    static let security: [ConfigKeyInfo] = [
        .without(
            "storm.thrift.transport", .string,
            "org.apache.storm.security.auth.SimpleTransportPlugin", noAuthPlugins
        ),
        .without("nimbus.thrift.transport", .string, noAuthPlugins),
        .without(
            "storm.principal.tolocal", .string,
            "org.apache.storm.security.auth.DefaultPrincipalToLocal", noAuthPlugins
        ),
        .without(
            "storm.group.mapping.service", .string,
            "org.apache.storm.security.auth.ShellBasedGroupsMapping", noAuthPlugins
        ),
        .without("storm.group.mapping.service.cache.duration.secs", .int, 120, noAuthPlugins),
        .without("nimbus.authorizer", .string, noAuthPlugins),
        .without("supervisor.authorizer", .string, noAuthPlugins),
        .strings("nimbus.admins", nil, "users who may do everything"),
        .strings("nimbus.admins.groups", nil, "groups whose members may do everything"),
        .strings("nimbus.users", nil, "users who may use this cluster; unset: all"),
        .strings("nimbus.groups", nil, "groups whose members may use this cluster"),
        .strings("nimbus.supervisor.users", nil, "users that supervisors run as"),
        .strings("nimbus.daemon.users", nil, "users that daemons run as"),
        .without("nimbus.impersonation.authorizer", .string, noAuthPlugins),
        .without("nimbus.impersonation.acl", .map, noAuthPlugins),
        .string("storm.doAsUser", nil, "user in whose name a client acts"),
        .init("topology.users", .stringOrList, nil, "users who may manage this topology"),
        .init("topology.groups", .stringOrList, nil, "groups whose members may manage this topology"),
        .init("topology.readonly.users", .stringOrList, nil, "users who may look at this topology"),
        .init("topology.readonly.groups", .stringOrList, nil, "groups whose members may look at this topology"),
        .string("topology.submitter.user", nil, "who submitted the topology; set at submit"),
        .string("topology.submitter.principal", nil, "full name of who submitted the topology; set at submit"),
        .without("topology.auto-credentials", .stringList, noAuthPlugins),
        .string("storm.worker.token.life.time.hours", nil, "how long a worker's token is valid; unset: 24"),
        .without("storm.auth.simple-white-list.users", .list, [], noAuthPlugins),
        .without("java.security.auth.login.config", .string, noJVM),
    ]
}
