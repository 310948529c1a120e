@testable import StormDaemon
import StormCore
import StormTestSupport
import Testing

@Suite struct ConfigLoaderTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func loader(
        file: String? = nil, options: [String] = [], environment: [String: String] = [:]
    ) -> ConfigLoader {
        var environment = environment
        environment["HOME"] = environment["HOME"] ?? folder.path + "/home"
        return ConfigLoader(file: file, options: options, environment: environment, workingDirectory: folder.path)
    }

    @Test func laterSourcesWin() throws {
        try folder.write("topology.workers: 2\nui.port: 1002\nnimbus.thrift.port: 102\n", to: "conf/storm.yaml")
        let fromFile = try loader().load()
        #expect(fromFile.files == [folder.path + "/conf/storm.yaml"])
        #expect(fromFile.config[.topologyWorkers] == 2)
        let environment = ["STORM_TOPOLOGY_WORKERS": "3", "STORM_UI_PORT": "1003"]
        let all = try loader(options: ["topology.workers=5"], environment: environment).load().config
        #expect(all[.topologyWorkers] == 5)
        #expect(all[.uiPort] == 1003)
        #expect(all[.nimbusThriftPort] == 102)
        #expect(all[.uiHost] == "0.0.0.0")
        #expect(all.origin(named: "nimbus.thrift.port") == .file(path: folder.path + "/conf/storm.yaml", line: 3))
    }

    @Test func aGivenFileLiesOnTopOfStormYamlAndTheEnvironment() throws {
        try folder.write("topology.workers: 2\nui.port: 1002\n", to: "conf/storm.yaml")
        try folder.write("topology.workers: 4\n", to: "mine/other.yaml")
        let loaded = try loader(file: "mine/other.yaml", environment: ["STORM_TOPOLOGY_WORKERS": "3"]).load()
        #expect(loaded.files == [folder.path + "/conf/storm.yaml", folder.path + "/mine/other.yaml"])
        #expect(loaded.config[.topologyWorkers] == 4)
        #expect(loaded.config[.uiPort] == 1002)
        let last = try loader(file: "mine/other.yaml", options: ["topology.workers=5"]).load()
        #expect(last.config[.topologyWorkers] == 5)
    }

    @Test func theUsersFileComesBeforeTheWorkingFolders() throws {
        try folder.write("topology.workers: 2\n", to: "conf/storm.yaml")
        try folder.write("topology.workers: 3\n", to: "home/.storm/storm.yaml")
        #expect(try loader().load().config[.topologyWorkers] == 3)
    }

    @Test func theConfigurationFolderOfTheEnvironmentIsTheOnlyOneLookedInto() throws {
        try folder.write("topology.workers: 2\n", to: "conf/storm.yaml")
        try folder.write("topology.workers: 6\n", to: "other/storm.yaml")
        let environment = ["STORM_CONF_DIR": folder.path + "/other"]
        let config = try loader(environment: environment).load().config
        #expect(config[.topologyWorkers] == 6 && config.notices.isEmpty)
        let empty = ["STORM_CONF_DIR": folder.path + "/nowhere"]
        let defaults = try loader(environment: empty).load().config
        #expect(defaults[.topologyWorkers] == 1)
        #expect(defaults.notices.map(\.isWarning) == [true])
        #expect(defaults.notices.first?.description.contains("there is no folder \(folder.path)/nowhere") == true)
    }

    @Test func aMistypedVariableOfTheEnvironmentIsWarnedOf() throws {
        let environment = ["STORM_TOPOLOGY_WORKRS": "3", "STORM_SERVICE_ACCOUNT": "x", "STORM_TOPOLOGY_WORKERS": "2"]
        let config = try loader(environment: environment).load().config
        #expect(config[.topologyWorkers] == 2)
        #expect(
            config.notices.map(\.description) == [
                "environment variable STORM_TOPOLOGY_WORKRS: UNKNOWN KEY STORM_TOPOLOGY_WORKRS (did you mean "
                    + "STORM_TOPOLOGY_WORKERS?); it has no effect on the system"
            ])
    }

    @Test func aFolderGivenAsFileMeansTheStormYamlInIt() throws {
        try folder.write("topology.workers: 7\n", to: "cluster/storm.yaml")
        #expect(try loader(file: "cluster").load().config[.topologyWorkers] == 7)
    }

    @Test func noFileAtAllMeansTheDefaults() throws {
        // /etc/storm may exist on a machine: an own folder keeps it out.
        let loaded = try loader(environment: ["STORM_CONF_DIR": folder.path]).load()
        #expect(loaded.files.isEmpty && loaded.config.explicit.isEmpty)
    }

    @Test func aGivenFileThatIsMissingIsAFaultWithTheReason() {
        let error = #expect(throws: ConfigFaults.self) { try loader(file: "none.yaml").load() }
        #expect(error?.description == "cannot open \(folder.path)/none.yaml: No such file or directory")
    }

    @Test func theFaultsOfAllSourcesComeTogether() throws {
        let path = try folder.write("topology.workers: many\nui.port: 1\n", to: "conf/storm.yaml")
        let error = #expect(throws: ConfigFaults.self) {
            try loader(options: ["oops", "x=1"], environment: ["STORM_UI_PORT": "high"]).load()
        }
        let lines = error?.faults.map(\.description) ?? []
        #expect(lines.count == 3)
        #expect(
            lines.contains("\(path):1: topology.workers is \"many\" (a string) but must be an integer of at least 1"))
        #expect(lines.contains { $0.hasPrefix("environment variable STORM_UI_PORT: ui.port is \"high\"") })
        #expect(lines.contains { $0.hasPrefix("-c oops must be") })
    }

    @Test func aFileThatIsNoTextIsRefused() throws {
        let path = folder.path + "/big.yaml"
        try folder.write(String(repeating: "#", count: (1 << 20) + 1), to: "big.yaml")
        let error = #expect(throws: ConfigFaults.self) { try loader(file: path).load() }
        #expect(error?.description == "\(path) is longer than 1048576 bytes")
    }
}
