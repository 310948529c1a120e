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
        .without("nimbus.admins", .stringList, noUsers),
        .without("nimbus.admins.groups", .stringList, noUsers),
        .without("nimbus.users", .stringList, noUsers),
        .without("nimbus.groups", .stringList, noUsers),
        .without("nimbus.supervisor.users", .stringList, noUsers),
        .without("nimbus.daemon.users", .stringList, noUsers),
        .without("nimbus.impersonation.authorizer", .string, noAuthPlugins),
        .without("nimbus.impersonation.acl", .map, noAuthPlugins),
        .without("storm.doAsUser", .string, noUsers),
        .without("topology.users", .stringOrList, noUsers),
        .without("topology.groups", .stringOrList, noUsers),
        .without("topology.readonly.users", .stringOrList, noUsers),
        .without("topology.readonly.groups", .stringOrList, noUsers),
        .string("topology.submitter.user", nil, "who submitted the topology; set at submit"),
        .without("topology.submitter.principal", .string, noUsers),
        .without("topology.auto-credentials", .stringList, noAuthPlugins),
        .without("storm.worker.token.life.time.hours", .string, noUsers),
        .without("storm.auth.simple-white-list.users", .list, [], noAuthPlugins),
        .without("java.security.auth.login.config", .string, noJVM),
    ]
}
