import StormCore
import StormTestKit
import StormTopology
import StormWire
import Testing

@testable import StormRuntime

/// Counts by stream are those of the stream, not of the task.
@Suite(.timeLimit(.minutes(1))) struct StreamCountsTests {
    /// 100 messages, or 1000 and every tenth on `x` too.
    private final class TwoStreams: Spout {
        static let outputs = Outputs(["n"]).stream("x", ["n"])
        private let count: Int
        private let perX: Int
        private let ended: Observed<Int>
        private var next = 0
        private var x: OutputStream?

        init(_ count: Int, perX: Int, ended: Observed<Int>) {
            self.count = count
            self.perX = perX
            self.ended = ended
        }

        func open(_ context: TaskContext, _ out: SpoutCollector) { x = out.stream("x") }

        func nextTuple(_ out: SpoutCollector) {
            guard next < count, let x else { return }
            out.emit(id: .int(next), next)
            if next % perX == 0 { out.emit(x, id: .int(1_000_000 + next), next) }
            next += 1
        }

        func ack(_ id: MessageID) { ended.update { $0 += 1 } }
        func fail(_ id: MessageID, _ reason: FailureReason) { ended.update { $0 += 1 } }
    }

    private func input(_ acked: Int, failed: Int = 0) -> InputCounts {
        var counts = InputCounts()
        counts.executed = acked + failed
        counts.acked = acked
        counts.failed = failed
        return counts
    }

    private func output(_ transferred: Int, acked: Int, failed: Int = 0) -> OutputCounts {
        var counts = OutputCounts()
        counts.transferred = transferred
        counts.acked = acked
        counts.failed = failed
        return counts
    }

    @Test(arguments: [0, 1]) func eachStreamHasItsOwn(_ ackers: Int) async throws {
        let ended = Observed(0)
        let executed = Observed(0)
        try await withEngine(
            ackers: ackers,
            build: { topology in
                topology.spout("s1") { TwoStreams(100, perX: .max, ended: ended) }
                topology.spout("s2") { TwoStreams(1000, perX: 10, ended: ended) }
                topology.bolt("b") {
                    BlockBolt { tuple, out in
                        // Of s2's default stream every fifth fails.
                        let fails =
                            tuple.sourceComponent == "s2" && tuple.sourceStream == .default && tuple.int(0) % 5 == 0
                        if fails { out.fail(tuple) } else { out.ack(tuple) }
                        executed.update { $0 += 1 }
                    }
                }.shuffle("s1").shuffle("s2").shuffle("s2", stream: "x")
                // Two copies of each tuple of x, one for each of its tasks.
                topology.bolt("c", parallelism: 2) {
                    BlockBolt { tuple, out in
                        out.ack(tuple)
                        executed.update { $0 += 1 }
                    }
                }.all("s2", stream: "x")
            }
        ) { engine in
            // s1's message 0 goes to x as well; nobody hears that.
            try await ended.wait("all ends") { $0 == 1201 }
            try await executed.wait("all tuples") { $0 == 100 + 1000 + 100 + 200 }
            let all = await engine.statistics()
            let b = try #require(all.first { $0.component == "b" })
            #expect(
                b.inputs == [
                    GlobalStreamID("s1"): input(100), GlobalStreamID("s2"): input(800, failed: 200),
                    GlobalStreamID("s2", "x"): input(100),
                ])
            #expect(b.acked == 1000 && b.failed == 200 && b.executed == ["s1": 100, "s2": 1100])
            let c = all.filter { $0.component == "c" }
            #expect(c.count == 2 && c.allSatisfy { $0.inputs == [GlobalStreamID("s2", "x"): input(100)] })
            let s1 = try #require(all.first { $0.component == "s1" })
            #expect(s1.outputs == ["default": output(100, acked: 100), "x": output(0, acked: 1)])
            #expect(s1.emitted == ["default": 100, "x": 1])
            let s2 = try #require(all.first { $0.component == "s2" })
            let failed = ackers == 0 ? 0 : 200
            #expect(
                s2.outputs == [
                    "default": output(1000, acked: 1000 - failed, failed: failed), "x": output(300, acked: 100),
                ])
            #expect(s2.outputs.values.reduce(0) { $0 + $1.transferred } == s2.transferred)
            guard ackers > 0 else { return }
            let acker = try #require(all.first { $0.component == TopologyPlan.ackerComponent })
            #expect(acker.inputs[GlobalStreamID("s1", "__ack_init")]?.executed == 101)
            #expect(acker.inputs[GlobalStreamID("s2", "__ack_init")]?.executed == 1100)
            #expect(acker.inputs[GlobalStreamID("b", "__ack_fail")]?.executed == 200)
            #expect(Set(acker.executed.keys) == ["s1", "s2", "b", "c"])
        }
    }

    /// With several subscribers, one of them of the all grouping, copies are counted one by one.
    @Test func everyCopyCounts() async throws {
        let ended = Observed(0)
        try await withEngine { topology in
            topology.spout("s") { CountingSpout(ended) }
            topology.bolt("b", parallelism: 3) { BlockBolt { tuple, out in out.ack(tuple) } }.all("s")
            topology.bolt("c") { BlockBolt { tuple, out in out.ack(tuple) } }.shuffle("s")
        } _: { engine in
            try await ended.wait("all acks") { $0 == 50 }
            let s = try #require(await engine.statistics().first { $0.component == "s" })
            #expect(s.outputs == ["default": output(200, acked: 50)])
        }
    }

    private final class CountingSpout: Spout {
        static let outputs: Outputs = ["n"]
        private let ended: Observed<Int>
        private var next = 0

        init(_ ended: Observed<Int>) { self.ended = ended }

        func nextTuple(_ out: SpoutCollector) {
            guard next < 50 else { return }
            out.emit(id: .int(next), next)
            next += 1
        }

        func ack(_ id: MessageID) { ended.update { $0 += 1 } }
    }
}
