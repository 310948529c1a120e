// Typed names of the rows that have a meaning here. A name is the key's, its parts joined in lower camel case.

extension ConfigKey where Value == Bool {
    public static var stormLogConsole: Self { .known("storm.log.console") }
    public static var supervisorDrainOnSigterm: Self { .known("supervisor.drain.on.sigterm") }
    public static var supervisorEnable: Self { .known("supervisor.enable") }
    public static var topologyEnableMessageTimeouts: Self { .known("topology.enable.message.timeouts") }
    public static var topologyDebug: Self { .known("topology.debug") }
    public static var topologyComponentDedicatedThread: Self { .known("topology.component.dedicated.thread") }
    public static var topologyMultilangChannel: Self { .known("topology.multilang.channel") }
    public static var topologyDisableLoadawareMessaging: Self { .known("topology.disable.loadaware.messaging") }
}

extension ConfigKey where Value == Bool? {
    public static var stormHealthCheckFailOnTimeouts: Self { .known("storm.health.check.fail.on.timeouts") }
}

extension ConfigKey where Value == String {
    public static var stormLocalDir: Self { .known("storm.local.dir") }
    public static var stormHealthCheckDir: Self { .known("storm.health.check.dir") }
    public static var devZookeeperPath: Self { .known("dev.zookeeper.path") }
    public static var stormZookeeperRoot: Self { .known("storm.zookeeper.root") }
    public static var topologyBoltException: Self { .known("topology.bolt.exception") }
    public static var topologyMultilangSerializer: Self { .known("topology.multilang.serializer") }
    public static var uiHost: Self { .known("ui.host") }
    public static var uiTitle: Self { .known("ui.title") }
    public static var stormLogLevel: Self { .known("storm.log.level") }
    public static var stormLogFormat: Self { .known("storm.log.format") }
}

extension ConfigKey where Value == String? {
    public static var stormLocalHostname: Self { .known("storm.local.hostname") }
    public static var stormLogDir: Self { .known("storm.log.dir") }
    public static var topologyName: Self { .known("topology.name") }
    public static var stormId: Self { .known("storm.id") }
    public static var topologyVersion: Self { .known("topology.version") }
    public static var topologyPythonEnvironment: Self { .known("topology.python.environment") }
    public static var uiProjectBugtrackerUrl: Self { .known("ui.project.bugtracker.url") }
    public static var uiCentralLoggingUrl: Self { .known("ui.central.logging.url") }
    public static var topologySubmitterUser: Self { .known("topology.submitter.user") }
}
