import StormCore
import StormTopology
import StormWire
import Testing

private final class Stranger: CustomGrouping {
    func prepare(source: TaskID, stream: GlobalStreamID, targets: [TaskID]) {}
    func choose(_ values: [Value]) -> [TaskID] { [TaskID(77)] }
}

private func plainSource(ackers: Int = 1) throws -> Rig {
    try Rig(
        "source",
        build { builder in
            builder.spout("source", outputs: Outputs(["key", "number"]).stream("side", ["text"])) { QuietSpout() }
            builder.bolt("sink") { QuietBolt() }.shuffle("source")
        }, ackers: ackers)
}

private func directSource() throws -> Rig {
    try Rig(
        "source",
        build { builder in
            builder.spout("source", outputs: Outputs().directStream("reply", ["text"])) { QuietSpout() }
            builder.bolt("sink") { QuietBolt() }.direct("source", stream: "reply")
        })
}

private func middle() throws -> Rig {
    try Rig(
        "middle",
        build { builder in
            builder.spout("source") { QuietSpout() }
            builder.bolt("middle", outputs: ["word"]) { QuietBolt() }.shuffle("source")
            builder.bolt("sink") { QuietBolt() }.shuffle("middle")
        })
}

/// A list in a list in a list …
private func nested(_ depth: Int) -> Value { (0..<depth).reduce(Value.int(1)) { value, _ in .list([value]) } }

/// An emit that cannot be carried out is noted, says which component did what, and leaves the process alone.
@Suite struct EmitFaultTests {
    private func fault(_ rig: Rig) -> String { rig.emitter.faults.take()?.fault.description ?? "none" }

    @Test func tooFewValues() throws {
        let rig = try plainSource()
        rig.spout.emit("only one")
        #expect(
            fault(rig) == "component 'source' emitted 1 values on stream 'default', which has 2 fields: key, number")
        #expect(rig.take().arrivals.isEmpty)
    }

    @Test func aMessageWithTooManyValuesFailsAndIsCountedOnce() throws {
        let rig = try plainSource()
        rig.spout.emit(values: [1, 2, 3], id: 1)
        // Some tree has to be told of: the acker fails it.
        #expect(rig.take().records.map(\.kind) == [.start, .fail])
        #expect(fault(rig).hasPrefix("component 'source' emitted 3 values on stream 'default'"))
        #expect(rig.spout.tracking.pointee.emitted == 1 && rig.spout.pendingCount == 1)
    }

    @Test(arguments: [0, 1]) func aMessageThatCannotBeEmittedIsRefused(_ ackers: Int) throws {
        let rig = try plainSource(ackers: ackers)
        rig.spout.emit(id: 1, "only one")
        rig.spout.emit(id: 2, "k", 1)
        let refused = rig.spout.tracking.pointee.takeRefused()
        #expect(refused.map(\.id) == [1] && refused.first?.fault.reason == .badEmit)
        #expect(rig.errors.count == 1)
        #expect(rig.spout.tracking.pointee.emitted == 2)
        #expect(rig.take().arrivals.count == 1)
        #expect(fault(rig) == "none")
    }

    @Test func aTupleLargerThanAFrame() throws {
        let rig = try plainSource()
        let text = String(repeating: "x", count: BatchLayout.maxTupleBytes)
        rig.spout.emit(id: 1, text, 1)
        #expect(rig.spout.tracking.pointee.takeRefused().map(\.id) == [1])
        #expect(rig.errors.first?.contains("component 'source' emitted a tuple of 671088") == true)
        rig.spout.emit(values: [.string(text), 1])
        #expect(fault(rig).contains("on stream 'default'; at most"))
        rig.spout.emit(text, text, text, text, text)
        #expect(fault(rig).contains("emitted 5 values"))
        #expect(rig.take().arrivals.isEmpty)
    }

    @Test func aTupleOfTheLargestSizeLeaves() throws {
        let rig = try middle()
        let overhead = BatchLayout.tupleHeaderBytes + 5
        rig.bolt.emit(String(repeating: "x", count: BatchLayout.maxTupleBytes - overhead))
        #expect(fault(rig) == "none")
        #expect(rig.take().arrivals.count == 1)
        rig.bolt.emit(String(repeating: "x", count: BatchLayout.maxTupleBytes - overhead + 1))
        #expect(fault(rig).contains("emitted a tuple of"))
    }

    @Test func aValueNestedTooDeep() throws {
        let rig = try middle()
        rig.bolt.emit(nested(Value.maxDepth))
        #expect(rig.take().arrivals.count == 1)
        rig.bolt.emit(nested(Value.maxDepth + 1))
        rig.bolt.emit(values: [nested(Value.maxDepth + 1)])
        #expect(fault(rig).contains("nested 64 deep"))
        #expect(rig.take().arrivals.isEmpty)
    }

    @Test func theAnchorOfARefusedEmitFailsWhateverWasSaidOfIt() throws {
        let source = try plainSource()
        source.spout.emit(id: 1, "k", 1)
        let anchor = try #require(source.take().arrivals.first).tuple
        let rig = try middle()
        rig.bolt.emit(anchor: anchor, "too", "many")
        rig.bolt.ack(anchor)
        #expect(rig.take().records.map(\.kind) == [.fail])
        let (noted, culprits) = try #require(rig.emitter.faults.take())
        #expect(noted.reason == .badEmit && culprits.map(\.record) == [anchor.record])
    }

    @Test func aStreamThatWasNotDeclared() throws {
        let rig = try plainSource()
        let stream = rig.spout.stream("other")
        #expect(fault(rig) == "component 'source' has no stream 'other'; it has: default, side")
        rig.spout.emit(stream, "text")
        #expect(
            fault(rig) == "component 'source' emitted on a stream that it does not declare; it declares: default, side")
    }

    @Test func theDefaultStreamWhenOnlyOthersAreDeclared() throws {
        let rig = try directSource()
        rig.spout.emit("text")
        #expect(fault(rig) == "component 'source' emitted on a stream that it does not declare; it declares: reply")
    }

    @Test func aDirectStreamWithoutATask() throws {
        let rig = try directSource()
        rig.spout.emit(rig.spout.stream("reply"), id: 1, "text")
        #expect(fault(rig).contains("emitted without naming a task on a direct stream; use emitDirect"))
        #expect(rig.take().records.map(\.kind) == [.start, .fail])
    }

    @Test func aTaskNamedOnAStreamThatIsNotDirect() throws {
        let rig = try plainSource()
        rig.spout.emitDirect(to: rig.tasks("sink")[0], rig.spout.stream("default"), "k", 1)
        #expect(
            fault(rig) == "component 'source': emitDirect on stream 'default', which is not declared direct")
    }

    @Test func aCustomGroupingThatChoosesAStranger() throws {
        let rig = try Rig(
            "source",
            build { builder in
                builder.spout("source") { QuietSpout() }
                builder.bolt("sink") { QuietBolt() }.custom("source") { Stranger() }
            })
        rig.spout.emit("k", 1)
        #expect(fault(rig).contains("a custom grouping chose task 77, which is none of its targets ["))
    }
}
