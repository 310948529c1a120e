import StormCluster

/// Of one leadership only one nimbus writes what leaders write; and no two nimbuses with living sessions act as leader.
struct OneLeader: Invariant {
    static let name = "one leader"

    init() {}

    func install(_ cluster: SimulatedCluster) {
        let world = cluster.world
        cluster.ensemble.watchers.it.append { write, tree in
            guard write.process.name.hasPrefix("nimbus") else { return }
            if let fault = Self.fault(write.operations, session: write.session, tree) {
                world.fail(Violation(Self.name, "\(write.process.name) \(fault)"))
            }
        }
    }

    func check(_ cluster: SimulatedCluster) {
        let acting = cluster.actingNimbuses.map(\.life).filter { life in
            guard life.process.isRunning, life.store.state.it.contact == .connected,
                let session = life.store.session, cluster.ensemble.isAlive(session)
            else { return false }
            // Nobody can tell a leader that is cut off that its lock was wiped away. What it writes is refused without it.
            return cluster.state.it.wipe == nil || holdsLock(session, cluster.ensemble.state.it.tree)
        }
        if acting.count > 1 {
            let names = acting.map(\.process.name).joined(separator: " and ")
            cluster.world.fail(Violation(Self.name, "\(names) act as leader"))
        }
    }

    private func holdsLock(_ session: Int64, _ tree: InMemoryTree) -> Bool {
        let candidates = tree.nodes[ClusterPaths.leaderLock]?.children ?? []
        return candidates.contains { tree.nodes[NodePath.join(ClusterPaths.leaderLock, $0)]?.owner == session }
    }

    /// Pure.
    /// - Parameter tree: before the write.
    /// - Returns: what is wrong with a nimbus's write; nil when it is not the leader's business, or the writer leads.
    static func fault(
        _ operations: [CoordinationOperation], session: Int64, _ tree: InMemoryTree
    ) -> String? {
        let parents = [ClusterPaths.storms, ClusterPaths.assignments]
        guard let first = operations.first(where: { parents.contains(NodePath.parent(of: $0.path)) }) else {
            return nil
        }
        let candidates = tree.nodes[ClusterPaths.leaderLock]?.children ?? []
        let leader = candidates.min { NodePath.sequence(of: $0) < NodePath.sequence(of: $1) }
        guard let leader, let node = tree.nodes[NodePath.join(ClusterPaths.leaderLock, leader)] else {
            return "wrote \(first.path) while nobody leads"
        }
        if node.owner == session { return nil }
        // Sent under the leadership that still stands, and so the leader's, although its nimbus has another session by now.
        let isFenced = operations.contains { operation in
            if case .check(let path, _) = operation {
                path == NodePath.join(ClusterPaths.leaderLock, leader)
            } else {
                false
            }
        }
        if isFenced { return nil }
        return "wrote \(first.path) in session \(session) while \(leader) of session \(node.owner) leads"
    }
}
