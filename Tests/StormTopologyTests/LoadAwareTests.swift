import StormCore
import StormTopology
import StormWire
import Testing

@Suite struct LoadAwareTests {
    private func rig(sinks: Int = 3, isLoadAware: Bool = true) throws -> Rig {
        try Rig(
            "source",
            build { builder in
                builder.spout("source", outputs: ["number"]) { QuietSpout() }
                builder.bolt("sink", parallelism: sinks) { QuietBolt() }.shuffle("source")
            }, isLoadAware: isLoadAware)
    }

    /// Emits until every target has had several batches if it was in the turn.
    private func emit(_ rig: Rig, _ count: Int = 3_000) -> [Int] {
        for number in 0..<count { rig.spout.emit(number) }
        let counts = rig.takeCounts()
        return rig.tasks("sink").map { counts[$0, default: 0] }
    }

    @Test func nothingLoadedMeansExactlyInTurn() throws {
        #expect(try emit(rig()) == [1000, 1000, 1000])
    }

    @Test func aLoadedTargetIsPassedOverUntilItsLoadIsGone() throws {
        let rig = try rig()
        rig.edges[1].hasMuchUnderWay = true
        // It is noticed when a batch is to be opened.
        #expect(emit(rig) == [1500, 0, 1500])
        #expect(!rig.emitter.state.pointee.mustStop)
        rig.edges[1].hasMuchUnderWay = false
        let after = emit(rig)
        #expect(after.allSatisfy { $0 > 900 }, "\(after)")
        #expect(emit(rig) == [1000, 1000, 1000])
    }

    @Test func aTargetThatBecomesLoadedGetsNoMoreThanItsOpenBatch() throws {
        let rig = try rig()
        for number in 0..<3 { rig.spout.emit(number) }
        rig.edges[2].isOutOfCredit = true
        let counts = emit(rig)
        #expect(counts[2] <= 2048 / 19 && counts[2] > 1)
        #expect(counts[0] - counts[1] == 0 || abs(counts[0] - counts[1]) == 1)
        #expect(!rig.emitter.state.pointee.mustStop)
    }

    @Test func whereAllAreLoadedThoseWithCreditTakeTurns() throws {
        let rig = try rig()
        for edge in rig.edges { edge.hasMuchUnderWay = true }
        rig.edges[0].isOutOfCredit = true
        #expect(emit(rig) == [0, 1500, 1500])
        #expect(!rig.emitter.state.pointee.mustStop)
        // One that is not loaded is better than they are.
        rig.edges[0].isOutOfCredit = false
        rig.edges[0].hasMuchUnderWay = false
        _ = emit(rig)
        #expect(emit(rig) == [3000, 0, 0])
    }

    @Test func onlyWhenAllAreOutOfCreditTheTaskStopsUntilOneHasSome() throws {
        let rig = try rig()
        for edge in rig.edges.prefix(2) { edge.isOutOfCredit = true }
        _ = emit(rig)
        #expect(!rig.emitter.state.pointee.mustStop)
        rig.edges[2].isOutOfCredit = true
        _ = emit(rig)
        #expect(rig.emitter.state.pointee.mustStop)
        #expect(rig.emitter.awaitsCredit())
        #expect(rig.edges.prefix(3).map(\.waits) == [1, 1, 1])
        rig.edges[1].isOutOfCredit = false
        #expect(!rig.emitter.awaitsCredit())
        rig.emitter.state.pointee.mustStop = false
        #expect(emit(rig) == [0, 3000, 0])
        #expect(!rig.emitter.state.pointee.mustStop)
    }

    @Test func aTaskThatStopsForAnotherReasonDoesNotWaitForATargetThatIsPassedOver() throws {
        let rig = try rig()
        rig.edges[0].isOutOfCredit = true
        _ = emit(rig)
        rig.emitter.state.pointee.mustStop = true
        #expect(!rig.emitter.awaitsCredit())
    }

    @Test func switchedOffTheTurnIsExactAndEachTargetIsWaitedFor() throws {
        let rig = try rig(isLoadAware: false)
        rig.edges[1].isOutOfCredit = true
        #expect(emit(rig) == [1000, 1000, 1000])
        #expect(rig.emitter.state.pointee.mustStop && rig.emitter.awaitsCredit())
        rig.edges[1].isOutOfCredit = false
        #expect(!rig.emitter.awaitsCredit())
    }

    @Test func aKeyHasNoOtherPlaceToGo() throws {
        let rig = try Rig(
            "source",
            build { builder in
                builder.spout("source", outputs: ["number"]) { QuietSpout() }
                builder.bolt("sink", parallelism: 3) { QuietBolt() }.fields("source", "number")
            })
        rig.spout.emit(7)
        let home = try #require(rig.take().arrivals.first?.task)
        let edge = rig.edges[home.position(in: rig)]
        edge.isOutOfCredit = true
        rig.spout.emit(7)
        #expect(rig.take().arrivals.map(\.task) == [home])
        #expect(rig.emitter.state.pointee.mustStop && rig.emitter.awaitsCredit())
        edge.isOutOfCredit = false
        #expect(!rig.emitter.awaitsCredit())
    }

    @Test func aTurnAmongOtherSubscriptionsIsLoadAwareToo() throws {
        let rig = try Rig(
            "source",
            build { builder in
                builder.spout("source", outputs: ["number"]) { QuietSpout() }
                builder.bolt("log") { QuietBolt() }.global("source")
                builder.bolt("sink", parallelism: 2) { QuietBolt() }.shuffle("source")
            })
        let loaded = rig.edges[rig.tasks("sink")[0].position(in: rig)]
        loaded.isOutOfCredit = true
        for number in 0..<1_000 { rig.spout.emit(number) }
        let counts = rig.takeCounts()
        #expect(counts[rig.tasks("log")[0]] == 1000)
        #expect(rig.tasks("sink").map { counts[$0] } == [nil, 1000])
        #expect(!rig.emitter.state.pointee.mustStop)
    }

    @Test func routesThatAreResolvedAgainStartAfresh() throws {
        let rig = try rig()
        for edge in rig.edges.prefix(3) { edge.isOutOfCredit = true }
        _ = emit(rig)
        #expect(rig.emitter.awaitsCredit())
        rig.resolve()
        // Nothing is known of the old turn; the new one notices by itself.
        #expect(!rig.emitter.awaitsCredit())
        rig.emitter.state.pointee.mustStop = false
        #expect(emit(rig).reduce(0, +) == 3000)
        #expect(rig.emitter.state.pointee.mustStop && rig.emitter.awaitsCredit())
        for edge in rig.edges.prefix(3) { edge.isOutOfCredit = false }
        #expect(!rig.emitter.awaitsCredit())
        _ = emit(rig)
        #expect(emit(rig) == [1000, 1000, 1000])
    }

    /// Against a plain account: whatever loads come and go, nothing is lost, each target's tuples are in order, and after a
    /// quiet while all get the same again.
    @Test(arguments: UInt64(0)..<20)
    func changingLoadsLoseNothing(_ seed: UInt64) throws {
        let rig = try rig(sinks: 5)
        var random = FastRandom(seed: seed)
        var number = 0
        var last: [TaskID: Int] = [:]
        var arrived = 0
        for _ in 0..<200 {
            for edge in rig.edges.prefix(5) {
                edge.hasMuchUnderWay = Bool.random(using: &random)
                edge.isOutOfCredit = edge.hasMuchUnderWay && Bool.random(using: &random)
                edge.isIdle = Bool.random(using: &random)
            }
            for _ in 0..<Int.random(in: 1..<400, using: &random) {
                rig.spout.emit(number)
                number += 1
            }
            if Bool.random(using: &random) { rig.emitter.flush(force: false) }
            if rig.emitter.state.pointee.mustStop { rig.emitter.state.pointee.mustStop = rig.emitter.awaitsCredit() }
            guard Int.random(in: 0..<4, using: &random) == 0 else { continue }
            for arrival in rig.take().arrivals {
                #expect(arrival.tuple.int(0) > last[arrival.task] ?? -1, "seed \(seed)")
                last[arrival.task] = arrival.tuple.int(0)
                arrived += 1
            }
        }
        arrived += rig.take().arrivals.count
        #expect(arrived == number, "seed \(seed)")
        for edge in rig.edges {
            edge.hasMuchUnderWay = false
            edge.isOutOfCredit = false
        }
        _ = emit(rig, 5_000)
        #expect(emit(rig, 5_000) == [1000, 1000, 1000, 1000, 1000], "seed \(seed)")
    }
}

extension TaskID {
    /// Number of the edge that leads to it.
    fileprivate func position(in rig: Rig) -> Int { rig.emitter.destinations.firstIndex(of: self)! }
}
