import StormCore
import StormTestKit
import StormTopology
import StormWire
import Synchronization
import Testing

@testable import StormRuntime

@Suite struct TapTests {
    private final class Words: Spout {
        static let outputs: Outputs = ["word", "number"]
        private var next = 0

        func nextTuple(_ out: SpoutCollector) throws {
            next += 1
            out.emit(id: .int(next), next.isMultiple(of: 50) ? "rare" : "common", next)
        }
    }

    /// Emits what nobody subscribes to.
    private final class Last: Bolt {
        static let outputs: Outputs = ["seen"]

        func execute(_ tuple: Tuple, _ out: Collector) throws {
            out.emit(anchor: tuple, tuple.int(1))
            out.ack(tuple)
        }
    }

    private func withWords(_ body: (TopologyEngine) async throws -> Void) async throws {
        try await withEngine { topology in
            topology.spout("words") { Words() }
            topology.bolt("last", parallelism: 2) { Last() }.all("words")
            topology.set("topology.max.spout.pending", 100)
        } _: {
            try await body($0)
        }
    }

    /// Asks until so many samples have come.
    private func samples(_ engine: TopologyEngine, _ query: TapQuery, count: Int) async throws -> [TapSample] {
        var all: [TapSample] = []
        var next = 0
        let deadline = ContinuousClock.now + .seconds(60)
        while all.count < count {
            let answer = try engine.tap(query, after: next, topologyID: "t", host: "h", port: 1)
            #expect(answer.samples.allSatisfy { $0.sequence > next })
            all += answer.samples
            next = answer.next
            try #require(ContinuousClock.now < deadline, "only \(all.count) samples")
            await Task.yield()
        }
        return all
    }

    @Test func whatASpoutEmitsIsShownOnce() async throws {
        try await withWords { engine in
            let all = try await samples(engine, TapQuery(component: "words", perSecond: 1000), count: 200)
            #expect(
                all.allSatisfy { $0.component == "words" && $0.stream == "default" && $0.names == ["word", "number"] })
            // Each tuple has two copies, of which one is shown.
            #expect(Set(all.map(\.values)).count == all.count)
            #expect(all.map(\.sequence) == all.map(\.sequence).sorted())
        }
    }

    @Test func whatABoltReceivesIsShown() async throws {
        try await withWords { engine in
            let all = try await samples(engine, TapQuery(component: "last", isInput: true), count: 10)
            #expect(all.allSatisfy { $0.component == "words" && $0.names == ["word", "number"] })
        }
    }

    @Test func aStreamThatNobodyReadsIsEncodedForTheTapAndThenNoMore() async throws {
        try await withWords { engine in
            let all = try await samples(engine, TapQuery(component: "last"), count: 10)
            #expect(all.allSatisfy { $0.component == "last" && $0.names == ["seen"] })
            for case .int(let number) in all.map({ $0.values[0] }) { #expect(number > 0) }
            // The law holds whatever was tapped.
            #expect(await engine.ledgers().allSatisfy(\.isBalanced))
        }
    }

    @Test func aFilterFindsWhatIsRare() async throws {
        try await withWords { engine in
            let filter = try TapFilter("word~^ra")
            let query = TapQuery(component: "words", filter: filter, perSecond: 1000)
            let all = try await samples(engine, query, count: 10)
            #expect(all.allSatisfy { $0.values[0] == "rare" })
            let answer = try engine.tap(query, after: 0, topologyID: "t", host: "h", port: 1)
            #expect(answer.seen > answer.matched && answer.matched >= 10)
        }
    }

    @Test func aStreamThatIsNotThereShowsNothing() async throws {
        try await withWords { engine in
            let answer = try engine.tap(
                TapQuery(component: "words", stream: "other"), after: 0, topologyID: "t", host: "h", port: 1)
            #expect(answer.executors == 1 && answer.samples.isEmpty)
            #expect(
                try engine.tap(TapQuery(component: "nobody"), after: 0, topologyID: "t", host: "h", port: 1).executors
                    == 0)
        }
    }

    @Test func severalQuestionsToOneComponentAreAnsweredAtATime() async throws {
        try await withWords { engine in
            let rare = TapQuery(component: "words", filter: try TapFilter("word=rare"), perSecond: 1000)
            let even = TapQuery(component: "words", filter: try TapFilter("number~[02468]$"), perSecond: 1000)
            let (first, second) = (
                try await samples(engine, rare, count: 5), try await samples(engine, even, count: 5)
            )
            #expect(first.allSatisfy { $0.values[0] == "rare" })
            for case .int(let number) in second.map({ $0.values[1] }) { #expect(number.isMultiple(of: 2)) }
            #expect(try await samples(engine, rare, count: 20).allSatisfy { $0.values[0] == "rare" })
        }
    }

    @Test func aWorkerHasSoManyTapsAtATime() async throws {
        try await withWords { engine in
            for rate in 1...TapDesk.sessionsMax {
                _ = try engine.tap(
                    TapQuery(component: "words", perSecond: rate), after: 0, topologyID: "t", host: "h", port: 1)
            }
            #expect(throws: TapDesk.Refusal.self) {
                try engine.tap(
                    TapQuery(component: "words", perSecond: 100), after: 0, topologyID: "t", host: "h", port: 1)
            }
            _ = try engine.tap(
                TapQuery(component: "words", perSecond: 1), after: 0, topologyID: "t", host: "h", port: 1)
        }
    }

    // MARK: Sessions

    private final class HandClock: TimeSource {
        let nanoseconds = Atomic<Int64>(0)
        func monotonicNanoseconds() -> Int64 { nanoseconds.load(ordering: .relaxed) }
        func epochMilliseconds() -> Int64 { monotonicNanoseconds() / 1_000_000 }
        func advance(milliseconds: Int64) { nanoseconds.add(milliseconds * 1_000_000, ordering: .relaxed) }
    }

    private func sample(_ text: String = "x") -> TapSample {
        TapSample(
            sequence: 0, timeMilliseconds: 0, component: "c", stream: "default", task: 1, names: ["f"],
            values: [.string(text)])
    }

    @Test func aSessionEndsTenSecondsAfterTheLastQuestion() throws {
        let clock = HandClock()
        let session = TapSession(TapQuery(component: "c"), clock: clock)
        clock.advance(milliseconds: 9_999)
        #expect(session.allowance() != nil)
        session.renew()
        clock.advance(milliseconds: 9_999)
        #expect(!session.isOver)
        clock.advance(milliseconds: 1)
        #expect(session.isOver && session.allowance() == nil)
    }

    @Test func noMoreSamplesThanAskedForInASecond() {
        let clock = HandClock()
        let session = TapSession(TapQuery(component: "c", perSecond: 10), clock: clock)
        func fill() -> Int {
            var count = 0
            while let allowance = session.allowance(), allowance > 0 {
                session.add(sample(), bytes: 1)
                count += 1
            }
            return count
        }
        #expect(fill() == 10 && fill() == 0)
        clock.advance(milliseconds: 500)
        #expect(fill() == 5)
        clock.advance(milliseconds: 9_000)
        #expect(fill() == 10)
    }

    @Test func oldSamplesGiveWayToNewOnes() {
        let clock = HandClock()
        let session = TapSession(TapQuery(component: "c", perSecond: 1000), clock: clock)
        for _ in 0..<3 {
            for _ in 0..<1000 { session.add(sample(), bytes: 100) }
            clock.advance(milliseconds: 1000)
            _ = session.allowance()
        }
        let all = session.samples(after: 0)
        #expect(all.samples.count == TapSession.samplesMax && all.skipped == 2000 && all.next == 3000)
        #expect(all.samples.first?.sequence == 2001)
        #expect(session.samples(after: 2999).samples.map(\.sequence) == [3000])
        session.add(sample(), bytes: TapSession.bytesMax)
        #expect(session.samples(after: 0).samples.map(\.sequence) == [3001])
    }

    @Test func longFieldsAreCut() {
        let bytes = UnsafeMutableRawPointer.allocate(byteCount: 100_000, alignment: 8)
        defer { bytes.deallocate() }
        _ = String(repeating: "a", count: 50_000).encode(at: bytes)
        var budget = TapValue.sampleBytesMax
        let cut = TapValue.json(at: UnsafeRawPointer(bytes), budget: &budget)
        #expect(cut == .string(String(repeating: "a", count: 256) + "… (50000 bytes)"))
        #expect(budget == TapValue.sampleBytesMax - 256)
        _ = 7.encode(at: bytes)
        #expect(TapValue.json(at: UnsafeRawPointer(bytes), budget: &budget) == 7)
    }
}
