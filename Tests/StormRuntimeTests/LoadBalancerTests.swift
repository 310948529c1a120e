import Testing

@testable import StormRuntime

/// Loads in, moves out.
@Suite struct LoadBalancerTests {
    typealias Load = LoadBalancer.Load
    typealias Move = LoadBalancer.Move

    /// The decision after enough periods of the same.
    private func decide(
        own: Double, _ executors: [Load], others: [Double], periods: Int = LoadBalancer.patiencePeriods
    ) -> Move? {
        var balancer = LoadBalancer()
        var move: Move?
        for _ in 0..<periods { move = balancer.evaluate(own: own, executors: executors, others: others) }
        return move
    }

    @Test func aLoopThatKeepsUpKeepsItsChain() {
        let loads = [Load(share: 0.4), Load(share: 0.4)]
        #expect(decide(own: 0.85, loads, others: [0], periods: 50) == nil)
    }

    @Test func aSaturatedLoopGivesAwayWhatEvensOutTheLoadsBest() {
        let loads = [Load(share: 0.2), Load(share: 0.5), Load(share: 0.3)]
        #expect(decide(own: 1, loads, others: [0]) == Move(executor: 1, loop: 0))
        #expect(decide(own: 1, loads, others: [0.4]) == Move(executor: 2, loop: 0))
        #expect(decide(own: 1, loads, others: [0.6, 0.1]) == Move(executor: 1, loop: 1))
    }

    @Test func onePeriodOfFullLoadMovesNothing() {
        let loads = [Load(share: 0.5), Load(share: 0.5)]
        var balancer = LoadBalancer()
        for _ in 0..<10 {
            #expect(balancer.evaluate(own: 1, executors: loads, others: [0]) == nil)
            #expect(balancer.evaluate(own: 0.7, executors: loads, others: [0]) == nil)
        }
    }

    @Test func aLoopWithoutRoomGetsNothing() {
        let loads = [Load(share: 0.5), Load(share: 0.5)]
        #expect(decide(own: 1, loads, others: [0.75], periods: 50) == nil)
    }

    @Test func aMoveThatOnlySwapsTheLoadsIsNotMade() {
        #expect(decide(own: 1, [Load(share: 0.98), Load(share: 0.02)], others: [0], periods: 50) == nil)
        #expect(decide(own: 1, [Load(share: 1)], others: [0], periods: 50) == nil)
    }

    @Test func anExecutorThatIsHeldStays() {
        let loads = [Load(share: 0.5, isHeld: true), Load(share: 0.3), Load(share: 0.2)]
        #expect(decide(own: 1, loads, others: [0]) == Move(executor: 1, loop: 0))
    }

    @Test func betweenEqualLoadsTheOneWithFewerNeighboursLeaves() {
        let loads = [
            Load(share: 0.33, cutByLoop: [2]), Load(share: 0.33, cutByLoop: [1]), Load(share: 0.33, cutByLoop: [2]),
        ]
        #expect(decide(own: 1, loads, others: [0]) == Move(executor: 1, loop: 0))
    }

    @Test func anExecutorGoesHomeAfterALongCalmAndNotBefore() {
        var balancer = LoadBalancer()
        let loads = [Load(share: 0.1, home: 0)]
        for _ in 1..<LoadBalancer.calmPeriods {
            #expect(balancer.evaluate(own: 0.1, executors: loads, others: [0.1]) == nil)
        }
        #expect(balancer.evaluate(own: 0.1, executors: loads, others: [0.1]) == Move(executor: 0, loop: 0))
        // A busy period in between starts the count anew.
        for _ in 1..<LoadBalancer.calmPeriods { _ = balancer.evaluate(own: 0.1, executors: loads, others: [0.1]) }
        #expect(balancer.evaluate(own: 0.5, executors: loads, others: [0.1]) == nil)
        #expect(balancer.evaluate(own: 0.1, executors: loads, others: [0.1]) == nil)
    }

    @Test func executorsThatMoveOftenStayLongerEachTime() {
        let holds = (1...10).map { LoadBalancer.holdNanoseconds(afterMoves: $0) / 1_000_000_000 }
        #expect(holds == [2, 4, 8, 16, 32, 64, 128, 256, 256, 256])
    }

    /// Loads that do not change with the placement: moves come to rest, and no loop is left alone with more than the
    /// average plus the largest executor.
    @Test(arguments: 0..<200) func movesComeToRest(seed: Int) {
        var random = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
        func next(_ bound: UInt64) -> Int {
            random ^= random << 13
            random ^= random >> 7
            random ^= random << 17
            return Int(random % bound)
        }
        let loops = 2 + next(4)
        let demands = (0..<(2 + next(12))).map { _ in Double(1 + next(40)) / 100 }
        var place = demands.map { _ in 0 }
        var balancers = (0..<loops).map { _ in LoadBalancer() }
        var last = 0
        for period in 1...400 {
            for loop in 0..<loops {
                let loads = (0..<loops).map { one in
                    demands.indices.reduce(0) { $0 + (place[$1] == one ? demands[$1] : 0) }
                }
                let mine = demands.indices.filter { place[$0] == loop }
                let others = (0..<loops).filter { $0 != loop }
                // Who is asked for more than there is gets its part of it.
                let scale = min(1, 1 / max(loads[loop], 0.001))
                let move = balancers[loop].evaluate(
                    own: min(1, loads[loop]), executors: mine.map { Load(share: demands[$0] * scale) },
                    others: others.map { min(1, loads[$0]) })
                if let move {
                    place[mine[move.executor]] = others[move.loop]
                    last = period
                }
            }
        }
        #expect(last < 200, "loads \(demands), loops \(loops)")
    }
}
