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
    /// How long workers wait until it is known of which cluster their topology is: a store that does not answer stops none.
    private static let learnPatience: Duration = .seconds(1)

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
            if let present { goOn(as: present) }
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

    /// The store is another cluster's now. What is here and not there is of the former one; what will be seen from now on is
    /// of this one, even if it is gone before its own cluster could be asked for.
    private func goOn(as present: String) {
        guard let former = clusterID, former != present, let assignments = assignmentsView?.snapshot() else { return }
        let missing = Set(known.keys).union(wanted.values.map(\.topologyID))
            .filter { assignments[ClusterPaths.assignment($0)] == nil }
        // One that only a worker's folder tells of has nothing else to be judged by.
        guard missing.isSubset(of: known.keys) else { return }
        for id in missing where known[id]?.clusterID == nil { known[id]?.clusterID = former }
        clusterID = present
    }

    private func noteLoss(_ missing: Set<String>) {
        // That the store is empty may have been told before, but not what it has forgotten.
        let missing = missing.subtracting(toldLost)
        guard !missing.isEmpty else { return }
        toldLost.formUnion(missing)
        isStoreEmpty = true
        logger.error(
            """
            ZooKeeper was wiped: it has forgotten \(missing.sorted().joined(separator: ", ")). The workers here go on; \
            submit the topologies again, or restore ZooKeeper's data. Workers end when others need their slots
            """)
    }

    func cluster(of topology: String) -> String? { known[topology]?.clusterID ?? clusterID }

    // MARK: Of which cluster

    /// Topologies in the store of which it is not known of which cluster they are.
    var unlearned: Set<String> {
        guard let assignments = assignmentsView?.snapshot() else { return [] }
        return Set(
            known.filter { id, topology in
                topology.clusterID == nil && assignments[ClusterPaths.assignment(id)] != nil
            }.keys)
    }

    /// Finds out of which cluster topologies are that were just seen, before their workers start: these have to know it,
    /// and the topology may be gone a moment later. What cannot be told the next look tries again.
    func learnClusters() {
        guard learning == nil, !isEnding, !unlearned.isEmpty else { return }
        learning = Task {
            let patience = Task {
                // Cancelled: the answers came in time.
                guard (try? await Task.sleep(for: Self.learnPatience)) != nil else { return }
                stopWaiting(for: unlearned)
            }
            var tried: Set<String> = []
            // More may have come while the store was asked.
            while case let next = unlearned.subtracting(tried), !next.isEmpty {
                tried.formUnion(next)
                await learnClusters(of: next)
            }
            patience.cancel()
            learning = nil
            if !stopWaiting(for: tried), !hasEnded { note() }
        }
    }

    private func learnClusters(of topologies: Set<String>) async {
        do {
            let paths = Dictionary(uniqueKeysWithValues: topologies.map { (ClusterPaths.assignment($0), $0) })
            guard let (id, there) = try await ClusterIdentity.read(state.store, having: Set(paths.keys)) else { return }
            for path in there { if let topology = paths[path] { known[topology]?.clusterID = id } }
        } catch {
            logger.debug("cannot tell yet which cluster \(topologies.sorted()) are of: \(error)")
        }
    }

    /// - Returns: whether workers may have waited for that; then all was looked at again.
    @discardableResult
    private func stopWaiting(for topologies: Set<String>) -> Bool {
        guard !topologies.isSubset(of: asked) else { return false }
        asked.formUnion(topologies)
        lookAtStore()
        return true
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
