import StormCore
import StormScheduling
import Testing

/// Random clusters that lose and gain machines; invariants after every round.
@Suite struct SchedulerPropertyTests {
    @Test(arguments: 0..<300 as Range<UInt64>)
    func invariantsHoldWhileTheClusterChanges(seed: UInt64) {
        var random = FastRandom(seed: seed)
        let topologies = (0..<Int.random(in: 1...4, using: &random)).map { index in
            SchedulableTopology(
                id: "t\(index)", wantedWorkers: Int.random(in: 1...6, using: &random),
                executors: executors(Int.random(in: 1...20, using: &random)))
        }
        var assignments: [String: Assignment] = [:]
        for _ in 0..<6 {
            let cluster = Self.cluster(topologies, assignments, &random)
            let result = DefaultScheduler().schedule(cluster)
            Self.check(cluster, result, seed)
            #expect(result == DefaultScheduler().schedule(cluster), "seed \(seed): not deterministic")
            assignments = Dictionary(uniqueKeysWithValues: result.assignments.map { ($0.topologyID, $0) })
            Self.checkStable(cluster, result, seed)
        }
    }

    private static func cluster(
        _ topologies: [SchedulableTopology], _ assignments: [String: Assignment], _ random: inout FastRandom
    ) -> ClusterSnapshot {
        let supervisors = (0..<5).filter { _ in Int.random(in: 0..<4, using: &random) > 0 }.map { index in
            SchedulableSupervisor(id: "node\(index)", ports: Array(6700..<(6700 + 1 + index % 4)))
        }
        let slots = assignments.values.flatMap(\.slots.keys).sorted()
        let dead = slots.filter { _ in Int.random(in: 0..<8, using: &random) == 0 }
        return ClusterSnapshot(
            supervisors: supervisors, topologies: topologies, assignments: assignments, deadSlots: Set(dead))
    }

    private static func check(_ cluster: ClusterSnapshot, _ result: SchedulingResult, _ seed: UInt64) {
        let exposed = Set(cluster.supervisors.flatMap { node in node.ports.map { Slot(node: node.id, port: $0) } })
        let used = result.assignments.flatMap(\.slots.keys)
        #expect(used.count == Set(used).count, "seed \(seed): a slot is used twice")
        #expect(
            Set(used).isSubset(of: exposed.subtracting(cluster.deadSlots)), "seed \(seed): a slot that is not there")
        for (topology, assignment) in zip(cluster.topologies, result.assignments) {
            let placed = assignment.slots.values.flatMap(\.self)
            #expect(placed.count == Set(placed).count, "seed \(seed): an executor runs twice")
            if !assignment.slots.isEmpty {
                #expect(Set(placed) == Set(topology.executors), "seed \(seed): an executor runs nowhere")
            }
            let wanted = min(topology.wantedWorkers, topology.executors.count)
            #expect(assignment.slots.count <= wanted, "seed \(seed): more workers than wanted")
            if assignment.slots.count < wanted {
                let free = exposed.subtracting(cluster.deadSlots).subtracting(used)
                #expect(free.isEmpty, "seed \(seed): workers are missing though \(free) is free")
            }
            let sizes = assignment.slots.values.map(\.count)
            #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1, "seed \(seed): uneven \(sizes)")
            checkMoves(cluster, topology, assignment, seed)
        }
    }

    /// A worker that is alive and whose size still fits stays as it is.
    private static func checkMoves(
        _ cluster: ClusterSnapshot, _ topology: SchedulableTopology, _ assignment: Assignment, _ seed: UInt64
    ) {
        guard let before = cluster.assignments[topology.id], !assignment.slots.isEmpty else { return }
        let exposed = Set(cluster.supervisors.flatMap { node in node.ports.map { Slot(node: node.id, port: $0) } })
        let alive = before.slots.filter { exposed.contains($0.key) && !cluster.deadSlots.contains($0.key) }
        if alive.count == before.slots.count, alive.count == assignment.slots.count {
            #expect(assignment == before, "seed \(seed): moved without need")
        }
    }

    /// The result is a fixed point: scheduling again changes nothing.
    private static func checkStable(_ cluster: ClusterSnapshot, _ result: SchedulingResult, _ seed: UInt64) {
        let again = DefaultScheduler().schedule(
            ClusterSnapshot(
                supervisors: cluster.supervisors, topologies: cluster.topologies,
                assignments: Dictionary(uniqueKeysWithValues: result.assignments.map { ($0.topologyID, $0) }),
                deadSlots: cluster.deadSlots))
        #expect(again.assignments == result.assignments, "seed \(seed): the next round changes it again")
    }
}
