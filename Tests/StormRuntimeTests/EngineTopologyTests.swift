import StormCore
import StormRuntime
import StormTestKit
import StormTopology
import StormWire
import Synchronization
import Testing

private struct Broken: Error {}

@Suite struct EngineTopologyTests {
    /// Runs to the last ack and checks the law.
    private func run(
        _ count: Int = 5_000, copies: Int = 1, exactlyOnce: Bool = true, ackers: Int = 1, loops: Int? = nil,
        errors: ErrorLog = ErrorLog([]), configure: (inout EngineConfiguration) -> Void = { _ in },
        check: DeliveryCheck = DeliveryCheck(),
        _ build: (TopologyBuilder, DeliveryCheck) throws -> Void
    ) async throws {
        try await withEngine(
            ackers: ackers, loops: loops, configure: configure, errors: errors, build: { try build($0, check) }
        ) { engine in
            try await check.wait(acked: count)
            #expect(check.faults(messages: count, copies: copies, exactlyOnce: exactlyOnce) == [])
            let spouts = await engine.statistics().filter { engine.schema.plan[$0.component]?.role == .spout }
            let state = check.state.value
            #expect(spouts.reduce(0) { $0 + $1.acked } == state.acked)
            #expect(spouts.reduce(0) { $0 + $1.failed } == state.failed)
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: [1, 2, 3], [1, 3])
    func aChainDeliversEachMessageOnce(_ loops: Int, _ ackers: Int) async throws {
        try await run(ackers: ackers, loops: loops) { topology, check in
            topology.spout("spout", parallelism: 2) { CheckingSpout(check, count: 5_000, perCall: 7) }
            topology.bolt("pass", parallelism: 2) { PassingBolt() }.tasks(5).shuffle("spout")
            topology.bolt("sink", parallelism: 3) { CheckingSink(check) }.fields("pass", "id")
        }
    }

    @Test(.timeLimit(.minutes(1))) func aDiamondAcksWhenBothSidesHave() async throws {
        try await run(copies: 2) { topology, check in
            topology.spout("spout") { CheckingSpout(check, count: 5_000) }
            topology.bolt("left", parallelism: 2) { PassingBolt() }.shuffle("spout")
            topology.bolt("right") { PassingBolt() }.localOrShuffle("spout")
            topology.bolt("sink", parallelism: 2) { CheckingSink(check) }.fields("left", "id").partialKey("right", "id")
        }
    }

    @Test(.timeLimit(.minutes(1))) func allGroupingReachesAHundredTasks() async throws {
        try await run(200, copies: 100) { topology, check in
            topology.spout("spout") { CheckingSpout(check, count: 200) }
            topology.bolt("sink", parallelism: 4) { CheckingSink(check) }.tasks(100).all("spout")
        }
    }

    @Test(.timeLimit(.minutes(1))) func aCycleEndsWhenItsCounterDoes() async throws {
        try await run(500) { topology, check in
            topology.spout("spout") { CheckingSpout(check, count: 500) }
            topology.bolt("turn", parallelism: 2, outputs: ["id", "round"]) {
                BlockBolt { tuple, out in
                    let round = tuple.count == 2 ? tuple.int(1) : 0
                    if round < 20 {
                        out.emit(anchor: tuple, tuple.int(0), round + 1)
                    } else {
                        check.arrived(tuple.int(0))
                    }
                    out.ack(tuple)
                }
            }.shuffle("spout").shuffle("turn")
        }
    }

    @Test(.timeLimit(.minutes(1))) func withoutAckersEveryMessageIsAckedAtOnceAndArrives() async throws {
        let check = DeliveryCheck()
        try await run(2_000, copies: 0, exactlyOnce: false, ackers: 0, check: check) { topology, check in
            topology.spout("spout") { CheckingSpout(check, count: 2_000) }
            topology.bolt("sink") { CheckingSink(check) }.shuffle("spout")
        }
    }

    @Test(.timeLimit(.minutes(1))) func untrackedTuplesArriveWithoutAcks() async throws {
        let check = DeliveryCheck()
        try await withEngine(build: { topology in
            topology.spout("spout") { CheckingSpout(check, count: 3_000, isTracked: false) }
            topology.bolt("sink", parallelism: 2) { CheckingSink(check) }.shuffle("spout")
        }) { _ in
            let state = try await check.state.wait("arrivals") { $0.arrived == 3_000 }
            #expect(state.acked == 0 && state.arrivals.count == 3_000)
        }
    }

    @Test(.timeLimit(.minutes(1))) func failedTuplesAreReplayedUntilAcked() async throws {
        let check = DeliveryCheck()
        try await run(2_000, exactlyOnce: false, check: check) { topology, check in
            topology.spout("spout") { CheckingSpout(check, count: 2_000) }
            topology.bolt("sink") {
                var seen: Set<Int> = []
                return BlockBolt { tuple, out in
                    if tuple.int(0) % 5 == 0, seen.insert(tuple.int(0)).inserted { return out.fail(tuple) }
                    check.arrived(tuple.int(0))
                    out.ack(tuple)
                }
            }.shuffle("spout")
        }
        #expect(check.state.value.failures == [.explicit: 400])
    }

    @Test(.timeLimit(.minutes(1))) func thrownErrorsFailTheTupleAndAreReportedAtABoundedRate() async throws {
        let check = DeliveryCheck()
        let errors = ErrorLog([])
        try await run(
            1_000, exactlyOnce: false, errors: errors,
            configure: {
                $0.errorsPerInterval = 3; $0.errorIntervalSeconds = 3_600
            },
            check: check
        ) { topology, check in
            topology.spout("spout") { CheckingSpout(check, count: 1_000) }
            topology.bolt("sink") {
                var seen: Set<Int> = []
                return BlockBolt { tuple, out in
                    if tuple.int(0) % 10 == 0, seen.insert(tuple.int(0)).inserted { throw Broken() }
                    check.arrived(tuple.int(0))
                    out.ack(tuple)
                }
            }.shuffle("spout")
        }
        #expect(check.state.value.failures == [.threw: 100])
        #expect(errors.value.count == 3)
        #expect(
            errors.value.allSatisfy {
                $0.component == "sink" && $0.message.contains("Broken") && $0.message.contains("spout:default")
            })
    }

    @Test(.timeLimit(.minutes(1))) func ackingTwiceOrLaterOrFailingAfterwardsIsHarmless() async throws {
        try await run(3_000) { topology, check in
            topology.spout("spout") { CheckingSpout(check, count: 3_000) }
            topology.bolt("late", outputs: ["id"]) {
                var kept: [Tuple] = []
                return BlockBolt { tuple, out in
                    out.emit(anchor: tuple, tuple.int(0))
                    kept.append(tuple)
                    guard kept.count == 10 else { return }
                    for old in kept {
                        out.ack(old)
                        out.ack(old)
                        out.fail(old)
                    }
                    kept = []
                }
            }.shuffle("spout")
            topology.bolt("sink") { CheckingSink(check) }.shuffle("late")
        }
    }

    @Test(.timeLimit(.minutes(1))) func aJoinAnchoredToSeveralRootsFailsAndAcksThemTogether() async throws {
        let check = DeliveryCheck()
        try await run(2_000, exactlyOnce: false, ackers: 3, check: check) { topology, check in
            topology.spout("spout", parallelism: 2) { CheckingSpout(check, count: 2_000) }
            topology.bolt("join", outputs: ["first", "ids"]) {
                var kept: [Tuple] = []
                return BlockBolt { tuple, out in
                    kept.append(tuple)
                    guard kept.count == 4 else { return }
                    out.emit(values: [.int(0), .list(kept.map { .int($0.int(0)) })], anchors: kept)
                    for old in kept { out.ack(old) }
                    kept = []
                }
            }.global("spout")
            topology.bolt("sink", parallelism: 2) {
                var groups = 0
                return BlockBolt { tuple, out in
                    groups += 1
                    if groups % 7 == 0 { return out.fail(tuple) }
                    guard case .list(let ids) = tuple.value("ids") else { return }
                    for case .int(let id) in ids { check.arrived(id) }
                    out.ack(tuple)
                }
            }.shuffle("join")
        }
        #expect((check.state.value.failures[.explicit] ?? 0) % 4 == 0)
    }

    @Test(.timeLimit(.minutes(1))) func pendingMessagesStayBelowTheBoundPlusOneCall() async throws {
        let check = DeliveryCheck()
        try await run(3_000, configure: { $0.maxSpoutPending = 10 }, check: check) { topology, check in
            topology.spout("spout") { CheckingSpout(check, count: 3_000, perCall: 3) }
            topology.bolt("sink") { CheckingSink(check) }.shuffle("spout")
        }
        #expect(check.state.value.highestPending <= 12)
    }

    @Test(.timeLimit(.minutes(1))) func aMessageThatIsNeverAckedTimesOutAndComesAgain() async throws {
        let check = DeliveryCheck()
        try await run(20, exactlyOnce: false, configure: { $0.messageTimeoutSeconds = 1 }, check: check) {
            topology, check in
            topology.spout("spout") { CheckingSpout(check, count: 20) }
            topology.bolt("sink") {
                var seen: Set<Int> = []
                return BlockBolt { tuple, out in
                    if seen.insert(tuple.int(0)).inserted { return }
                    check.arrived(tuple.int(0))
                    out.ack(tuple)
                }
            }.shuffle("spout")
        }
        #expect(check.state.value.failures == [.timeout: 20])
    }

    @Test(.timeLimit(.minutes(1))) func aFullReceiverHoldsItsSenderBackAndLosesNothing() async throws {
        let check = DeliveryCheck()
        try await withEngine(
            loops: 2,
            build: { topology in
                topology.spout("spout") { CheckingSpout(check, count: 50_000, perCall: 50, isTracked: false) }
                topology.bolt("sink") {
                    BlockBolt { tuple, out in
                        check.arrived(tuple.int(0))
                        out.ack(tuple)
                    }
                }.shuffle("spout")
            }
        ) { _ in
            try await check.state.wait("all arrivals") { $0.arrived == 50_000 }
            #expect(check.state.value.arrivals.count == 50_000)
        }
    }

    @Test(.timeLimit(.minutes(1))) func ticksComeToTheBoltThatAskedForThem() async throws {
        let ticks = Observed<[String]>([])
        try await withEngine(build: { topology in
            topology.spout("spout") { CheckingSpout(DeliveryCheck(), count: 0) }
            for name in ["ticking", "silent"] {
                let bolt = topology.bolt(name) {
                    BlockBolt { tuple, _ in
                        ticks.update {
                            $0.append("\(name) \(tuple.isTick) \(tuple.sourceComponent) \(tuple.int("rate_secs"))")
                        }
                    }
                }.shuffle("spout")
                if name == "ticking" { bolt.tick(everySeconds: 1) }
            }
        }) { _ in
            let seen = try await ticks.wait("two ticks") { $0.count >= 2 }
            #expect(Set(seen) == ["ticking true __system 1"])
        }
    }
}
