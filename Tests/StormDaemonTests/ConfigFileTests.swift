@testable import StormDaemon
import StormCore
import Testing

private func values(_ text: String) throws -> [String: ConfigValue] {
    let settings = try ConfigFile.parse(text, path: "storm.yaml").settings
    return Dictionary(uniqueKeysWithValues: settings.map { ($0.name, $0.value) })
}

@Suite struct ConfigFileTests {
    @Test func everySettingKnowsItsLine() throws {
        let text = """
            # cluster
            storm.zookeeper.servers:
                - zk1
                - "zk2"

            nimbus.seeds: [a, b]
            topology.environment:
                PATH: /bin
            topology.workers: 3
            """
        let layer = try ConfigFile.parse(text, path: "conf/storm.yaml")
        #expect(
            layer.settings.map(\.name) == [
                "storm.zookeeper.servers", "nimbus.seeds", "topology.environment", "topology.workers",
            ])
        #expect(layer.settings.map(\.origin) == [2, 6, 7, 9].map { .file(path: "conf/storm.yaml", line: $0) })
        #expect(layer.settings.map(\.value) == [["zk1", "zk2"], ["a", "b"], ["PATH": "/bin"], 3])
    }

    @Test(
        arguments: [
            ("3", ConfigValue.int(3)), ("-3", -3), ("3.5", 3.5), ("1e3", 1000.0), ("1_000", 1000), ("0x10", 16),
            ("true", true), ("no", false), ("\"true\"", "true"), ("'3'", "3"), ("!!str 3", "3"), ("~", nil), ("", nil),
            ("abc", "abc"), ("10:30", "10:30"), ("1.2.3", "1.2.3"), ("127.0.0.1", "127.0.0.1"), ("[]", []),
            ("{}", [:]), ("{a: [1, {b: c}]}", ["a": [1, ["b": "c"]]]), ("+x", "+x"), ("007", 7), ("a b", "a b"),
        ] as [(String, ConfigValue)])
    func scalarsReadAsStormsFilesMeanThem(text: String, value: ConfigValue) throws {
        #expect(try values("key: \(text)\n") == ["key": value])
    }

    @Test(arguments: ["", "\n\n", "# nothing\n", "---\n", "~\n"])
    func anEmptyFileSetsNothing(text: String) throws {
        #expect(try values(text).isEmpty)
    }

    @Test func aKeyThatStandsTwiceIsNamedWithBothLines() {
        let text = "ui.port: 1\nnimbus.seeds: [a]\n\"ui.port\": 2\n"
        let error = #expect(throws: ConfigFaults.self) { try ConfigFile.parse(text, path: "storm.yaml") }
        #expect(
            error?.description
                == "storm.yaml:3: ui.port is set a second time; it is set already at storm.yaml:1: keep one of the two")
    }

    @Test func aKeyTwiceInAnInnerMapIsNamedToo() {
        let text = "topology.environment:\n  A: 1\n  A: 2\n"
        let error = #expect(throws: ConfigFaults.self) { try ConfigFile.parse(text, path: "storm.yaml") }
        #expect(error?.description.contains("storm.yaml:2:3: set more than once in one map: A") == true)
    }

    @Test(arguments: [
        ("ui.port: [1, 2\nb: 3\n", "storm.yaml:2:2: not valid YAML"),
        ("ui.port: \"abc\n", "storm.yaml:2:1: not valid YAML"), ("a: b: c\n", "storm.yaml:1:5: not valid YAML"),
        ("\tui.port: 1\n", "storm.yaml:1:1: not valid YAML"),
    ])
    func aSyntaxErrorIsNamedWithLineAndColumn(text: String, start: String) {
        let error = #expect(throws: ConfigFaults.self) { try ConfigFile.parse(text, path: "storm.yaml") }
        #expect(error?.description.hasPrefix(start) == true, "\(error?.description ?? "")")
    }

    @Test(arguments: ["- a\n- b\n", "just text\n", "5\n"])
    func aFileThatIsNoMapIsRefused(text: String) {
        let error = #expect(throws: ConfigFaults.self) { try ConfigFile.parse(text, path: "storm.yaml") }
        #expect(error?.description.hasPrefix("storm.yaml must be a map of keys and values") == true)
    }

    @Test func nestingHasALimit() {
        let text = "a: " + String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
        let error = #expect(throws: ConfigFaults.self) { try ConfigFile.parse(text, path: "storm.yaml") }
        #expect(error?.description.hasPrefix("storm.yaml:1: the value of a cannot be used") == true)
    }
}
