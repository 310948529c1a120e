import Logging
import StormCluster
import StormManifest

/// What a worker process has to do, as far as is known when it starts.
enum WorkerBeginning: Sendable {
    case run(KnownTopology)
    /// It is not wanted, for this reason.
    case leave(String)
}

extension Worker {
    /// Reads the topology's records; when the store does not answer, or has lost everything, what the supervisor knew
    /// last does, so that a worker can start while ZooKeeper is away.
    /// - Throws: what keeps it from being read, if the supervisor knew nothing either.
    func beginning() async throws -> WorkerBeginning {
        guard let known = manifest.known else { return try await readCluster() }
        do {
            return try await TimeLimit.run(Self.startPatience) { try await readCluster() }
        } catch {
            logger.warning("starts with what the supervisor knew last, and joins the cluster later: \(error)")
            return decide(known.base, known.assignment)
        }
    }

    private func readCluster() async throws -> WorkerBeginning {
        let id = manifest.topologyID
        let base = try await state.storms.get(id)?.record
        if base == nil, manifest.known != nil {
            guard try await state.store.exists(ClusterPaths.storms) else {
                throw CoordinationError(.noNode, ClusterPaths.storms, detail: "the cluster's state is gone")
            }
            try await makeSureOfRemoval()
        }
        return decide(base, try await state.assignments.get(id)?.record)
    }

    /// The topology's record is missing: in the cluster that the worker was started for, somebody removed it.
    private func makeSureOfRemoval() async throws {
        // A cluster of an older program has no id.
        guard let remembered = manifest.known?.clusterID else { return }
        let present = try await ClusterIdentity.read(state.store)
        guard ClusterIdentity.verdict(remembered: remembered, present: present) == .same else {
            throw CoordinationError(
                .noNode, ClusterPaths.storm(manifest.topologyID), detail: "ZooKeeper was wiped and set up again")
        }
    }

    private func decide(_ base: StormBaseRecord?, _ assignment: AssignmentRecord?) -> WorkerBeginning {
        switch WorkerDuty(base: base, assignment: assignment, slot: slot, incarnation: manifest.incarnation) {
        case .leave(let reason), .gone(let reason): return .leave(reason)
        case .run:
            guard let base, let assignment else { return .leave("the topology was removed") }
            // Started for one cluster it stays with it, whatever the store has become since.
            return .run(
                KnownTopology(base: base, assignment: assignment, clusterID: manifest.known?.clusterID))
        }
    }
}
