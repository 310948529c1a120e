// Typed names of the rows that have a meaning here. A name is the key's, its parts joined in lower camel case.

extension ConfigKey where Value == [String] {
    public static var stormZookeeperServers: Self { .known("storm.zookeeper.servers") }
    public static var nimbusSeeds: Self { .known("nimbus.seeds") }
}

extension ConfigKey where Value == [Int] {
    public static var supervisorSlotsPorts: Self { .known("supervisor.slots.ports") }
}

extension ConfigKey where Value == [String: ConfigValue]? {
    public static var topologyEnvironment: Self { .known("topology.environment") }
}
