package import StormCluster
internal import StormCore
package import StormManifest

/// What the coordination store says, read for this machine. Pure.
package struct ClusterWish: Hashable, Sendable {
    package var local: LocalAssignments.Result
    /// Records of the topologies with workers here, as far as they can be read.
    package var known: [String: KnownTopology] = [:]
    /// Topologies of `current` that have no assignment any more.
    package var missing: Set<String> = []

    /// - Parameters:
    ///   - assignments: of `/assignments`, depth 1.
    ///   - storms: of `/storms`, depth 1.
    ///   - current: what was wanted before, by port.
    /// - Returns: nil when nothing is known, because one of the two roots is not there: a store that was wiped, or is
    ///   being set up, is no reason to stop workers.
    package static func read(
        assignments: SubtreeSnapshot, storms: SubtreeSnapshot, supervisorID: String, ports: Set<Int>,
        current: [Int: WantedWorker]
    ) -> ClusterWish? {
        guard storms[ClusterPaths.storms] != nil,
            let local = LocalAssignments.resolve(
                assignments, supervisorID: supervisorID, ports: ports, current: current)
        else { return nil }
        var wish = ClusterWish(local: local)
        wish.missing = Set(current.values.map(\.topologyID)).subtracting(local.topologies)
        for id in Set(local.wanted.values.map(\.topologyID)) {
            wish.known[id] = known(id, assignments, storms)
        }
        return wish
    }

    /// Nil when one of its records cannot be read; `resolve` has told why, or nimbus will.
    private static func known(_ id: String, _ assignments: SubtreeSnapshot, _ storms: SubtreeSnapshot)
        -> KnownTopology?
    {
        let (basePath, assignmentPath) = (ClusterPaths.storm(id), ClusterPaths.assignment(id))
        guard let base = storms[basePath], let assignment = assignments[assignmentPath] else { return nil }
        do {
            return KnownTopology(
                base: try RecordCodec.decode(StormBaseRecord.self, base.bytes, path: basePath),
                assignment: try RecordCodec.decode(AssignmentRecord.self, assignment.bytes, path: assignmentPath))
        } catch {
            return nil
        }
    }

    /// Leaves the workers of topologies that only seem to be gone where they are, unless others want their ports.
    package mutating func keep(_ topologies: Set<String>, of current: [Int: WantedWorker]) {
        local.topologies.formUnion(topologies)
        for (port, worker) in current where topologies.contains(worker.topologyID) && local.wanted[port] == nil {
            local.wanted[port] = worker
        }
    }

    /// Leaves workers of topologies out that none of `current` is of: they wait for something.
    package mutating func hold(_ topologies: Set<String>, _ current: [Int: WantedWorker]) {
        let held = topologies.subtracting(current.values.map(\.topologyID))
        local.wanted = local.wanted.filter { !held.contains($0.value.topologyID) }
    }
}
