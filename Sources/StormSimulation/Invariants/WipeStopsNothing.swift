import StormCluster
import StormManifest

/// A store that has lost its memory stops no worker: those of forgotten topologies go on until others need their slots.
struct WipeStopsNothing: Invariant {
    static let name = "a wiped store stops nothing"

    init() {}

    func install(_ cluster: SimulatedCluster) {
        cluster.ensemble.watchers.it.append { [weak cluster] write, _ in
            guard let cluster, cluster.state.it.wipe != nil,
                write.operations.contains(where: { NodePath.parent(of: $0.path) == ClusterPaths.assignments })
            else { return }
            cluster.state.it.wipe?.note(cluster.ensemble.state.it.tree)
        }
    }

    /// A worker has ended by itself.
    static func ended(_ process: SimulatedProcess, _ manifest: WorkerManifest, code: Int32, _ cluster: SimulatedCluster)
    {
        let (id, slot) = (manifest.topologyID, WorkerSlot(node: manifest.supervisorID, port: manifest.port))
        guard code == 0, let wipe = cluster.state.it.wipe,
            wipe.mustGoOn(id, slot, incarnation: manifest.incarnation)
        else { return }
        cluster.world.fail(
            Violation(name, "\(process.name) of \(id) ends although nobody else needs its slot"))
    }
}
