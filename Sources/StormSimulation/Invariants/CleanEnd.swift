import FoundationEssentials
import StormCluster

/// When all topologies were killed nothing is left of them: no worker, no znode, no folder.
enum CleanEnd {
    static let name = "clean end"

    /// - Returns: what is left; empty when all is clean.
    static func leftovers(_ cluster: SimulatedCluster) -> [String] {
        let forgotten = cluster.state.it.wipe?.forgotten ?? []
        var found = cluster.state.it.workers.values.filter { !forgotten.contains($0.topologyID) }.map {
            "process \($0.process.name)"
        }
        found += leftovers(cluster.ensemble.state.it.tree, forgotten: forgotten).map { "znode \($0)" }
        for machine in 0..<cluster.plan.machines { found += folders(cluster.disk(machine), forgotten) }
        return found
    }

    /// What is left on a machine's disk. Where a topology is that the store has forgotten, nobody knows what is its own.
    private static func folders(_ disk: String, _ forgotten: Set<String>) -> [String] {
        let (workers, code) = ("\(disk)/local/workers", "\(disk)/local/supervisor/stormdist")
        let topologies = names(code)
        let left = topologies.filter { !forgotten.contains($0) }.map { "\(code)/\($0)" }
        guard left.count == topologies.count else { return left }
        return left + names(workers).map { "\(workers)/\($0)" }
    }

    private static func names(_ folder: String) -> [String] {
        // A folder that was never made is empty.
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    /// Znodes that belong to a topology. Pure.
    /// - Parameter forgotten: topologies whose workers go on although the store has forgotten them, and say so there.
    static func leftovers(_ tree: InMemoryTree, forgotten: Set<String> = []) -> [String] {
        let parents: Set<String> = [
            ClusterPaths.storms, ClusterPaths.assignments, ClusterPaths.workerBeats, ClusterPaths.errors,
            ClusterPaths.blobStore, ClusterPaths.credentials, ClusterPaths.logConfigs,
        ]
        let said = Set(
            forgotten.flatMap { [ClusterPaths.workerBeats($0), ClusterPaths.errors($0)] })
        return tree.nodes.keys.filter { parents.contains(NodePath.parent(of: $0)) && !said.contains($0) }.sorted()
    }
}
