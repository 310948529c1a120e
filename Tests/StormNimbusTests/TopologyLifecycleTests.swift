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
        #expect(killed.action == PendingAction(kind: .kill, waitSeconds: 30, deadlineMilliseconds: 1_030_000))
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
        let (done, effects) = try Self.apply(.deadlinePassed, waiting, now: Self.now + 5_000)
        #expect(effects == [.scheduleAfresh])
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

    @Test(arguments: [
        RebalanceRequest(workers: 0), RebalanceRequest(executors: ["nope": 1]), RebalanceRequest(executors: ["a": 0]),
    ])
    func impossibleRebalanceIsRefused(request: RebalanceRequest) {
        #expect(throws: LifecycleError.self) { try Self.apply(.rebalance(request), base("t")) }
    }
}
