import FoundationEssentials
import StormCluster

/// When all topologies were killed nothing is left of them: no worker, no znode, no folder, no code at a nimbus. Dead letters
/// stay: what becomes of them is for people to say.
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
        // After a wipe a nimbus keeps the contents of the cluster that was: somebody may restore a backup of the store.
        if cluster.state.it.wipe == nil {
            for machine in 0..<cluster.plan.nimbuses { found += contents("\(cluster.disk(machine))/nimbus") }
        }
        return found
    }

    /// Topologies of which a machine has a worker or code, whatever the store says.
    static func present(_ cluster: SimulatedCluster) -> Set<String> {
        var found = Set(cluster.state.it.workers.values.map(\.topologyID))
        for machine in 0..<cluster.plan.machines {
            found.formUnion(
                names("\(cluster.disk(machine))/local/supervisor/stormdist").map(ClusterPaths.unescape))
        }
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

    /// Blobs and uploads in a nimbus' folder.
    static func contents(_ folder: String) -> [String] {
        let (blobs, inbox) = ("\(folder)/blobs", "\(folder)/inbox")
        let stored = names(blobs).flatMap { bucket in names("\(blobs)/\(bucket)").map { "\(blobs)/\(bucket)/\($0)" } }
        return stored + names(inbox).map { "\(inbox)/\($0)" }
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
            ClusterPaths.blobStore, ClusterPaths.credentials, ClusterPaths.logConfigs, ClusterPaths.submissions,
            ClusterPaths.leaving, ClusterPaths.deadLetterReplays,
        ]
        let said = Set(
            forgotten.flatMap { [ClusterPaths.workerBeats($0), ClusterPaths.errors($0)] })
        // Their workers say so there as well when they make room.
        let leaving = forgotten.map { "\(ClusterPaths.leaving)/\(ClusterPaths.escape($0)):" }
        return tree.nodes.keys.filter { path in
            parents.contains(NodePath.parent(of: path)) && !said.contains(path)
                && !leaving.contains { path.hasPrefix($0) }
        }.sorted()
    }
}
