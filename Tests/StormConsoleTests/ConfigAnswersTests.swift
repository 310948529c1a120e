import StormConsole
import StormCore
import Testing

@Suite struct ConfigAnswersTests {
    private let config: Config

    init() throws {
        config = try Config.resolve([
            ConfigLayer(
                [
                    "topology.workers": 3, "nimbus.seeds": ["a", "b"], "my.own": "x",
                    "storm.zookeeper.topology.auth.payload": "user:secret",
                ], from: .commandLine(option: "-c"))
        ])
    }

    @Test(arguments: [
        ("topology.workers", "topology.workers: 3"), ("nimbus.seeds", "nimbus.seeds: a b"), ("my.own", "my.own: x"),
        ("nobody.knows", "nobody.knows: null"),
        ("storm.zookeeper.topology.auth.payload", "storm.zookeeper.topology.auth.payload: ******"),
    ])
    func aValueIsPrintedAsStormPrintsIt(name: String, line: String) {
        #expect(ConfigAnswers.line(name, config.value(named: name)) == line)
    }

    @Test func aKeyIsExplained() throws {
        let answer = try ConfigAnswers.explain("topology.workers", in: config)
        #expect(answer.value == 3 && answer.defaultValue == 1 && answer.source.hasPrefix("command line"))
        #expect(answer.hasEffect && !answer.meaning.isEmpty)
        #expect(answer.lines.contains("value:    3"))
        let own = try ConfigAnswers.explain("my.own", in: config)
        #expect(own.meaning.contains("of your own"))
        let secret = try ConfigAnswers.explain("storm.zookeeper.topology.auth.payload", in: config)
        #expect(!secret.lines.contains { $0.contains("secret\"") || $0.contains("user:") })
    }

    @Test func aMistypedKeyIsNotExplainedButCorrected() {
        let failure = #expect(throws: CommandFailure.self) {
            try ConfigAnswers.explain("topology.worker", in: .defaults)
        }
        #expect(failure?.message.contains("did you mean topology.workers?") == true)
    }

    @Test func keysAreFoundByPartOfTheirName() {
        #expect(ConfigAnswers.names(containing: "health.check").count == 3)
        #expect(ConfigAnswers.names(containing: "").count == ConfigKeys.byName.count)
    }
}
