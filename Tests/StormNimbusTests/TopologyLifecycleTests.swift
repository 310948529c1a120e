import StormCluster
import StormNimbus
import Testing

@Suite struct TopologyLifecycleTests {
    static let now: Int64 = 1_000_000

    static func apply(
        _ event: LifecycleEvent, _ record: StormBaseRecord, now: Int64 = now
    ) throws -> (base: StormBaseRecord, effects: [LifecycleEffect]) {
        try TopologyLifecycle.apply(event, record, nowMilliseconds: now, defaultWaitSeconds: 30)
    }

    /// Nil: the event is refused.
    @Test(
        arguments: [
            (.active, .activate, .active), (.active, .inactivate, .inactive),
            (.active, .rebalance(.init()), .rebalancing),
            (.active, .kill(waitSeconds: nil), .killed), (.active, .deadlinePassed, .active),
            (.inactive, .activate, .active), (.inactive, .inactivate, .inactive),
            (.inactive, .rebalance(.init()), .rebalancing), (.inactive, .kill(waitSeconds: 1), .killed),
            (.inactive, .deadlinePassed, .inactive), (.rebalancing, .activate, nil), (.rebalancing, .inactivate, nil),
            (.rebalancing, .rebalance(.init()), nil), (.rebalancing, .kill(waitSeconds: nil), .killed),
            (.killed, .activate, nil), (.killed, .inactivate, nil), (.killed, .rebalance(.init()), nil),
            (.killed, .kill(waitSeconds: nil), .killed), (.killed, .deadlinePassed, .killed),
            (.active, .move(reason: "r", waitSeconds: nil), .rebalancing),
            (.inactive, .move(reason: "r", waitSeconds: nil), .rebalancing),
            (.rebalancing, .move(reason: "r", waitSeconds: nil), .rebalancing),
            (.killed, .move(reason: "r", waitSeconds: nil), .killed),
            (.active, .drained, .active), (.active, .started, .active), (.killed, .drained, .killed),
        ] as [(TopologyStatus, LifecycleEvent, TopologyStatus?)])
    func transitionTable(from: TopologyStatus, event: LifecycleEvent, to: TopologyStatus?) throws {
        let record = base("t", status: from)
        if let to {
            #expect(try Self.apply(event, record).base.status == to)
        } else {
            #expect(throws: LifecycleError.self) { try Self.apply(event, record) }
        }
    }

    @Test func killWaitsUntilAnAbsoluteDeadline() throws {
        let (killed, effects) = try Self.apply(.kill(waitSeconds: nil), base("t"))
        #expect(killed.action?.kind == .kill && killed.action?.waitSeconds == 30)
        #expect(killed.action?.deadlineMilliseconds == 1_030_000 && killed.action?.drain == 1 && killed.drains == 1)
        #expect(effects == [.arm(deadlineMilliseconds: 1_030_000)])
        let early = try Self.apply(.deadlinePassed, killed, now: 1_029_999)
        #expect(early.effects == [.arm(deadlineMilliseconds: 1_030_000)] && early.base == killed)
        #expect(try Self.apply(.deadlinePassed, killed, now: 1_030_000).effects == [.remove])
    }

    @Test func secondKillSetsANewWait() throws {
        let killed = try Self.apply(.kill(waitSeconds: 100), base("t")).base
        let again = try Self.apply(.kill(waitSeconds: 0), killed).base
        #expect(again.action?.deadlineMilliseconds == Self.now)
    }

    @Test func rebalanceReturnsToThePreviousStatusWithNewCounts() throws {
        let request = RebalanceRequest(waitSeconds: 5, workers: 3, executors: ["b": 9, "a": 1])
        let waiting = try Self.apply(.rebalance(request), base("t", status: .inactive)).base
        #expect(waiting.workers == 2)
        let (moved, effects) = try Self.apply(.deadlinePassed, waiting, now: Self.now + 5_000)
        #expect(effects == [.reassign(isAfresh: true)])
        #expect(moved.status == .rebalancing && moved.action?.phase == .starting)
        let (done, last) = try Self.apply(.started, moved, now: Self.now + 6_000)
        #expect(last == [.resume])
        #expect(done.status == .inactive && done.previousStatus == nil && done.action == nil)
        #expect(done.workers == 3)
        #expect(done.componentExecutors == ["a": 1, "b": 4])
        #expect(done.componentTasks == ["a": 2, "b": 4])
    }

    @Test func killDuringARebalanceWins() throws {
        let waiting = try Self.apply(.rebalance(.init(workers: 9)), base("t")).base
        let killed = try Self.apply(.kill(waitSeconds: 0), waiting).base
        #expect(try Self.apply(.deadlinePassed, killed).effects == [.remove])
        #expect(killed.workers == 2)
    }

    @Test func eachPhaseEndsByItsOwnEventOnly() throws {
        let draining = try Self.apply(.move(reason: "r", waitSeconds: 5), base("t")).base
        let none = try Self.apply(.started, draining)
        #expect(none.base == draining && none.effects.isEmpty)
        let (starting, effects) = try Self.apply(.drained, draining, now: Self.now + 7)
        #expect(effects == [.reassign(isAfresh: false)])
        #expect(starting.action?.deadlineMilliseconds == Self.now + 7 + 10_000)
        let again = try Self.apply(.drained, starting)
        #expect(again.base == starting && again.effects.isEmpty)
        let late = try Self.apply(.deadlinePassed, starting, now: Self.now + 10_007)
        #expect(late.effects == [.resume] && late.base.status == .active && late.base.action == nil)
    }

    /// An hour that a clock was set back, or that the former leader's was ahead, the spouts stood still.
    @Test func aWaitThatBeganInTheFutureBeginsAnew() throws {
        let waiting = try Self.apply(.rebalance(.init(waitSeconds: 5)), base("t")).base
        let early = Self.now - 3_600_000
        let (again, effects) = try Self.apply(.deadlinePassed, waiting, now: early)
        #expect(effects == [.beginAnew])
        #expect(again.action?.startedAtMilliseconds == early)
        #expect(again.action?.deadlineMilliseconds == early + 5_000)
        #expect(try Self.apply(.deadlinePassed, again, now: early + 5_000).effects == [.reassign(isAfresh: true)])
        // Clocks are never quite the same.
        #expect(try Self.apply(.deadlinePassed, waiting, now: Self.now - 900).base == waiting)
    }

    @Test func pausesHaveNumbersThatNeverComeAgain() throws {
        var record = base("t")
        for number in 1...3 {
            record = try Self.apply(.rebalance(.init()), record).base
            #expect(record.action?.drain == number)
            record = try Self.apply(.started, try Self.apply(.drained, record).base).base
        }
        #expect(try Self.apply(.kill(waitSeconds: 0), record).base.action?.drain == 4)
    }

    @Test func aMoveThatNobodyAskedForRefusesNobody() throws {
        let moving = try Self.apply(.move(reason: "r", waitSeconds: 5), base("t")).base
        let inactive = try Self.apply(.inactivate, moving).base
        #expect(inactive.status == .rebalancing && inactive.previousStatus == .inactive)
        #expect(try Self.apply(.activate, inactive).base.previousStatus == .active)
        let rebalance = try Self.apply(.rebalance(.init(waitSeconds: 9, workers: 4)), inactive).base
        #expect(rebalance.previousStatus == .inactive && rebalance.action?.workers == 4)
        #expect(rebalance.action?.kind == .rebalance && rebalance.action?.drain == 2)
    }

    @Test(arguments: [
        RebalanceRequest(workers: 0), RebalanceRequest(executors: ["nope": 1]), RebalanceRequest(executors: ["a": 0]),
    ])
    func impossibleRebalanceIsRefused(request: RebalanceRequest) {
        #expect(throws: LifecycleError.self) { try Self.apply(.rebalance(request), base("t")) }
    }
}
