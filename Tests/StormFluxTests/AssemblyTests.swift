import StormCore
import StormTopology
import StormWire
import Testing

@testable import StormFlux

@Suite struct AssemblyTests {
    final class Numbers: Spout {
        static let outputs: Outputs = ["number"]
        let limit: Int

        init(limit: Int) { self.limit = limit }

        func nextTuple(_ out: SpoutCollector) {}
    }

    final class Keep: BasicBolt {
        static let outputs: Outputs = ["number"]

        init(_ rules: Rules) {}

        func execute(_ tuple: Tuple, _ out: BasicCollector) throws {}
    }

    struct Rules: Sendable {
        var isStrict: Bool
        var allowed: [String] = []
    }

    final class EveryNth: CustomGrouping {
        init(_ n: Int) {}

        func prepare(source: TaskID, stream: GlobalStreamID, targets: [TaskID]) {}
        func choose(_ values: [Value]) -> [TaskID] { [] }
    }

    static let components = FluxComponents {
        $0.spout("numbers") { args in Numbers(limit: try args.int("limit", default: 10)) }
        $0.bolt("keep") { args in Keep(try args.component(0)) }
        $0.component("rules") { args in
            var rules = Rules(isStrict: try args.bool(0, default: false))
            for call in args.calls("allow") { rules.allowed.append(try call.string(0)) }
            return rules
        }
        $0.grouping("every-nth") { args in
            let n = try args.int(0)
            return { EveryNth(n) }
        }
    }

    private let text = """
        name: numbers
        components:
          - id: strict
            className: rules
            constructorArgs: [true]
            configMethods:
              - {name: allow, args: [EU]}
        spouts:
          - id: numbers
            className: numbers
            parallelism: 2
            numTasks: 4
            properties:
              - {name: limit, value: 5}
            config: {topology.max.spout.pending: 7}
        bolts:
          - id: keep
            className: keep
            constructorArgs: [{ref: strict}]
          - id: unused
            className: keep
            constructorArgs: [{ref: strict}]
        streams:
          - from: numbers
            to: keep
            grouping: {type: CUSTOM, customClass: {className: every-nth, constructorArgs: [3]}}
        """

    @Test func registeredComponentsBecomeATopology() throws {
        let flux = try FluxFixtures.load(text)
        let topology = try FluxAssembly(flux, Self.components, shellFolder: nil, isTrial: true).build().topology
        let spout = try #require(topology.description["numbers"])
        #expect(spout.parallelism == 2)
        #expect(spout.tasks == 4)
        #expect(spout.configuration == ["topology.max.spout.pending": 7])
        #expect(topology.description["keep"]?.inputs.map(\.grouping) == [.custom("EveryNth")])
        #expect(topology.description["unused"] == nil)
        #expect(flux.notices.map(\.problem) == ["no stream leads to bolt 'unused'; it is left out"])
    }

    @Test func whatTravelsGivesTheSameTopology() throws {
        let flux = try FluxFixtures.load(text)
        let again = try FluxTopology(travelText: flux.travelText)
        let first = try FluxAssembly(flux, Self.components, shellFolder: nil, isTrial: true).build().topology
        let second = try FluxAssembly(again, Self.components, shellFolder: nil, isTrial: false).build().topology
        #expect(first.description == second.description)
        #expect(first.configuration == second.configuration)
    }

    @Test(arguments: [
        (
            "value: 5", "value: five",
            "topology.yaml:14: spouts[0].properties[0]: 'numbers': property 'limit' must be an integer; it is \"five\""
        ),
        (
            "name: limit", "name: limits",
            "topology.yaml:14: spouts[0].properties[0]: 'numbers' has no property 'limits'; did you mean 'limit'?"
        ),
        ("[true]", "[true, 1]", "topology.yaml:5: components[0].constructorArgs[1]: 'rules' takes no argument 1"),
        (
            "name: allow", "name: alow",
            "topology.yaml:7: components[0].configMethods[0]: 'rules' has no method 'alow'; did you mean 'allow'?"
        ),
        (
            "className: numbers", "className: numbrs",
            "topology.yaml:9: spouts[0].className: there is no spout 'numbrs'; did you mean 'numbers'?"
        ),
        (
            "className: every-nth", "className: every",
            "topology.yaml:26: streams[0].grouping.customClass.className: there is no grouping of the name 'every'; the program has: every-nth"
        ),
        (
            "constructorArgs: [3]", "constructorArgs: []",
            "topology.yaml:26: streams[0].grouping.customClass: 'every-nth': argument 0 is missing; it must be an integer"
        ),
    ])
    func argumentsThatDoNotSuitAreNamedWithTheirLine(part: String, wrong: String, fault: String) {
        #expect(FluxFixtures.faults(text.replacing(part, with: wrong), Self.components) == [fault])
    }

    @Test func aBrokenComponentIsComplainedAboutOnce() {
        let found = FluxFixtures.faults(
            text.replacing("className: rules", with: "className: demo.Rules"), Self.components)
        #expect(
            found == [
                "topology.yaml:3: components[0].className: the Java class demo.Rules cannot run here; the program has: rules"
            ])
    }

    @Test func withoutAProgramSwiftComponentsAreRefusedByName() {
        let found = FluxFixtures.faults(
            FluxFixtures.whole.replacing(FluxShell.boltClass, with: "demo.Split"), FluxComponents())
        #expect(found.count == 1)
        #expect(found.first?.contains("bolts[0].className: the Java class") == true)
        #expect(found.first?.contains("--program FILE") == true)
    }

    @Test func faultsOfAStreamStandAtItsKey() {
        let found = FluxFixtures.faults(
            FluxFixtures.whole.replacing("{type: SHUFFLE}", with: "{type: FIELDS, args: [nothing]}"), FluxComponents())
        #expect(found.count == 1)
        #expect(
            found.first?.hasPrefix(
                "topology.yaml:11: streams[0].grouping.args: component 'split': groups 'lines' by 'nothing'") == true,
            "\(found)")
    }

    /// Of the text, of names, and of what only shows when everything is put together.
    @Test func faultsOfEveryKindAreToldAtOnce() {
        let more = """
              - id: count
                className: org.apache.storm.flux.wrappers.bolts.FluxShellBolt
                constructorArgs: [[python3, count.py]]
            streams:
              - {from: lines, to: split, grouping: {type: SHUFFEL}}
              - {from: lines, to: nobody, grouping: {type: SHUFFLE}}
              - {from: nobody, to: split, grouping: {type: SHUFFLE}}
              - {from: lines, to: split, grouping: {type: FIELDS, args: [nothing]}}
              - {from: split, to: count, grouping: {type: SHUFFLE, streamId: bad}}
              - {from: split, to: count, grouping: {type: DIRECT}}
              - {from: split, to: count, grouping: {type: SHUFFLE}}

            """
        let text = "name: words\n" + FluxFixtures.spouts + FluxFixtures.bolts + more
        let found = FluxFixtures.faults(text, FluxComponents()).map { $0.split(separator: " ")[1] }
        #expect(
            found.sorted() == [
                "streams[0].grouping.type:", "streams[1].to:", "streams[2].from:", "streams[3].grouping.args:",
                "streams[4].grouping.streamId:", "streams[5].grouping.type:", "streams[6]:",
            ])
    }

    @Test func whatOnlyFollowsFromAnotherFaultIsNotTold() {
        let text = FluxFixtures.whole.replacing(
            "constructorArgs: [[python3, lines.py], [line]]", with: "constructorArgs: []"
        )
        .replacing("{type: SHUFFLE}", with: "{type: FIELDS, args: [line]}").replacing("name: words", with: "name: a/b")
        let found = FluxFixtures.faults(text, FluxComponents())
        #expect(found.count == 2, "\(found)")
        #expect(found.contains { $0.contains("spouts[0].constructorArgs") } && found.contains { $0.contains("a/b") })
    }

    @Test func theBoltThatLogsIsThere() throws {
        let text = FluxFixtures.whole.replacing(FluxShell.boltClass, with: ShippedBolt.logInfo)
        #expect(FluxFixtures.faults(text, FluxComponents()).first?.contains("takes no argument 0") == true)
        let flux = try FluxFixtures.load(
            text.replacing("    constructorArgs: [[python3, split.py], [word]]\n", with: ""))
        let built = try FluxAssembly(flux, FluxComponents(), shellFolder: nil, isTrial: true).build()
        #expect(try ShippedBolt.isOne(#require(built.topology.description["split"])))
        #expect(Set(built.shells.keys) == ["lines"])
    }

    @Test func aDirectStreamIsDeclaredByItsMethod() throws {
        let text = FluxFixtures.whole
            .replacing("[line]]", with: "[line]]\n    configMethods: [{name: setDirectStream, args: [asked, [line]]}]")
            .replacing("{type: SHUFFLE}", with: "{type: DIRECT, streamId: asked}")
        let flux = try FluxFixtures.load(text)
        let topology = try FluxAssembly(flux, FluxComponents(), shellFolder: nil, isTrial: true).build().topology
        #expect(topology.description["split"]?.inputs.map(\.grouping) == [.direct])
        #expect(topology.description["lines"]?.stream("asked")?.isDirect == true)
    }

    @Test(arguments: [
        ("SHUFFLE", GroupingDescription.shuffle), ("LOCAL_OR_SHUFFLE", .localOrShuffle), ("ALL", .all),
        ("GLOBAL", .global), ("NONE", .none), ("FIELDS, args: [line]", .fields(["line"])),
        (
            "CUSTOM, customClass: {className: org.apache.storm.grouping.PartialKeyGrouping, constructorArgs: [[line]]}",
            .partialKey(["line"])
        ),
    ])
    func everyGroupingHasItsMeaning(type: String, grouping: GroupingDescription) throws {
        let flux = try FluxFixtures.load(FluxFixtures.whole.replacing("SHUFFLE", with: type))
        let topology = try FluxAssembly(flux, FluxComponents(), shellFolder: nil, isTrial: true).build().topology
        #expect(topology.description["split"]?.inputs.map(\.grouping) == [grouping])
    }
}
