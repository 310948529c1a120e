import StormCore
import Testing

private func file(_ line: Int) -> ConfigOrigin { .file(path: "storm.yaml", line: line) }

private func layer(_ name: String, _ value: ConfigValue, _ origin: ConfigOrigin = file(1)) -> ConfigLayer {
    ConfigLayer([ConfigSetting(name, value, from: origin)])
}

@Suite struct ConfigResolveTests {
    @Test func nothingSetMeansStormsDefaults() {
        let config = Config.defaults
        #expect(config[.topologyWorkers] == 1)
        #expect(config[.topologyAckerExecutors] == nil)
        #expect(config[.stormZookeeperServers] == ["localhost"])
        #expect(config[.supervisorSlotsPorts] == [6700, 6701, 6702, 6703])
        #expect(config[.topologyRetryMultiplier] == 2)
        #expect(config[.nimbusThriftPort] == 6627)
        #expect(config[.stormLogDir] == nil)
        #expect(config.origin(named: "topology.workers") == .builtIn)
        #expect(config.notices.isEmpty)
    }

    @Test func laterLayersWinKeyByKey() throws {
        let config = try Config.resolve([
            ConfigLayer(["topology.workers": 2, "ui.port": 8081, "nimbus.seeds": ["a"]], from: file(3)),
            layer("topology.workers", 3, .environment(variable: "STORM_TOPOLOGY_WORKERS")),
            layer("topology.workers", 4, .commandLine(option: "-c topology.workers")),
        ])
        #expect(config[.topologyWorkers] == 4)
        #expect(config.origin(named: "topology.workers") == .commandLine(option: "-c topology.workers"))
        #expect(config[.uiPort] == 8081)
        #expect(config.origin(named: "ui.port") == file(3))
        #expect(config[.nimbusSeeds] == ["a"])
        #expect(config.isSet("ui.port") && !config.isSet("ui.host"))
    }

    @Test func aTopologysSettingsLieOverTheClusters() throws {
        let cluster = try Config.resolve([layer("topology.message.timeout.secs", 60), layer("ui.port", 1234)])
        let topology = try cluster.overlaid(by: layer("topology.message.timeout.secs", 5, .program("submitted")))
        #expect(topology[.topologyMessageTimeoutSecs] == 5)
        #expect(topology[.uiPort] == 1234)
        #expect(topology.origin(named: "ui.port") == file(1))
        #expect(cluster[.topologyMessageTimeoutSecs] == 60)
        #expect(topology.explicit == ["topology.message.timeout.secs": 5, "ui.port": 1234])
    }

    @Test func allFaultsAreReportedAtOnceInOrder() {
        let layers = [
            ConfigLayer([
                ConfigSetting("topology.workers", "abc", from: file(2)),
                ConfigSetting("ui.port", 70000, from: file(5)),
                ConfigSetting("nimbus.seeds", [], from: file(6)),
            ]),
            layer("topology.debug", 1, .commandLine(option: "-c topology.debug")),
        ]
        let error = #expect(throws: ConfigFaults.self) { try Config.resolve(layers) }
        #expect(
            error?.faults.map(\.description) == [
                "storm.yaml:2: topology.workers is \"abc\" (a string) but must be an integer of at least 1",
                "storm.yaml:5: ui.port is 70000 (an integer) but must be an integer from 0 to 65535",
                "storm.yaml:6: nimbus.seeds is [] (a list) but must be a list of strings that is not empty",
                "command line, -c topology.debug: topology.debug is 1 (an integer) but must be true or false",
            ])
    }

    @Test func aFaultHiddenByALaterLayerIsStillAFault() {
        #expect(throws: ConfigFaults.self) {
            try Config.resolve([layer("topology.workers", 0), layer("topology.workers", 2)])
        }
    }

    @Test func aUnitAndNullArePartOfWhatIsExpected() throws {
        let error = #expect(throws: ConfigFaults.self) {
            try Config.resolve([layer("topology.tick.tuple.freq.secs", "often")])
        }
        #expect(error?.description.hasSuffix("must be an integer of at least 1 (seconds), or null") == true)
    }

    @Test(
        arguments: [
            ("storm.zookeeper.root", ConfigValue.string("storm")), ("storm.zookeeper.root", "/a//b"),
            ("storm.zookeeper.root", "/a/"), ("supervisor.slots.ports", [6700, 6700]),
            ("supervisor.slots.ports", [0]), ("supervisor.slots.ports", ["6700"]), ("topology.retry.jitter", 1.5),
            ("topology.workers", 1.5), ("topology.workers", nil), ("topology.workers", true),
            ("topology.bolt.exception", "shrug"),
            ("supervisor.cpu.capacity", 0), ("topology.environment", ["A=b"]), ("storm.log.level", "loud"),
            ("topology.metrics.reporters", ["x"]), ("storm.local.dir", ""), ("worker.childopts", 5),
        ] as [(String, ConfigValue)])
    func aValueOfTheWrongTypeOrRangeIsAFault(key: String, value: ConfigValue) {
        let error = #expect(throws: ConfigFaults.self) { try Config.resolve([layer(key, value, file(7))]) }
        #expect(error?.faults.count == 1)
        #expect(error?.faults.first?.key == key)
        #expect(error?.description.hasPrefix("storm.yaml:7: \(key) is ") == true)
    }

    @Test(
        arguments: [
            ("topology.workers", ConfigValue.double(3.0), ConfigValue.int(3)), ("nimbus.http.port", 0, 0),
            ("supervisor.cpu.capacity", 250, 250), ("storm.zookeeper.root", "/", "/"),
            ("worker.childopts", "-Xmx1g", ["-Xmx1g"]), ("topology.max.spout.pending", nil, nil),
            ("topology.environment", ["A": "b"], ["A": "b"]), ("topology.max.replication.wait.time.sec", -1, -1),
            ("drpc.https.port", -1, -1),
        ] as [(String, ConfigValue, ConfigValue)])
    func aValidValueIsKeptInNormalForm(key: String, value: ConfigValue, kept: ConfigValue) throws {
        #expect(try Config.resolve([layer(key, value)]).value(named: key) == kept)
    }

    @Test func unknownKeysAreWarnedOfAndKept() throws {
        let config = try Config.resolve([
            ConfigLayer([
                ConfigSetting("topolgy.workers", 2, from: file(4)),
                ConfigSetting("topology.wokers", 2, from: file(5)),
                ConfigSetting("wordcount.minimum", 3, from: file(6)),
            ])
        ])
        #expect(
            config.notices.map(\.description) == [
                "storm.yaml:4: unknown key topolgy.workers (did you mean topology.workers?); "
                    + "it is passed on to components as it is",
                "storm.yaml:5: UNKNOWN KEY topology.wokers (did you mean topology.workers?); "
                    + "it has no effect on the system",
                "storm.yaml:6: unknown key wordcount.minimum; it is passed on to components as it is",
            ])
        #expect(config.notices.map(\.isWarning) == [true, true, true])
        #expect(config.value(named: "wordcount.minimum") == 3)
    }

    @Test func aKeyOfTheJavaMachineIsAcceptedWithANotice() throws {
        let config = try Config.resolve([layer("worker.childopts", "-Xmx1g", file(9))])
        #expect(
            config.notices.map(\.description) == [
                "storm.yaml:9: worker.childopts has no meaning here: there is no Java machine here to give options to"
            ])
        #expect(config.notices.first?.isWarning == false)
    }

    @Test(
        arguments: [
            ("nimbus.users", ["alice"]), ("nimbus.authorizer", "org.apache.storm.security.auth.SimpleACLAuthorizer"),
            ("storm.thrift.transport", "org.apache.storm.security.auth.kerberos.KerberosSaslTransportPlugin"),
            ("storm.zookeeper.auth.scheme", "digest"), ("nimbus.thrift.tls.port", 6628),
        ] as [(String, ConfigValue)])
    func aKeyThatWouldCloseTheClusterIsWarnedOf(key: String, value: ConfigValue) throws {
        let config = try Config.resolve([layer(key, value, file(9))])
        #expect(config.notices.map(\.isWarning) == [true])
        #expect(config.notices.first?.description.hasPrefix("storm.yaml:9: \(key) PROTECTS NOTHING here: ") == true)
    }

    @Test func aKeyThatWouldCloseTheClusterIsNoWarningAtItsDefault() throws {
        let config = try Config.resolve([
            layer("storm.thrift.transport", "org.apache.storm.security.auth.SimpleTransportPlugin")
        ])
        #expect(config.notices.map(\.isWarning) == [false])
    }

    @Test func durationsFollowTheUnitOfTheKey() throws {
        let config = try Config.resolve([layer("topology.retry.initial.backoff.ms", 250)])
        #expect(config.duration(.topologyMessageTimeoutSecs) == .seconds(30))
        #expect(config.duration(.stormZookeeperSessionTimeout) == .milliseconds(20_000))
        #expect(config.duration(.logviewerCleanupAgeMins) == .seconds(10_080 * 60))
        #expect(config.duration(.topologyRetryInitialBackoffMs) == .milliseconds(250))
        #expect(config.duration(.topologyTickTupleFreqSecs) == nil)
    }

    @Test func aProgramsOwnKeyIsCheckedWhenItIsRead() throws {
        let key = ConfigKey<Int>("wordcount.minimum", default: 5, rule: .atLeast(1), "least count shown")
        #expect(try Config.defaults.read(key) == 5)
        #expect(try Config.resolve([layer("wordcount.minimum", 7)]).read(key) == 7)
        let bad = try Config.resolve([layer("wordcount.minimum", "x", file(8))])
        let error = #expect(throws: ConfigFaults.self) { try bad.read(key) }
        #expect(error?.description.contains("storm.yaml:8: wordcount.minimum is \"x\"") == true)
        #expect(bad[key] == 5)
    }

    @Test func theEffectiveConfigurationHasEveryKnownKey() throws {
        let config = try Config.resolve([layer("my.key", 1), layer("topology.workers", 9)])
        #expect(config.effective.count == ConfigKeys.all.count + 1)
        #expect(config.effective["topology.workers"] == 9)
        #expect(config.effective["topology.tasks"] == .null)
    }

    @Test func secretsAreMaskedWhereverAValueIsPrinted() throws {
        let config = try Config.resolve([
            ConfigLayer(
                [
                    "storm.zookeeper.auth.payload": "storm:hunter2", "my.db.password": "hunter2",
                    "topology.environment": ["DB_PASSWORD": "hunter2", "USER": "bob"],
                    "topology.metrics.reporters": [["class": "x", "api.secret": "hunter2"]],
                ], from: file(1))
        ])
        let text = config.summary.joined(separator: "\n")
        #expect(!text.contains("hunter2"))
        #expect(text.contains("\"USER\": \"bob\""))
        #expect(text.contains("storm.zookeeper.auth.payload: \"******\"  (storm.yaml:1)"))
        let error = #expect(throws: ConfigFaults.self) {
            try Config.resolve([layer("storm.zookeeper.auth.payload", ["hunter2"])])
        }
        #expect(error?.description.contains("hunter2") == false)
    }

    @Test func longValuesAreCutInMessages() {
        let long = ConfigValue.string(String(repeating: "x", count: 10_000))
        let error = #expect(throws: ConfigFaults.self) { try Config.resolve([layer("topology.workers", long)]) }
        #expect((error?.description.count ?? 0) < 300)
    }
}
