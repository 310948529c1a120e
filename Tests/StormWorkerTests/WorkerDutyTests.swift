import StormCluster
import StormCore
import Testing

@testable import StormWorker

@Suite struct WorkerDutyTests {
    private let here = WorkerSlot(node: "n1", port: 6700)

    private func base(_ status: TopologyStatus) -> StormBaseRecord {
        StormBaseRecord(
            name: "wc", id: "wc-1-1", status: status, owner: "me", submittedAtMilliseconds: 1, workers: 2,
            componentExecutors: [:], componentTasks: [:], blobs: [])
    }

    private func worker(_ node: String, _ port: Int, _ tasks: [Int], incarnation: Int = 3) -> WorkerAssignment {
        WorkerAssignment(
            node: node, host: "host-\(node)", port: port,
            executors: tasks.map { ExecutorRange(TaskID($0), TaskID($0)) },
            startedAtMilliseconds: 1, incarnation: incarnation)
    }

    private func assignment(_ workers: [WorkerAssignment]) -> AssignmentRecord {
        AssignmentRecord(topologyID: "wc-1-1", codeSHA256: "00", workers: workers)
    }

    @Test func runsWithTheTasksOfTheOthersAtTheirPlaces() {
        let duty = WorkerDuty(
            base: base(.active), assignment: assignment([worker("n1", 6700, [1, 2]), worker("n2", 6701, [3])]),
            slot: here, incarnation: 3)
        let peer = PeerAddress(node: "n2", host: "host-n2", port: 6701)
        #expect(duty == .run(WorkerOrders(isActive: true, peers: [TaskID(3): peer])))
    }

    @Test(arguments: [TopologyStatus.inactive, .killed, .rebalancing])
    func spoutsAreOffUnlessTheTopologyIsActive(_ status: TopologyStatus) {
        let duty = WorkerDuty(
            base: base(status), assignment: assignment([worker("n1", 6700, [1])]), slot: here, incarnation: 3)
        #expect(duty == .run(WorkerOrders(isActive: false, peers: [:])))
    }

    @Test func leavesWhenTopologySlotOrIncarnationIsGone() {
        func leaves(_ base: StormBaseRecord?, _ assignment: AssignmentRecord?) -> Bool {
            if case .leave = WorkerDuty(base: base, assignment: assignment, slot: here, incarnation: 3) { return true }
            return false
        }
        // What is missing altogether may be so because everything is.
        let gone = WorkerDuty.gone("the topology was removed")
        #expect(
            WorkerDuty(base: nil, assignment: assignment([worker("n1", 6700, [1])]), slot: here, incarnation: 3) == gone
        )
        // Another picture: a store that is filled again has the one before the other.
        #expect(
            WorkerDuty(base: base(.active), assignment: nil, slot: here, incarnation: 3)
                == .gone("the topology is not assigned to any slot any more"))
        #expect(leaves(base(.active), assignment([worker("n2", 6700, [1])])))
        #expect(leaves(base(.active), assignment([worker("n1", 6700, [1], incarnation: 4)])))
        #expect(!leaves(base(.active), assignment([worker("n1", 6700, [1])])))
    }
}

@Suite struct WorkerPlanTests {
    private let topology = TopologyDescription(components: [
        ComponentDescription(id: "s", kind: .spout, streams: [StreamDescription(fields: ["x"])]),
        ComponentDescription(
            id: "b", kind: .bolt, parallelism: 2, inputs: [InputDescription(GlobalStreamID("s"), .shuffle)]),
    ])

    private func base(_ tasks: [String: Int], _ executors: [String: Int]) -> StormBaseRecord {
        StormBaseRecord(
            name: "t", id: "t-1-1", status: .active, owner: "me", submittedAtMilliseconds: 1, workers: 1,
            componentExecutors: executors, componentTasks: tasks, blobs: [])
    }

    @Test func numbersAreThoseThatNimbusStored() throws {
        let plan = try WorkerPlan.make(
            topology, submitted: topology, base: base(["__acker": 1, "b": 4, "s": 1], ["__acker": 1, "b": 2, "s": 1]))
        #expect(plan["b"]?.tasks.count == 4)
        #expect(plan["b"]?.executors.count == 2)
        #expect(plan["__acker"]?.tasks == [TaskID(1)])
    }

    @Test func anotherTopologyIsRefusedWithTheDifference() {
        let other = TopologyDescription(components: [
            topology.components[1],
            ComponentDescription(
                id: "b", kind: .bolt, parallelism: 2, inputs: [InputDescription(GlobalStreamID("s"), .fields(["x"]))]),
        ])
        #expect {
            _ = try WorkerPlan.make(topology, submitted: other, base: base([:], [:]))
        } throws: { error in
            "\(error)".contains("component 'b' has other inputs")
        }
    }

    @Test func orderOfInputsIsNoDifference() {
        func joined(_ order: [String]) -> TopologyDescription {
            TopologyDescription(components: [
                ComponentDescription(
                    id: "j", kind: .bolt, inputs: order.map { InputDescription(GlobalStreamID($0), .shuffle) })
            ])
        }
        #expect(WorkerPlan.difference(joined(["a", "b"]), joined(["b", "a"])) == nil)
        #expect(WorkerPlan.difference(joined(["a", "b"]), joined(["a"])) != nil)
    }
}
