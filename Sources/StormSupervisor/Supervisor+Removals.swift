internal import Logging
internal import StormCluster

/// What is missing in the store: removed on purpose, or lost with the store's memory?
///
/// A nimbus sets up an empty tree soon after ZooKeeper was wiped, and then every topology is missing as if somebody had
/// killed it. The cluster's id tells the two apart (``ClusterIdentity``).
extension Supervisor {
    /// How long until a look that told nothing is repeated.
    private static let proofDelay: Duration = .seconds(5)

    /// Of topologies that have been missing for long enough: those whose workers must stay for now. Has the rest proven.
    func unproven(_ missing: Set<String>) -> Set<String> {
        let unproven = missing.subtracting(provenRemovals)
        // A cluster of an older program has no id.
        guard clusterID != nil, !unproven.isEmpty else { return [] }
        if proving == nil {
            proving = Task {
                await prove(unproven)
                proving = nil
            }
        }
        return unproven
    }

    private func prove(_ missing: Set<String>) async {
        do {
            let present = try await ClusterIdentity.read(state.store)
            switch ClusterIdentity.verdict(remembered: clusterID, present: present) {
            case .same:
                provenRemovals.formUnion(missing)
                return lookAtStore()
            case .wiped, .replaced: noteLoss(missing)
            }
        } catch {
            logger.debug("cannot tell yet why topologies are missing: \(error)")
        }
        lookAgain(at: now + Self.proofDelay)
    }

    private func noteLoss(_ missing: Set<String>) {
        guard !isStoreEmpty else { return }
        isStoreEmpty = true
        logger.error(
            """
            ZooKeeper was wiped: it has forgotten \(missing.sorted().joined(separator: ", ")). The workers here go on; \
            submit the topologies again, or restore ZooKeeper's data. Workers end when others need their slots
            """)
    }

    /// Learns which cluster this is, once.
    func learnClusterID() async throws {
        guard clusterID == nil else { return }
        let present = try await retrying("read the cluster's id") { [state] in
            try await ClusterIdentity.read(state.store)
        }
        clusterID = clusterID ?? present
        note()
    }
}
