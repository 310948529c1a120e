import StormCore
import Testing

@testable import StormScheduling

@Suite struct StickyDealTests {
    private func deal(
        _ count: Int, _ slots: [Slot], _ present: [Slot: [ExecutorRange]], _ components: [ExecutorRange: Int] = [:]
    ) -> [Slot: [ExecutorRange]] {
        StickyDeal.deal(executors(count), to: slots, present: present, components: components)
    }

    @Test func anEvenTopologyStaysAsItIs() {
        let present = [slot("a", 1): ids(1, 4), slot("b", 1): ids(2, 3)]
        #expect(deal(4, [slot("b", 1), slot("a", 1)], present) == present)
    }

    @Test func aNewSlotTakesTheFewestThatMakeItEven() {
        let present = [slot("a", 1): ids(1, 3, 5), slot("b", 1): ids(2, 4, 6)]
        let dealt = deal(6, [slot("a", 1), slot("b", 1), slot("c", 1)], present)
        #expect(dealt == [slot("a", 1): ids(1, 3), slot("b", 1): ids(2, 4), slot("c", 1): ids(5, 6)])
    }

    @Test func aSlotThatGoesIsDividedAmongTheOthers() {
        let present = [slot("a", 1): ids(1, 3), slot("b", 1): ids(2, 4), slot("c", 1): ids(5, 6)]
        let dealt = deal(6, [slot("a", 1), slot("b", 1)], present)
        #expect(dealt[slot("a", 1)]?.starts(with: ids(1, 3)) == true)
        #expect(dealt[slot("b", 1)]?.starts(with: ids(2, 4)) == true)
        #expect(dealt.values.map(\.count) == [3, 3])
    }

    @Test func executorsOfOneComponentAreSpread() {
        // 1 and 2 belong to one component, 3 and 4 to another.
        let components = Dictionary(uniqueKeysWithValues: executors(4).enumerated().map { ($1, $0 / 2) })
        let dealt = deal(4, [slot("a", 1), slot("b", 1)], [slot("a", 1): ids(1, 2, 3, 4)], components)
        for slot in dealt.values { #expect(Set(slot.map { components[$0] ?? 9 }).count == 2) }
    }

    @Test func executorsThatWereCutAnewFindAPlace() {
        let present = [slot("a", 1): [ExecutorRange(TaskID(1), TaskID(2))], slot("b", 1): ids(3)]
        let dealt = deal(3, [slot("a", 1), slot("b", 1)], present)
        #expect(dealt[slot("b", 1)]?.contains(ids(3)[0]) == true)
        #expect(Set(dealt.values.joined()) == Set(executors(3)))
    }

    @Test func noSlotGivesNothing() { #expect(deal(3, [], [:]).isEmpty) }

    /// Random present states: each executor once, even sizes, and no more moves than evenness needs.
    @Test(arguments: 0..<300 as Range<UInt64>)
    func isEvenCompleteAndMovesNoMoreThanItMust(seed: UInt64) {
        var random = FastRandom(seed: seed)
        let count = Int.random(in: 1...20, using: &random)
        let slots = (0..<Int.random(in: 1...5, using: &random)).map { slot("n\($0)", 1) }
        var present: [Slot: [ExecutorRange]] = [:]
        for executor in executors(count) where Int.random(in: 0..<5, using: &random) > 0 {
            present[slot("n\(Int.random(in: 0..<6, using: &random))", 1), default: []].append(executor)
        }
        let dealt = deal(count, slots, present)
        #expect(dealt.values.flatMap(\.self).sorted() == executors(count), "seed \(seed)")
        let sizes = dealt.values.map(\.count)
        #expect(sizes.max()! - sizes.min()! <= 1, "seed \(seed): \(sizes)")
        let (size, bigger) = count.quotientAndRemainder(dividingBy: slots.count)
        let counts = slots.map { present[$0]?.count ?? 0 }.sorted(by: >)
        let mayStay = counts.enumerated().reduce(0) { $0 + min($1.element, $1.offset < bigger ? size + 1 : size) }
        let stay = slots.reduce(0) { $0 + Set(dealt[$1] ?? []).intersection(present[$1] ?? []).count }
        #expect(stay == mayStay, "seed \(seed): \(stay) of \(mayStay) stay")
    }
}

@Suite struct ReplacementTests {
    private let three = ["a", "b", "c"].map { SchedulableSupervisor(id: $0, ports: [6700, 6701]) }

    private func schedule(
        _ supervisors: [SchedulableSupervisor], workers: Int, _ replacement: SchedulableTopology.Replacement,
        _ present: [Slot: [ExecutorRange]], count: Int = 6
    ) -> [Slot: [ExecutorRange]] {
        DefaultScheduler().schedule(
            ClusterSnapshot(
                supervisors: supervisors,
                topologies: [
                    .init(id: "t", wantedWorkers: workers, executors: executors(count), replacement: replacement)
                ], assignments: ["t": Assignment(topologyID: "t", slots: present)])
        ).assignments[0].slots
    }

    @Test func rebalanceOfAnEvenTopologyMovesNothing() {
        let present = [slot("a", 6701): ids(1, 2, 3), slot("b", 6700): ids(4, 5, 6)]
        #expect(schedule(three, workers: 2, .rebalance, present) == present)
    }

    @Test func rebalanceUsesMachinesThatAreEmpty() {
        let present = [slot("a", 6700): ids(1, 2, 3), slot("a", 6701): ids(4, 5, 6)]
        let slots = schedule(three, workers: 2, .rebalance, present)
        #expect(Set(slots.keys.map(\.node)).count == 2)
    }

    @Test func moveLeavesAMachineThatIsAboutToStopAndNothingElseMoves() {
        var supervisors = three
        supervisors[1] = SchedulableSupervisor(id: "b", ports: [6700, 6701], isDraining: true)
        let present = [slot("a", 6700): ids(1, 2, 3), slot("b", 6700): ids(4, 5, 6)]
        let slots = schedule(supervisors, workers: 2, .move, present)
        #expect(slots[slot("a", 6700)] == ids(1, 2, 3))
        #expect(slots == [slot("a", 6700): ids(1, 2, 3), slots.keys.max()!: ids(4, 5, 6)])
        #expect(slots.keys.max()?.node == "a" || slots.keys.max()?.node == "c")
    }

    @Test func withoutAMoveAMachineThatIsAboutToStopKeepsWhatItHas() {
        let supervisors = [SchedulableSupervisor(id: "a", ports: [6700, 6701], isDraining: true)]
        let present = [slot("a", 6700): executors(6)]
        #expect(schedule(supervisors, workers: 1, .none, present) == present)
    }

    @Test func moveFromTheOnlyMachineLeavesNothing() {
        let supervisors = [SchedulableSupervisor(id: "a", ports: [6700, 6701], isDraining: true)]
        #expect(schedule(supervisors, workers: 1, .move, [slot("a", 6700): executors(6)]).isEmpty)
    }

    @Test func moveWithoutAFreeSlotPacksOntoTheOthers() {
        let supervisors = [
            SchedulableSupervisor(id: "a", ports: [6700]),
            SchedulableSupervisor(id: "b", ports: [6700], isDraining: true),
        ]
        let present = [slot("a", 6700): ids(1, 2, 3), slot("b", 6700): ids(4, 5, 6)]
        #expect(schedule(supervisors, workers: 2, .move, present) == [slot("a", 6700): executors(6)])
    }

    @Test func moveMakesTheWorkersThatAreMissing() {
        let slots = schedule(three, workers: 3, .move, [slot("a", 6700): ids(1, 2, 3), slot("b", 6700): ids(4, 5, 6)])
        #expect(slots.values.map(\.count) == [2, 2, 2])
        #expect(slots[slot("a", 6700)] == ids(1, 2) && slots[slot("b", 6700)] == ids(4, 5))
    }

    /// What a move gives, the scheduler leaves alone: else topologies would be paused again and again.
    @Test(arguments: 1...7, 1...4) func aMoveIsAFixedPoint(count: Int, workers: Int) {
        let present = [slot("a", 6700): executors(count)]
        let moved = schedule(three, workers: workers, .move, present, count: count)
        #expect(schedule(three, workers: workers, .none, moved, count: count) == moved)
    }
}
