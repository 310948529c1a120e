import StormCore
import StormSubmission
import StormThrift
import Testing

@Suite struct TopologyConversionTests {
    static let topology = TopologyDescription(components: [
        ComponentDescription(
            id: "lines", kind: .spout, implementation: "FileLines", parallelism: 2,
            streams: [
                StreamDescription(fields: ["line"]), StreamDescription("raw", fields: ["a", "b"], isDirect: true),
            ]),
        ComponentDescription(
            id: "split", kind: .bolt, implementation: "Split", parallelism: 4, tasks: 8,
            streams: [StreamDescription(fields: ["word"])],
            inputs: [
                InputDescription(GlobalStreamID("lines"), .shuffle),
                InputDescription(GlobalStreamID("lines", "raw"), .direct),
            ],
            configuration: ["topology.tick.tuple.freq.secs": .int(5), "x": .list([.string("y"), .double(1.5), .null])]),
    ])

    static func withGrouping(_ grouping: GroupingDescription) -> TopologyDescription {
        TopologyDescription(
            components: topology.components + [
                ComponentDescription(
                    id: "sink", kind: .bolt, implementation: "Sink",
                    inputs: [InputDescription(GlobalStreamID("split"), grouping)])
            ])
    }

    @Test(
        arguments: [
            .shuffle, .localOrShuffle, .fields(["word"]), .partialKey(["word", "b"]), .all, .global, .none, .direct,
            .custom("mine"),
        ] as [GroupingDescription])
    func thereAndBackIsTheSame(grouping: GroupingDescription) throws {
        let topology = Self.withGrouping(grouping)
        var writer = ThriftWriter()
        try TopologyConversion.thrift(topology).write(to: &writer)
        var reader = ThriftReader(bytes: writer.bytes)
        let back = try TopologyConversion.description(Thrift.StormTopology(from: &reader))
        #expect(back == TopologyConversion.canonical(topology))
    }

    @Test func equalTopologiesHaveEqualBytes() throws {
        func bytes() throws -> [UInt8] {
            var writer = ThriftWriter()
            try TopologyConversion.thrift(Self.topology).write(to: &writer)
            return writer.bytes
        }
        #expect(try bytes() == bytes())
    }

    @Test func shellComponentsAreUnderstood() throws {
        var topology = Thrift.StormTopology()
        topology.spouts["words"] = .init(
            spoutObject: .shell(.init(executionCommand: "streamparse_run", script: "spouts.Words")),
            common: .init(inputs: [:], streams: ["default": .init(outputFields: ["word"], direct: false)]))
        let description = try TopologyConversion.description(topology)
        #expect(description["words"]?.implementation == "shell:streamparse_run spouts.Words")
        #expect(description["words"]?.parallelism == 1)
    }

    @Test func everythingThatNeedsAJVMIsNamed() throws {
        var topology = Thrift.StormTopology()
        topology.spouts["a"] = .init(spoutObject: .serializedJava([1]), common: .init())
        topology.bolts["b"] = .init(
            boltObject: .javaObject(.init(fullClassName: "org.example.B", argsList: [])), common: .init())
        topology.bolts["c"] = .init(
            boltObject: .shell(.init(executionCommand: "x")),
            common: .init(inputs: [.init(componentID: "a", streamID: "default"): .customSerialized([1])], streams: [:]))
        let error = #expect(throws: InvalidTopologyError.self) { try TopologyConversion.description(topology) }
        #expect(error?.faults.map(\.component) == ["a", "b", "c"])
    }

    @Test func faultyComponentConfigurationIsReported() throws {
        var topology = Thrift.StormTopology()
        topology.spouts["a"] = .init(
            spoutObject: .shell(.init()), common: .init(inputs: [:], streams: [:], jsonConf: "[1]"))
        #expect(throws: InvalidTopologyError.self) { try TopologyConversion.description(topology) }
    }

    @Test(arguments: ["", "a/b", "a.b", "a:b", "a\\b", "a\nb", String(repeating: "x", count: 129)])
    func badNamesAreRefused(name: String) { #expect(TopologyName.fault(name) != nil) }

    @Test(arguments: ["word-count", "Größe 1", "a_b"])
    func goodNamesPass(name: String) { #expect(TopologyName.fault(name) == nil) }
}
