import StormCluster
import StormCore

/// No slot is in two assignments, nor twice in one, and no executor runs in two slots of its topology.
struct SlotsHeldOnce: Invariant {
    static let name = "slots held once"

    init() {}

    func install(_ cluster: SimulatedCluster) {
        let (world, ensemble) = (cluster.world, cluster.ensemble)
        ensemble.watchers.it.append { write, _ in
            guard write.operations.contains(where: { NodePath.parent(of: $0.path) == ClusterPaths.assignments }) else {
                return
            }
            if let fault = Self.fault(ensemble.state.it.tree) { world.fail(Violation(Self.name, fault)) }
        }
    }

    /// Pure.
    static func fault(_ tree: InMemoryTree) -> String? {
        var holders: [WorkerSlot: String] = [:]
        for name in (tree.nodes[ClusterPaths.assignments]?.children ?? []).sorted() {
            let path = NodePath.join(ClusterPaths.assignments, name)
            guard let node = tree.nodes[path] else { continue }
            do {
                let record = try RecordCodec.decode(AssignmentRecord.self, node.data, path: path)
                var tasks: Set<Int32> = []
                for worker in record.workers {
                    if let other = holders.updateValue(record.topologyID, forKey: worker.slot) {
                        return "\(worker.slot) is held by \(other) and \(record.topologyID)"
                    }
                    for task in worker.executors.executors.flatMap(\.tasks)
                    where !tasks.insert(task.rawValue).inserted {
                        return "task \(task) of \(record.topologyID) runs twice"
                    }
                }
            } catch {
                return "\(error)"
            }
        }
        return nil
    }
}
