import StormCore
import StormTopology
import StormWire
import Testing

private final class Recorder: TaskHook {
    private(set) var emits: [String] = []
    private(set) var settled: [String] = []

    func emitted(_ values: [Value], stream: StreamID, to tasks: [TaskID]) {
        emits.append("\(stream) \(values) -> \(tasks)")
    }
    func acked(_ tuple: Tuple) { settled.append("acked \(tuple.int(0))") }
    func failed(_ tuple: Tuple) { settled.append("failed \(tuple.int(0))") }
}

private func topology() throws -> Topology {
    try build { builder in
        builder.spout("source", outputs: Outputs(["number"]).stream("unheard", ["text"])) { QuietSpout() }
        builder.bolt("sink", parallelism: 2, outputs: ["number"]) { QuietBolt() }.all("source")
        builder.bolt("tail") { QuietBolt() }.shuffle("sink")
    }
}

@Suite struct HookTests {
    @Test func aHookSeesEveryEmitWithItsTargetsAlsoWhenNobodyListens() throws {
        let rig = try Rig("source", topology())
        let recorder = Recorder()
        rig.emitter.setHooks([recorder])
        let sinks = rig.tasks("sink")
        rig.spout.emit(7)
        rig.spout.emit(id: 1, 8)
        rig.spout.emit(rig.spout.stream("unheard"), "x")
        rig.spout.emit(values: [.int(9)], id: 2)
        #expect(
            recorder.emits == [
                "default [7] -> \(sinks)", "default [8] -> \(sinks)", "unheard [x] -> []", "default [9] -> \(sinks)",
            ])
        // And nothing else changes: all arrive, and their trees add up.
        let (arrivals, records) = rig.take()
        #expect(arrivals.count == 6)
        for record in records {
            let edges = arrivals.flatMap { $0.tuple.anchors.filter { $0.root == record.root }.map(\.edge) }
            #expect(record.value == edges.reduce(0, ^))
        }
    }

    @Test func aBoltsHookSeesAnchoredEmitsAndWhatIsSettledOnce() throws {
        let source = try Rig("source", topology())
        source.spout.emit(id: 1, 5)
        let (arrivals, starts) = source.take()
        let sink = try Rig("sink", topology())
        let recorder = Recorder()
        sink.emitter.setHooks([recorder])
        sink.bolt.emit(anchor: arrivals[0].tuple, 6)
        sink.bolt.ack(arrivals[0].tuple)
        sink.bolt.ack(arrivals[0].tuple)
        sink.bolt.fail(arrivals[0].tuple)
        sink.bolt.fail(arrivals[1].tuple)
        #expect(recorder.emits == ["default [6] -> \(sink.tasks("tail"))"])
        #expect(recorder.settled == ["acked 5", "failed 5"])
        let (children, records) = sink.take()
        #expect(children.map { $0.tuple.anchors.map(\.root) } == [[starts[0].root]])
        #expect(records.map(\.kind) == [.ack, .fail])
        #expect(sink.emitter.state.pointee.acked == 1 && sink.emitter.state.pointee.failed == 1)
    }

    @Test func aHookChangesNothingAboutWhereTuplesGo() throws {
        let topology = try build { builder in
            builder.spout("source", outputs: Outputs(["number"]).stream("pairs", ["number"])) { QuietSpout() }
            builder.bolt("sink", parallelism: 5) { QuietBolt() }.fields("source", "number")
                .partialKey("source", stream: "pairs", "number")
        }
        let plain = try Rig("source", topology)
        let watched = try Rig("source", topology)
        let recorder = Recorder()
        watched.emitter.setHooks([recorder])
        for rig in [plain, watched] {
            let pairs = rig.spout.stream("pairs")
            for number in 0..<50 {
                rig.spout.emit(number)
                rig.spout.emit(pairs, id: .int(number), number % 3)
            }
        }
        let seen = watched.take().arrivals
        #expect(plain.take().arrivals.map { "\($0.task) \($0.tuple)" } == seen.map { "\($0.task) \($0.tuple)" })
        #expect(recorder.emits.count == 100)
        let first = try #require(seen.first { $0.tuple.int(0) == 0 && $0.tuple.sourceStream == "default" })
        #expect(recorder.emits[0] == "default [0] -> [\(first.task)]")
    }

    @Test func withoutHooksTheFastPathIsUsedForOnePlainSubscriber() throws {
        let rig = try Rig("sink", topology())
        #expect(rig.emitter.route("default").pointee.kind == .one)
        rig.emitter.setHooks([Recorder()])
        #expect(rig.emitter.route("default").pointee.kind == .general)
    }
}
