import StormCore
import StormTopology
import StormWire
import Testing

private final class Stranger: CustomGrouping {
    func prepare(source: TaskID, stream: GlobalStreamID, targets: [TaskID]) {}
    func choose(_ values: [Value]) -> [TaskID] { [TaskID(77)] }
}

private func plainSource() throws -> Rig {
    try Rig(
        "source",
        build { builder in
            builder.spout("source", outputs: Outputs(["key", "number"]).stream("side", ["text"])) { QuietSpout() }
            builder.bolt("sink") { QuietBolt() }.shuffle("source")
        })
}

private func directSource() throws -> Rig {
    try Rig(
        "source",
        build { builder in
            builder.spout("source", outputs: Outputs().directStream("reply", ["text"])) { QuietSpout() }
            builder.bolt("sink") { QuietBolt() }.direct("source", stream: "reply")
        })
}

/// A fault of the program stops it, and the last words say which component did what.
@Suite struct TrapTests {
    private func expectWords(
        _ result: ExitTest.Result?, _ words: String..., location: SourceLocation = #_sourceLocation
    ) {
        let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        for word in words { #expect(said.contains(word), "said: \(said)", sourceLocation: location) }
    }

    @Test func tooFewValues() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try plainSource().spout.emit("only one")
        }
        expectWords(
            result, "component 'source' emitted 1 values on stream 'default', which has 2 fields: key, number")
    }

    @Test func tooManyValuesInTheDynamicForm() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try plainSource().spout.emit(values: [1, 2, 3], id: 1)
        }
        expectWords(result, "component 'source' emitted 3 values on stream 'default'")
    }

    @Test func aStreamThatWasNotDeclared() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = try plainSource().spout.stream("other")
        }
        expectWords(result, "component 'source' has no stream 'other'; it has: default, side")
    }

    @Test func theDefaultStreamWhenOnlyOthersAreDeclared() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try directSource().spout.emit("text")
        }
        expectWords(result, "component 'source' emitted on its default stream but declares only: reply")
    }

    @Test func aDirectStreamWithoutATask() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let rig = try directSource()
            rig.spout.emit(rig.spout.stream("reply"), "text")
        }
        expectWords(result, "emitted without naming a task on a direct stream; use emitDirect")
    }

    @Test func aTaskNamedOnAStreamThatIsNotDirect() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let rig = try plainSource()
            rig.spout.emitDirect(to: rig.tasks("sink")[0], rig.spout.stream("default"), "k", 1)
        }
        expectWords(result, "component 'source': emitDirect on stream 'default', which is not declared direct")
    }

    @Test func aCustomGroupingThatChoosesAStranger() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let rig = try Rig(
                "source",
                build { builder in
                    builder.spout("source") { QuietSpout() }
                    builder.bolt("sink") { QuietBolt() }.custom("source") { Stranger() }
                })
            rig.spout.emit("k", 1)
        }
        expectWords(result, "custom grouping chose task 77, which is none of its targets [")
    }

    @Test func aFieldOfAnotherType() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let rig = try plainSource()
            rig.spout.emit("k", 1)
            _ = rig.take().arrivals[0].tuple.int("key")
        }
        expectWords(result, "field 0 of source:default#", "[k, 1] is not of type int")
    }

    @Test func aFieldThatTheStreamDoesNotHave() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let rig = try plainSource()
            rig.spout.emit("k", 1)
            _ = rig.take().arrivals[0].tuple.string("kye")
        }
        expectWords(result, "stream source:default has no field 'kye'", "key", "number")
    }
}
