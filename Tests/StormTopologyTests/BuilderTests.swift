import StormCore
import StormTopology
import StormWire
import Testing

private final class EmptyBasic: BasicBolt {
    static let outputs: Outputs = ["out"]
    func execute(_ tuple: Tuple, _ out: BasicCollector) throws {}
}

private final class AnyTask: CustomGrouping {
    func prepare(source: TaskID, stream: GlobalStreamID, targets: [TaskID]) {}
    func choose(_ values: [Value]) -> [TaskID] { [] }
}

@Suite struct BuilderTests {
    @Test func theDescriptionSaysWhatWasDeclared() throws {
        let topology = try build { builder in
            builder.set("topology.workers", .int(3))
            builder.spout("source", parallelism: 2) { QuietSpout() }.tasks(4).maxPending(100).set("own", .string("x"))
            builder.bolt("basic", parallelism: 5) { EmptyBasic() }
                .fields("source", "key", "number").tick(everySeconds: 9).tasks(6)
        }
        #expect(topology.configuration == ["topology.workers": .int(3)])
        #expect(topology.description.components.map(\.id) == ["basic", "source"])
        let source = try #require(topology.description["source"])
        #expect(source.kind == .spout && source.parallelism == 2 && source.tasks == 4 && source.taskCount == 4)
        #expect(source.implementation == "QuietSpout")
        #expect(source.configuration == ["topology.max.spout.pending": .int(100), "own": .string("x")])
        #expect(source.streams == [StreamDescription(fields: ["key", "number"])])
        let basic = try #require(topology.description["basic"])
        #expect(basic.kind == .bolt && basic.parallelism == 5 && basic.taskCount == 6)
        #expect(basic.inputs == [InputDescription(GlobalStreamID("source"), .fields(["key", "number"]))])
        #expect(basic.configuration == ["topology.tick.tuple.freq.secs": .int(9)])
        #expect(basic.streams.map(\.fields) == [["out"]])
    }

    @Test func everyGroupingHasItsDeclarer() throws {
        let topology = try build { builder in
            let outputs = Outputs(["key"]).stream("s", ["key"]).directStream("d", ["key"])
            for name in 1...5 { builder.spout("s\(name)", outputs: outputs) { QuietSpout() } }
            builder.bolt("bolt") { QuietBolt() }
                .shuffle("s1").localOrShuffle("s2").fields("s3", "key").partialKey("s4", "key").all("s5")
                .global("s1", stream: "s").none("s2", stream: "s").direct("s3", stream: "d")
                .custom("s4", stream: "s") { AnyTask() }
        }
        #expect(
            topology.description["bolt"]?.inputs.map(\.grouping) == [
                .shuffle, .localOrShuffle, .fields(["key"]), .partialKey(["key"]), .all, .global, .none, .direct,
                .custom("AnyTask"),
            ])
        let key = CustomGroupingKey(component: "bolt", source: GlobalStreamID("s4", "s"))
        #expect(topology.customGroupings[key]?() is AnyTask)
    }

    @Test func outputsOfTheCallReplaceThoseOfTheType() throws {
        let topology = try build { builder in
            builder.spout("source", outputs: ["other"]) { QuietSpout() }
            builder.bolt("sink") { QuietBolt() }.fields("source", "other")
        }
        #expect(topology.description["source"]?.streams.map(\.fields) == [["other"]])
        #expect(topology.description["sink"]?.streams == [])
    }

    @Test func theOrderOfTheCallsDoesNotChangeTheDescription() throws {
        let forward = try build { builder in
            builder.spout("a") { QuietSpout() }
            builder.bolt("b") { QuietBolt() }.shuffle("a")
        }
        let backward = try build { builder in
            builder.bolt("b") { QuietBolt() }.shuffle("a")
            builder.spout("a") { QuietSpout() }
        }
        #expect(forward.description == backward.description)
    }

    @Test func allFaultsAreReportedTogether() {
        let error = #expect(throws: InvalidTopologyError.self) {
            try build { builder in
                builder.spout("source", parallelism: 0) { QuietSpout() }
                builder.bolt("lonely") { QuietBolt() }
                builder.bolt("lost") { QuietBolt() }.shuffle("nowhere")
                builder.bolt("wrong") { QuietBolt() }.fields("source", "kye")
                builder.bolt("stream") { QuietBolt() }.shuffle("source", stream: "other")
                builder.bolt("direct") { QuietBolt() }.direct("source")
                builder.bolt("twice") { QuietBolt() }.shuffle("source").all("source")
                builder.bolt("__mine") { QuietBolt() }.shuffle("source")
                builder.bolt("none") { QuietBolt() }.fields("source")
            }
        }
        let text = error.map { "\($0)" } ?? ""
        for part in [
            "component 'source': parallelism is 0", "component 'lonely': is a bolt without input",
            "component 'lost': subscribes to 'nowhere', which does not exist",
            "component 'wrong': groups 'source' by 'kye', but stream 'default' has the fields: key, number",
            "component 'stream': subscribes to stream 'other' of 'source', which does not declare it (it has: default)",
            "component 'direct': uses the direct grouping on 'source:default'",
            "component 'twice': subscribes to 'source:default' twice", "component '__mine': names that start with '__'",
            "component 'none': groups 'source' by no field",
        ] { #expect(text.contains(part), "\(part) is not in: \(text)") }
    }

    @Test func aNameUsedTwiceIsRefusedWhateverItsKind() {
        let error = #expect(throws: InvalidTopologyError.self) {
            try build { builder in
                builder.spout("same") { QuietSpout() }
                builder.bolt("same") { QuietBolt() }.shuffle("same")
            }
        }
        #expect(error.map { "\($0)" }?.contains("component 'same': the name is used twice") == true)
    }

    @Test func aDirectStreamTakesNoOtherGrouping() {
        let error = #expect(throws: InvalidTopologyError.self) {
            try build { builder in
                builder.spout("source", outputs: Outputs().directStream("d", ["x"])) { QuietSpout() }
                builder.bolt("sink") { QuietBolt() }.all("source", stream: "d")
            }
        }
        #expect(
            error.map { "\($0)" }?.contains("subscribes to direct stream 'source:d' with grouping all; use direct")
                == true)
    }
}
