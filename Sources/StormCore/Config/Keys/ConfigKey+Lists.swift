// Typed names of the rows that have a meaning here. A name is the key's, its parts joined in lower camel case.

extension ConfigKey where Value == [String] {
    public static var stormZookeeperServers: Self { .known("storm.zookeeper.servers") }
    public static var nimbusSeeds: Self { .known("nimbus.seeds") }
}

extension ConfigKey where Value == [String]? {
    public static var topologySchedulerFavoredNodes: Self { .known("topology.scheduler.favored.nodes") }
    public static var topologySchedulerUnfavoredNodes: Self { .known("topology.scheduler.unfavored.nodes") }
    public static var logsUsers: Self { .known("logs.users") }
    public static var logsGroups: Self { .known("logs.groups") }
    public static var drpcServers: Self { .known("drpc.servers") }
    public static var nimbusAdmins: Self { .known("nimbus.admins") }
    public static var nimbusAdminsGroups: Self { .known("nimbus.admins.groups") }
    public static var nimbusUsers: Self { .known("nimbus.users") }
    public static var nimbusGroups: Self { .known("nimbus.groups") }
    public static var nimbusSupervisorUsers: Self { .known("nimbus.supervisor.users") }
    public static var nimbusDaemonUsers: Self { .known("nimbus.daemon.users") }
    public static var topologyUsers: Self { .known("topology.users") }
    public static var topologyGroups: Self { .known("topology.groups") }
    public static var topologyReadonlyUsers: Self { .known("topology.readonly.users") }
    public static var topologyReadonlyGroups: Self { .known("topology.readonly.groups") }
}

extension ConfigKey where Value == [Int] {
    public static var supervisorSlotsPorts: Self { .known("supervisor.slots.ports") }
}

extension ConfigKey where Value == [String: ConfigValue]? {
    public static var supervisorResourcesMap: Self { .known("supervisor.resources.map") }
    public static var supervisorSchedulerMeta: Self { .known("supervisor.scheduler.meta") }
    public static var topologyEnvironment: Self { .known("topology.environment") }
    public static var topologyBlobstoreMap: Self { .known("topology.blobstore.map") }
    public static var isolationSchedulerMachines: Self { .known("isolation.scheduler.machines") }
    public static var topologyComponentResourcesMap: Self { .known("topology.component.resources.map") }
}

extension ConfigKey where Value == [ConfigValue]? {
    public static var topologyMetricsReporters: Self { .known("topology.metrics.reporters") }
    public static var topologyMetricsConsumerRegister: Self { .known("topology.metrics.consumer.register") }
}
