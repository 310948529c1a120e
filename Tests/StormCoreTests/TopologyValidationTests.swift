import StormCore
import Testing

@Suite struct TopologyValidationTests {
    private static let spout = ComponentDescription(
        id: "s", kind: .spout,
        streams: [StreamDescription(fields: ["a", "b"]), StreamDescription("direct", fields: ["d"], isDirect: true)])

    private static func bolt(_ source: GlobalStreamID, _ grouping: GroupingDescription) -> ComponentDescription {
        ComponentDescription(id: "b", kind: .bolt, inputs: [InputDescription(source, grouping)])
    }

    private static func changed(
        _ component: ComponentDescription = spout, _ change: (inout ComponentDescription) -> Void
    ) -> ComponentDescription {
        var copy = component
        change(&copy)
        return copy
    }

    private static let shuffled = bolt(GlobalStreamID("s"), .shuffle)

    struct Case: Sendable, CustomTestStringConvertible {
        let component: String
        let words: [String]
        let components: [ComponentDescription]
        var testDescription: String { words.joined(separator: " ") }
    }

    static let cases: [Case] = [
        Case(component: "", words: ["no spout"], components: []),
        Case(
            component: "b", words: ["'nobody'", "does not exist", "s"],
            components: [spout, bolt(GlobalStreamID("nobody"), .shuffle)]),
        Case(
            component: "b", words: ["'other'", "'s'", "default"],
            components: [spout, bolt(GlobalStreamID("s", "other"), .shuffle)]),
        Case(
            component: "b", words: ["'c'", "a, b"],
            components: [spout, bolt(GlobalStreamID("s"), .fields(["a", "c"]))]),
        Case(
            component: "b", words: ["'d'", "a, b"], components: [spout, bolt(GlobalStreamID("s"), .partialKey(["d"]))]),
        Case(component: "b", words: ["no field"], components: [spout, bolt(GlobalStreamID("s"), .fields([]))]),
        Case(component: "b", words: ["no field"], components: [spout, bolt(GlobalStreamID("s"), .partialKey([]))]),
        Case(
            component: "b", words: ["direct stream", "shuffle"],
            components: [spout, bolt(GlobalStreamID("s", "direct"), .shuffle)]),
        Case(component: "b", words: ["not declared direct"], components: [spout, bolt(GlobalStreamID("s"), .direct)]),
        Case(component: "s", words: ["used twice"], components: [spout, spout]),
        Case(
            component: "s", words: ["cannot have inputs"],
            components: [changed { $0.inputs = [InputDescription(GlobalStreamID("s"), .all)] }]),
        Case(component: "b", words: ["without input"], components: [spout, changed(shuffled) { $0.inputs = [] }]),
        Case(
            component: "b", words: ["'s:default' twice"],
            components: [spout, changed(shuffled) { $0.inputs += $0.inputs }]),
        Case(component: "", words: ["name is empty"], components: [changed { $0.id = "" }]),
        Case(component: "__s", words: ["'__'"], components: [changed { $0.id = "__s" }]),
        Case(component: "s", words: ["parallelism is 0"], components: [changed { $0.parallelism = 0 }]),
        Case(component: "s", words: ["0 tasks"], components: [changed { $0.tasks = 0 }]),
        Case(
            component: "s", words: ["stream 'default' twice"],
            components: [changed { $0.streams.insert($0.streams[0], at: 0) }]),
        Case(
            component: "s", words: ["without a name"],
            components: [changed { $0.streams = [StreamDescription("", fields: [])] }]),
        Case(
            component: "s", words: ["'__x'", "system"],
            components: [changed { $0.streams = [StreamDescription("__x", fields: [])] }]),
        Case(
            component: "s", words: ["field 'a' twice"],
            components: [changed { $0.streams = [StreamDescription(fields: ["a", "b", "a"])] }]),
        Case(
            component: "s", words: ["255 fields"],
            components: [changed { $0.streams = [StreamDescription(fields: (0..<256).map { "f\($0)" })] }]),
    ]

    @Test(arguments: cases)
    func everyFaultNamesItsComponentAndTheProblem(_ sample: Case) {
        let faults = TopologyDescription(components: sample.components).faults()
        let found = faults.contains { fault in
            fault.component == sample.component && sample.words.allSatisfy { fault.problem.contains($0) }
        }
        #expect(found, "\(faults)")
    }

    @Test func allFaultsAreListedTogether() {
        let broken = Self.changed { $0.parallelism = 0 }
        #expect {
            try TopologyDescription(components: [broken, Self.bolt(GlobalStreamID("x"), .all)]).validate()
        } throws: { error in
            "\(error)".contains("component 's'") && "\(error)".contains("component 'b'")
        }
    }

    @Test func soundTopologiesHaveNoFault() {
        for grouping in [
            .shuffle, .localOrShuffle, .fields(["b"]), .partialKey(["a", "b"]), .all, .global, .none, .custom("G"),
        ]
            as [GroupingDescription]
        {
            let description = TopologyDescription(components: [Self.spout, Self.bolt(GlobalStreamID("s"), grouping)])
            #expect(description.faults().isEmpty)
        }
        #expect(
            TopologyDescription(components: [Self.spout, Self.bolt(GlobalStreamID("s", "direct"), .direct)]).faults()
                .isEmpty)
        // Cycles run here, unlike under Storm's submit client.
        let loop = Self.changed(Self.shuffled) {
            $0.streams = [StreamDescription(fields: ["a"])]
            $0.inputs.append(InputDescription(GlobalStreamID("b"), .shuffle))
        }
        #expect(TopologyDescription(components: [Self.spout, loop]).faults().isEmpty)
    }
}
