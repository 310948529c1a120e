import FoundationEssentials
import StormCluster

/// When all topologies were killed nothing is left of them: no worker, no znode, no folder.
enum CleanEnd {
    static let name = "clean end"

    /// - Returns: what is left; empty when all is clean.
    static func leftovers(_ cluster: SimulatedCluster) -> [String] {
        var found = cluster.state.it.workers.values.map { "process \($0.process.name)" }
        found += leftovers(cluster.ensemble.state.it.tree).map { "znode \($0)" }
        for machine in 0..<cluster.plan.machines {
            let local = "\(cluster.disk(machine))/local"
            for folder in ["\(local)/workers", "\(local)/supervisor/stormdist"] {
                // A folder that was never made is empty.
                let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
                found += names.sorted().map { "\(folder)/\($0)" }
            }
        }
        return found
    }

    /// Znodes that belong to a topology. Pure.
    static func leftovers(_ tree: InMemoryTree) -> [String] {
        let parents: Set<String> = [
            ClusterPaths.storms, ClusterPaths.assignments, ClusterPaths.workerBeats, ClusterPaths.errors,
            ClusterPaths.blobStore, ClusterPaths.credentials, ClusterPaths.logConfigs,
        ]
        return tree.nodes.keys.filter { parents.contains(NodePath.parent(of: $0)) }.sorted()
    }
}
