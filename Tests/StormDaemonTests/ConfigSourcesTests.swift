@testable import StormDaemon
import StormCore
import Testing

@Suite struct ConfigSourcesTests {
    @Test func aVariableIsTheKeyInCapitalsWithUnderscores() {
        let layer = ConfigLayer(environment: [
            "STORM_TOPOLOGY_WORKERS": "4", "STORM_ZOOKEEPER_SERVERS": "zk1,zk2", "STORM_UI_PORT": "8081",
            "STORM_STORM_LOCAL_DIR": "/var/storm", "STORM_SUPERVISOR_SLOTS_PORTS": "[6700, 6701]",
            "STORM_NIMBUS_SEEDS": "n1", "PATH": "/bin", "STORM_UNHEARD_OF": "x", "STORM_CONF_DIR": "/etc/storm",
            "STORM_TOPOLOGY_NAME": "42", "STORM_TOPOLOGY_ENVIRONMENT": "{A: b}",
        ])
        let values = Dictionary(uniqueKeysWithValues: layer.settings.map { ($0.name, $0.value) })
        #expect(
            values == [
                "topology.workers": 4, "storm.zookeeper.servers": ["zk1", "zk2"], "ui.port": 8081,
                "storm.local.dir": "/var/storm", "supervisor.slots.ports": [6700, 6701], "nimbus.seeds": ["n1"],
                "topology.name": "42", "topology.environment": ["A": "b"],
            ])
        #expect(layer.settings.first { $0.name == "ui.port" }?.origin == .environment(variable: "STORM_UI_PORT"))
    }

    @Test func noTwoKeysShareAVariable() {
        let variables = ConfigKeys.all.map { ConfigLayer.environmentVariable(for: $0.name) }
        #expect(Set(variables).count == variables.count)
        for key in ConfigKeys.all {
            #expect(ConfigLayer.keysByVariable[ConfigLayer.environmentVariable(for: key.name)] == key.name)
        }
    }

    @Test(
        arguments: [
            ("topology.workers=4", ConfigValue.int(4)), ("a=true", true), ("a=[1,2]", [1, 2]), ("a=foo", "foo"),
            ("a=", ""), ("a=b=c", "b=c"), (#"a={"x":1}"#, ["x": 1]), (#"a="5""#, "5"), ("a=1.5", 1.5), ("a=null", nil),
            ("topology.name=7", "7"), ("nimbus.seeds=n1,n2", ["n1", "n2"]), ("supervisor.slots.ports=6700", [6700]),
            ("supervisor.slots.ports=6700, 6701", [6700, 6701]), ("a=yes", "yes"), ("topology.name=true", "true"),
        ] as [(String, ConfigValue)])
    func aCommandLineValueIsJSONElseText(option: String, value: ConfigValue) throws {
        let setting = try #require(try ConfigLayer(commandLine: [option]).settings.first)
        #expect(setting.value == value)
        #expect(setting.origin == .commandLine(option: "-c \(setting.name)"))
    }

    @Test func anOptionWithoutEqualsSignIsAFault() {
        let error = #expect(throws: ConfigFaults.self) {
            try ConfigLayer(commandLine: ["topology.workers", "=3", "a=1"])
        }
        #expect(
            error?.faults.map(\.description) == [
                "-c topology.workers must be -c key=value, such as -c topology.workers=2",
                "-c =3 must be -c key=value, such as -c topology.workers=2",
            ])
    }
}
