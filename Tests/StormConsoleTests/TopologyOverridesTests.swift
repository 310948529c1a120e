import StormConsole
import StormCore
import Testing

@Suite struct TopologyOverridesTests {
    private func config(_ options: [String: ConfigValue]) throws -> Config {
        try Config.resolve([
            ConfigLayer(["topology.workers": .int(7)], from: .file(path: "storm.yaml", line: 1)),
            ConfigLayer(options, from: .commandLine(option: "-c")),
        ])
    }

    @Test func optionsWinOverJSONAndTheCommandsOwnKeysStayBehind() throws {
        let config = try config([
            "topology.max.spout.pending": .int(5), "nimbus.seeds": .list([.string("a")]), "my.key": .string("x"),
        ])
        let overrides = try TopologyOverrides.parse(
            json: #"{"topology.max.spout.pending": 9, "topology.debug": true}"#, config: config)
        #expect(
            overrides == [
                "topology.max.spout.pending": .int(5), "topology.debug": .bool(true), "my.key": .string("x"),
            ])
    }

    @Test func withoutAnyThereAreNone() throws {
        #expect(try TopologyOverrides.parse(json: nil, config: config([:])).isEmpty)
    }

    @Test(arguments: ["", "[1]", "{", "topology.workers=3"])
    func whatIsNotAJSONObjectIsAnErrorOfUse(json: String) throws {
        let config = try config([:])
        let failure = #expect(throws: CommandFailure.self) { try TopologyOverrides.parse(json: json, config: config) }
        #expect(failure?.exitCode == 2)
    }
}
