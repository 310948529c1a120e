import StormCore
import StormSubmission
import StormThrift
import Testing

@testable import Storm

/// What becomes of a topology that a Thrift client sends.
@Suite struct ShellTopologyTests {
    static func topology() -> Thrift.StormTopology {
        var topology = Thrift.StormTopology()
        topology.spouts["words"] = .init(
            spoutObject: .shell(.init(executionCommand: "streamparse_run", script: "-s json spouts.Words")),
            common: .init(
                inputs: [:],
                streams: [
                    "default": .init(outputFields: ["word"], direct: false),
                    "errors": .init(outputFields: ["message", "count"], direct: true),
                ], parallelismHint: 2, jsonConf: "{\"topology.tasks\":4,\"my.own.key\":{\"a\":[1,null]}}"))
        topology.bolts["count"] = .init(
            boltObject: .shell(.init(executionCommand: "/bin/bash", script: "")),
            common: .init(
                inputs: [
                    .init(componentID: "words", streamID: "default"): .fields(["word"]),
                    .init(componentID: "words", streamID: "errors"): .direct,
                ], streams: [:]))
        return topology
    }

    @Test func itCanBeBuiltAndKeepsItsShape() throws {
        let built = try ShellTopology.build(Self.topology(), resources: "/r").description
        #expect(built == (try TopologyConversion.description(Self.topology())))
        let words = try #require(built["words"])
        #expect(words.kind == .spout && words.parallelism == 2 && words.tasks == 4)
        #expect(words.streams.map(\.isDirect) == [false, true])
        #expect(words.configuration == ["my.own.key": .map(["a": .list([.int(1), .null])])])
        #expect(built["count"]?.inputs.count == 2)
    }

    @Test func theCommandIsExactlyTheTwoTexts() {
        let commands = TopologyConversion.shellCommands(Self.topology())
        #expect(commands == ["words": ["streamparse_run", "-s json spouts.Words"], "count": ["/bin/bash", ""]])
    }

    @Test func aMissingScriptIsNoArgument() {
        var topology = Thrift.StormTopology()
        topology.bolts["b"] = .init(boltObject: .shell(.init(executionCommand: "cat")), common: .init())
        #expect(TopologyConversion.shellCommands(topology) == ["b": ["cat"]])
    }

    @Test func otherComponentsAreNamed() throws {
        var topology = Self.topology()
        topology.bolts["swift"] = .init(
            boltObject: .javaObject(.init(fullClassName: "swift:Count", argsList: [])),
            common: .init(inputs: [.init(componentID: "words", streamID: "default"): .shuffle], streams: [:]))
        let error = #expect(throws: InvalidTopologyError.self) { try ShellTopology.build(topology, resources: "/r") }
        #expect(error?.faults.map(\.component) == ["swift"])
    }

    @Test func theStoredFormIsReadAgain() throws {
        var writer = ThriftWriter()
        Self.topology().write(to: &writer)
        let read = try Thrift.StormTopology(stored: writer.bytes)
        #expect(TopologyConversion.shellCommands(read) == TopologyConversion.shellCommands(Self.topology()))
        #expect(throws: ThriftError.self) { try Thrift.StormTopology(stored: Array(writer.bytes.dropLast(5))) }
    }
}
