import StormCore
import StormSupervisor
import Testing

/// All that can happen to a slot, in every order.
struct SlotSearchTests {
    /// Every sequence of 8 events (states that were seen are not walked twice): at most one worker, always code first,
    /// no signal to a stranger; and from everywhere the goal is reached if the world is kind for a while.
    @Test
    func everyShortHistoryKeepsTheInvariants() {
        var frontier: Set<SlotWorld> = [SlotWorld()]
        var seen = frontier
        for _ in 0..<8 {
            var next: Set<SlotWorld> = []
            for world in frontier {
                for event in SlotWorld.Event.allCases {
                    var after = world
                    after.apply(event)
                    guard after != world, seen.insert(after).inserted else { continue }
                    guard after.violations.isEmpty else {
                        Issue.record("\(world) + \(event): \(after.violations)")
                        return
                    }
                    guard after.reachesItsGoal() else {
                        Issue.record("does not get on: \(after)")
                        return
                    }
                    next.insert(after)
                }
            }
            frontier = next
        }
        #expect(seen.count > 1000)
    }

    /// Long histories from seeds; a failure names its seed.
    @Test(arguments: 0..<40 as Range<UInt64>)
    func longRandomHistoryKeepsTheInvariants(seed: UInt64) {
        var random = FastRandom(seed: seed)
        var world = SlotWorld()
        for step in 0..<1000 {
            // Wishes change rarely, so that things get far in between.
            let isWish = Int.random(in: 0..<10, using: &random) == 0
            let events = SlotWorld.Event.allCases
            let event =
                isWish
                ? events[Int.random(in: 0..<3, using: &random)]
                : events[Int.random(in: 3..<events.count, using: &random)]
            world.apply(event)
            #expect(world.violations == [], "seed \(seed), step \(step)")
            if !world.violations.isEmpty { return }
            if step % 10 == 0 { #expect(world.reachesItsGoal(), "seed \(seed), step \(step): \(world.slot.phase)") }
        }
    }
}
