import Foundation
import Glibc
import StormCore
import Testing

@testable import storm_perf

/// Each topology in tiny form, in this process: it moves tuples, loses none, and nothing fails.
@Suite(.serialized) struct ShapeTests {
    /// As a run of `storm-perf`, with little in flight so that it ends soon.
    private func specification(_ shape: Shape) -> RunSpecification {
        var specification = RunSpecification(shape)
        specification.maxPending = 200
        specification.pauseMicroseconds = 50
        return specification
    }

    /// Runs the shape until `count` tuples were measured, lets it drain, and hands over what was counted.
    private func run(_ specification: RunSpecification, tuples count: Int) async throws -> Sample {
        let workers = try (0..<specification.workers).map { try PerfWorker(specification, index: $0) }
        do {
            let sample = try await measure(specification, workers, count)
            for worker in workers { await worker.stop() }
            return sample
        } catch {
            for worker in workers { await worker.stop() }
            throw error
        }
    }

    private func measure(_ specification: RunSpecification, _ workers: [PerfWorker], _ count: Int) async throws
        -> Sample
    {
        var ports: [Int] = []
        for worker in workers { ports.append(try await worker.listen()) }
        let allPorts = ports
        // None is ready before all are there.
        try await withThrowingTaskGroup { group in
            for worker in workers { group.addTask { try await worker.start(allPorts) } }
            try await group.waitForAll()
        }
        for worker in workers { worker.setActive(true) }
        _ = try await sample(workers, "\(count) tuples") { measured(specification.shape, $0) >= count }
        for worker in workers { worker.setActive(false) }
        return try await sample(workers, "an end of all trees") { isDrained(specification, $0) }
    }

    private func measured(_ shape: Shape, _ sample: Sample) -> Int {
        guard let component = shape.measured else { return sample.components["spout"]?.emitted ?? 0 }
        return sample.components[component]?.executed ?? 0
    }

    private func isDrained(_ specification: RunSpecification, _ sample: Sample) -> Bool {
        sample.components.values.allSatisfy { $0.pending == 0 } && conservationFaults(specification, sample).isEmpty
    }

    /// Asks again and again, for half a minute, until the sum of all workers is as wanted.
    private func sample(
        _ workers: [PerfWorker], _ what: String, until condition: (Sample) -> Bool
    ) async throws -> Sample {
        let deadline = ContinuousClock.now + .seconds(30)
        while true {
            var sum = Sample()
            for worker in workers { sum.merge(try await worker.sample()) }
            if condition(sum) { return sum }
            guard ContinuousClock.now < deadline else { throw PerfError("no \(what): \(sum.components)") }
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    /// What was emitted must have been executed and acked, component for component.
    private func conservationFaults(_ specification: RunSpecification, _ sample: Sample) -> [String] {
        func component(_ name: String) -> Sample.Component { sample.components[name] ?? Sample.Component() }
        let spout = component("spout")
        var faults: [String] = []
        func equal(_ a: Int, _ b: Int, _ what: String) { if a != b { faults.append("\(what): \(a) ≠ \(b)") } }
        let chains: [Shape: [String]] = [
            .constSpoutOnly: [], .constSpoutIDBoltNullBolt: ["id", "null"], .wordCount: ["split", "count"],
            .fileReadWordCount: ["split", "count"], .manyBolts: ["stage1", "stage2", "null"],
        ]
        var emitted = spout.emitted
        for name in chains[specification.shape] ?? ["null"] {
            equal(emitted, component(name).executed, "into \(name)")
            equal(component(name).executed, component(name).acked, "acked by \(name)")
            equal(component(name).failed, 0, "failed by \(name)")
            emitted = component(name).emitted
        }
        equal(spout.acked, spout.emitted, "messages acked")
        equal(spout.failed, 0, "messages failed")
        return faults
    }

    @Test(.timeLimit(.minutes(2)), arguments: Shape.allCases, [true, false])
    func everyShapeMovesTuplesAndLosesNone(_ shape: Shape, _ acking: Bool) async throws {
        var specification = specification(shape)
        specification.acking = acking
        let sample = try await run(specification, tuples: shape == .slowBolt ? 50 : 1_000)
        #expect(conservationFaults(specification, sample) == [], "\(shape)")
        if acking {
            #expect(sample.completeLatency.count == UInt64(sample.components["spout"]?.acked ?? 0), "\(shape)")
        }
        // What goes to another worker goes over the wire.
        #expect((sample.wireBytesSent > 0) == (specification.workers > 1), "\(shape)")
    }

    @Test(.timeLimit(.minutes(1))) func aPacedRunKeepsItsRateAndSaysHowLateItWas() async throws {
        var specification = specification(.constSpoutNullBolt)
        specification.rate = 20_000
        let sample = try await run(specification, tuples: 500)
        #expect(sample.scheduleLatency.count == UInt64(sample.components["spout"]?.acked ?? 0))
        #expect(sample.scheduleLatency.quantile(0.5) > 0)
    }

    @Test(.timeLimit(.minutes(1))) func severalTasksOfEachKindShareTheWork() async throws {
        var specification = specification(.wordCount)
        specification.spouts = 2
        specification.bolts = 3
        specification.ackers = 2
        specification.loops = 2
        let sample = try await run(specification, tuples: 3_000)
        #expect(conservationFaults(specification, sample) == [])
        let split = try #require(sample.components["split"])
        #expect(split.emitted == split.executed * Sentences.wordsPerSentence)
    }

    @Test(.timeLimit(.minutes(1))) func otherShapesRunInTwoWorkersToo() async throws {
        var specification = specification(.wordCount)
        specification.workers = 2
        specification.bolts = 2
        let sample = try await run(specification, tuples: 2_000)
        #expect(conservationFaults(specification, sample) == [])
        #expect(sample.wireBytesSent > 0)
    }

    @Test(.timeLimit(.minutes(1))) func aFileIsReadAgainAndAgain() async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("storm-perf-\(getpid()).txt").path
        try "one two three\n\nfour five\n".write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        var specification = specification(.fileReadWordCount)
        specification.input = path
        let sample = try await run(specification, tuples: 1_000)
        let spout = try #require(sample.components["spout"])
        let split = try #require(sample.components["split"])
        // Lines of three and of two words, in turn.
        #expect(split.emitted == (spout.emitted + 1) / 2 * 3 + spout.emitted / 2 * 2)
    }

    @Test(.timeLimit(.minutes(1))) func aFileThatIsNotThereIsNamedBeforeAnythingRuns() async throws {
        var specification = specification(.fileReadWordCount)
        specification.input = "/nowhere/text.txt"
        await #expect { _ = try await run(specification, tuples: 1) } throws: {
            "\($0)".contains("cannot read /nowhere/text.txt: No such file")
        }
    }
}

extension Sample {
    /// The sum of two workers' counters, all in this process.
    fileprivate mutating func merge(_ other: Sample) {
        for (name, counters) in other.components {
            components[name, default: Component()].emitted += counters.emitted
            components[name, default: Component()].executed += counters.executed
            components[name, default: Component()].acked += counters.acked
            components[name, default: Component()].failed += counters.failed
            components[name, default: Component()].pending += counters.pending
        }
        wireBytesSent += other.wireBytesSent
        completeLatency.merge(other.completeLatency)
        scheduleLatency.merge(other.scheduleLatency)
    }
}
