internal import Logging
internal import StormCluster
internal import StormManifest

/// What is missing in the store: removed on purpose, or lost with the store's memory?
///
/// A nimbus sets up an empty tree soon after ZooKeeper was wiped, and then every topology is missing as if somebody had
/// killed it. The cluster's id tells the two apart (``ClusterIdentity``).
extension Supervisor {
    /// How long until a look that told nothing is repeated.
    private static let proofDelay: Duration = .seconds(5)

    /// Of topologies that have been missing for long enough: those whose workers must stay for now. Has the rest proven.
    func unproven(_ missing: Set<String>) -> Set<String> {
        // A cluster of an older program has no id.
        let unproven = missing.subtracting(provenRemovals).filter { cluster(of: $0) != nil }
        guard !unproven.isEmpty else { return [] }
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
            // Some may be of a cluster that was wiped, others of the one that was set up after it.
            let removed = missing.filter {
                ClusterIdentity.verdict(remembered: cluster(of: $0), present: present) == .same
            }
            let lost = missing.subtracting(removed)
            if !lost.isEmpty { noteLoss(lost) }
            if !removed.isEmpty {
                provenRemovals.formUnion(removed)
                lookAtStore()
            }
            if lost.isEmpty { return }
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

    private func cluster(of topology: String) -> String? { known[topology]?.clusterID ?? clusterID }

    /// Finds out of which cluster topologies are that were just seen; when that cannot be told, the next look tries again.
    func learnClusters(of topologies: Set<String>) {
        let unknown = topologies.filter { known[$0] != nil && known[$0]?.clusterID == nil }
        guard !unknown.isEmpty, learning == nil, !isEnding else { return }
        learning = Task {
            for topology in unknown.sorted() { await learnCluster(of: topology) }
            note()
            learning = nil
        }
    }

    private func learnCluster(of topology: String) async {
        do {
            let path = ClusterPaths.assignment(topology)
            guard let id = try await ClusterIdentity.read(state.store, having: path) else { return }
            known[topology]?.clusterID = id
        } catch {
            logger.debug("cannot tell yet which cluster \(topology) is of: \(error)")
        }
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
