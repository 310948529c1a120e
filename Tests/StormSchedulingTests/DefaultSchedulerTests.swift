import StormCore
import StormScheduling
import Testing

/// `count` executors of one task each.
func executors(_ count: Int) -> [ExecutorRange] {
    (0..<count).map { ExecutorRange(TaskID($0 + 1), TaskID($0 + 1)) }
}

func slot(_ node: String, _ port: Int) -> Slot { Slot(node: node, port: port) }

func ids(_ numbers: Int...) -> [ExecutorRange] { numbers.map { ExecutorRange(TaskID($0), TaskID($0)) } }

@Suite struct DefaultSchedulerTests {
    let two = [
        SchedulableSupervisor(id: "a", ports: [6700, 6701]), SchedulableSupervisor(id: "b", ports: [6700, 6701]),
    ]

    @Test func newTopologyIsSpreadOverNodesAndDealtInTurn() {
        let result = DefaultScheduler().schedule(
            ClusterSnapshot(
                supervisors: two, topologies: [.init(id: "t", wantedWorkers: 3, executors: executors(7))]))
        #expect(
            result.assignments[0].slots == [
                slot("a", 6700): ids(1, 4, 7), slot("b", 6700): ids(2, 5), slot("a", 6701): ids(3, 6),
            ])
        #expect(result.statuses["t"] == "Fully Scheduled")
    }

    @Test func lostSlotAloneIsReplaced() {
        let present = Assignment(
            topologyID: "t",
            slots: [slot("a", 6700): ids(1, 3), slot("b", 6700): ids(2, 4)])
        let result = DefaultScheduler().schedule(
            ClusterSnapshot(
                supervisors: two, topologies: [.init(id: "t", wantedWorkers: 2, executors: executors(4))],
                assignments: ["t": present], deadSlots: [slot("b", 6700)]))
        #expect(result.assignments[0].slots[slot("a", 6700)] == ids(1, 3))
        #expect(result.assignments[0].slots[slot("b", 6700)] == nil)
        #expect(result.assignments[0].slots.count == 2)
        #expect(result.assignments[0].executorCount == 4)
    }

    @Test func tooFewSlotsPacksAllExecutorsAndSaysSo() {
        let result = DefaultScheduler().schedule(
            ClusterSnapshot(
                supervisors: [.init(id: "a", ports: [6700])],
                topologies: [.init(id: "t", wantedWorkers: 3, executors: executors(4))]))
        #expect(result.assignments[0].slots == [slot("a", 6700): ids(1, 2, 3, 4)])
        #expect(
            result.statuses["t"] == "Running - 1 of 3 workers: no free slot; the cluster has 1 slots, 0 of them free")
    }

    @Test func noSlotAtAllIsReported() {
        let result = DefaultScheduler().schedule(
            ClusterSnapshot(supervisors: [], topologies: [.init(id: "t", wantedWorkers: 1, executors: executors(2))]))
        #expect(result.assignments[0].slots.isEmpty)
        #expect(result.statuses["t"]?.hasPrefix("Not scheduled - 2 of 2 executors have no slot") == true)
    }

    @Test func newSlotsAreUsedWhenWorkersAreMissing() {
        let present = Assignment(topologyID: "t", slots: [slot("a", 6700): executors(4)])
        let result = DefaultScheduler().schedule(
            ClusterSnapshot(
                supervisors: two, topologies: [.init(id: "t", wantedWorkers: 2, executors: executors(4))],
                assignments: ["t": present]))
        #expect(result.assignments[0].slots.values.map(\.count) == [2, 2])
        #expect(Set(result.assignments[0].slots.keys.map(\.node)) == ["a", "b"])
    }

    @Test func fullyScheduledTopologyNeverMovesForBalance() {
        let present = Assignment(
            topologyID: "t", slots: [slot("a", 6700): ids(1, 2), slot("a", 6701): ids(3, 4)])
        let result = DefaultScheduler().schedule(
            ClusterSnapshot(
                supervisors: two, topologies: [.init(id: "t", wantedWorkers: 2, executors: executors(4))],
                assignments: ["t": present]))
        #expect(result.assignments == [present])
    }

    @Test func absentSupervisorKeepsItsWorkersButGetsNoNewOnes() {
        let present = Assignment(topologyID: "t", slots: [slot("b", 6700): ids(1, 2)])
        let result = DefaultScheduler().schedule(
            ClusterSnapshot(
                supervisors: [.init(id: "b", ports: [6700, 6701], acceptsWork: false)],
                topologies: [
                    .init(id: "t", wantedWorkers: 1, executors: executors(2)),
                    .init(id: "u", wantedWorkers: 1, executors: executors(1)),
                ], assignments: ["t": present]))
        #expect(result.assignments[0] == present)
        #expect(result.assignments[1].slots.isEmpty)
    }

    @Test func killedTopologyKeepsItsSlotsUntilItIsRemoved() {
        let present = Assignment(topologyID: "t", slots: [slot("a", 6700): ids(1)])
        let result = DefaultScheduler().schedule(
            ClusterSnapshot(
                supervisors: [.init(id: "a", ports: [6700])],
                topologies: [
                    .init(id: "t", wantedWorkers: 2, executors: executors(2), isFrozen: true),
                    .init(id: "u", wantedWorkers: 1, executors: executors(1)),
                ], assignments: ["t": present]))
        #expect(result.assignments[0] == present)
        #expect(result.assignments[1].slots.isEmpty)
    }

    @Test func freshStartMayUseItsOwnSlotsAgain() {
        let present = Assignment(topologyID: "t", slots: [slot("b", 6701): executors(4)])
        let result = DefaultScheduler().schedule(
            ClusterSnapshot(
                supervisors: two,
                topologies: [.init(id: "t", wantedWorkers: 1, executors: executors(4), replacement: .rebalance)],
                assignments: ["t": present]))
        #expect(result.assignments == [present])
    }

    @Test func executorsThatTheTopologyLostAreDropped() {
        let present = Assignment(topologyID: "t", slots: [slot("a", 6700): executors(4)])
        let result = DefaultScheduler().schedule(
            ClusterSnapshot(
                supervisors: two, topologies: [.init(id: "t", wantedWorkers: 1, executors: executors(2))],
                assignments: ["t": present]))
        #expect(result.assignments[0].slots == [slot("a", 6700): executors(2)])
    }

    @Test func evenSchedulerNeverTouchesAnUnevenSlot() {
        let present = Assignment(topologyID: "t", slots: [slot("a", 6700): ids(1, 2, 3)])
        let result = EvenScheduler().schedule(
            ClusterSnapshot(
                supervisors: two, topologies: [.init(id: "t", wantedWorkers: 3, executors: executors(5))],
                assignments: ["t": present]))
        #expect(result.assignments[0].slots[slot("a", 6700)] == ids(1, 2, 3))
        #expect(result.assignments[0].slots.count == 3)
    }
}
