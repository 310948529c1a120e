import StormCore
import StormTestKit
import StormTopology
import Testing

@testable import StormRuntime

@Suite(.timeLimit(.minutes(1))) struct LatencySampleTests {
    private func statistics(_ component: String, of engine: TopologyEngine) async -> [TaskStatistics] {
        await engine.statistics().filter { $0.component == component }
    }

    @Test func samplesChangeNothingAboutDelivery() async throws {
        let check = DeliveryCheck()
        try await withEngine(ackers: 2, loops: 2) { topology in
            topology.spout("source", parallelism: 2) { CheckingSpout(check, count: 20_000) }
            topology.bolt("sink", parallelism: 3) { CheckingSink(check) }.shuffle("source")
        } _: { engine in
            try await check.wait(acked: 20_000)
            let sinks = await statistics("sink", of: engine)
            #expect(sinks.reduce(0) { $0 + $1.executed.values.reduce(0, +) } == 20_000)
            #expect(sinks.reduce(0) { $0 + $1.acked } == 20_000)
            let sampled = sinks.reduce(0) { $0 + ($1.executeLatency?.count ?? 0) }
            // A sample for each of the first batches of a task at least, and never one for each tuple.
            #expect(sampled >= 3 && sampled < 20_000)
            #expect(sinks.allSatisfy { $0.executeLatency?.count == $0.processLatency?.count })
            #expect(engine.busy.contains { $0.component == "sink" && $0.nanoseconds > 0 })
        }
    }

    @Test func aTupleThatIsNotAckedInExecuteHasNoProcessLatency() async throws {
        let seen = Observed(0)
        let check = DeliveryCheck()
        try await withEngine { topology in
            topology.spout("source") { CheckingSpout(check, count: 1) }
            topology.bolt("sink") { KeepingBolt { seen.update { $0 += 1 } } }.shuffle("source")
        } _: { engine in
            try await seen.wait("a tuple") { $0 >= 1 }
            let sink = try #require(await statistics("sink", of: engine).first)
            #expect(sink.executeLatency?.count == 1 && sink.processLatency?.count == 0)
        }
    }

    @Test func everyCallOfAnAsyncBoltIsTimed() async throws {
        let check = DeliveryCheck()
        try await withEngine { topology in
            topology.spout("source") { CheckingSpout(check, count: 50) }
            topology.bolt("sink") { PatientBolt() }.shuffle("source")
        } _: { engine in
            try await check.wait(acked: 50)
            let sink = try #require(await statistics("sink", of: engine).first)
            #expect(sink.executeLatency?.count == 50 && sink.processLatency?.count == 50)
        }
    }
}

/// Keeps its tuples.
private final class KeepingBolt: Bolt {
    private let onExecute: () -> Void
    private var kept: [Tuple] = []

    init(_ onExecute: @escaping () -> Void) { self.onExecute = onExecute }

    func execute(_ tuple: Tuple, _ out: Collector) {
        kept.append(tuple)
        onExecute()
    }
}

private final class PatientBolt: AsyncBolt {
    func execute(_ tuple: AsyncTuple, _ out: AsyncCollector) async throws { await Task.yield() }
}
