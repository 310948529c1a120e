import StormCore
import StormScheduling
import Testing

@Suite struct PlacementDecisionTests {
    let two = [
        SchedulableSupervisor(id: "a", ports: [6700, 6701]), SchedulableSupervisor(id: "b", ports: [6700, 6701]),
    ]

    private func decision(
        _ supervisors: [SchedulableSupervisor], _ topology: SchedulableTopology, present: [Slot: [ExecutorRange]] = [:],
        dead: Set<Slot> = [], scheduler: any Scheduler = DefaultScheduler()
    ) -> PlacementDecision? {
        scheduler.schedule(
            ClusterSnapshot(
                supervisors: supervisors, topologies: [topology],
                assignments: present.isEmpty ? [:] : ["t": Assignment(topologyID: "t", slots: present)], deadSlots: dead
            )
        ).decisions["t"]
    }

    @Test func aFirstPlacementSaysWhatItChoseFrom() {
        let decided = decision(two, .init(id: "t", wantedWorkers: 3, executors: executors(4)))
        #expect(
            decided
                == PlacementDecision(
                    cause: .first, rule: .inTurn, wantedWorkers: 3, freeSlots: 4, freeMachines: 2, newSlots: 3,
                    moved: executors(4)))
    }

    @Test func whatStaysAsItIsNeedsNoDecision() {
        let present = [slot("a", 6700): ids(1, 3), slot("b", 6700): ids(2, 4)]
        #expect(decision(two, .init(id: "t", wantedWorkers: 2, executors: executors(4)), present: present) == nil)
        #expect(decision([], .init(id: "t", wantedWorkers: 2, executors: executors(4))) == nil)
    }

    @Test func aDeadWorkersExecutorsMoveAndTheOthersAreKept() {
        let present = [slot("a", 6700): ids(1, 3), slot("b", 6700): ids(2, 4)]
        let decided = decision(
            two, .init(id: "t", wantedWorkers: 2, executors: executors(4)), present: present, dead: [slot("b", 6700)])
        #expect(decided?.cause == .workersDead && decided?.moved == ids(2, 4) && decided?.newSlots == 1)
    }

    @Test func aMachineThatIsGoneIsNamed() {
        let present = [slot("a", 6700): ids(1, 3), slot("c", 6700): ids(2, 4)]
        let decided = decision(two, .init(id: "t", wantedWorkers: 2, executors: executors(4)), present: present)
        #expect(decided?.cause == .machinesGone(["c"]) && decided?.moved == ids(2, 4))
    }

    @Test func withoutAFreeSlotTheEmptiestOwnOneIsTaken() {
        let present = [slot("a", 6700): ids(1)]
        let decided = decision(
            [.init(id: "a", ports: [6700])], .init(id: "t", wantedWorkers: 1, executors: executors(2)),
            present: present,
            scheduler: EvenScheduler())
        #expect(decided?.rule == .emptiestOwn && decided?.cause == .executorsChanged && decided?.newSlots == 0)
    }

    @Test func freedSlotsAreTheReasonForMoreWorkers() {
        let present = [slot("a", 6700): executors(4)]
        let decided = decision(two, .init(id: "t", wantedWorkers: 2, executors: executors(4)), present: present)
        #expect(decided?.cause == .workersMissing)
    }

    @Test func movesAtRestSayWhy() {
        let present = [slot("a", 6700): ids(1, 3), slot("b", 6700): ids(2, 4)]
        func topology(_ replacement: SchedulableTopology.Replacement) -> SchedulableTopology {
            SchedulableTopology(id: "t", wantedWorkers: 2, executors: executors(4), replacement: replacement)
        }
        #expect(decision(two, topology(.rebalance), present: present)?.cause == .rebalance)
        #expect(decision(two, topology(.move), present: present)?.cause == .move)
        let draining = [two[0], SchedulableSupervisor(id: "b", ports: [6700, 6701], isDraining: true)]
        let decided = decision(draining, topology(.move), present: present)
        #expect(decided?.cause == .machinesEmptied(["b"]) && decided?.rule == .fewestOfComponent)
        #expect(decided?.moved == ids(2, 4))
    }
}
