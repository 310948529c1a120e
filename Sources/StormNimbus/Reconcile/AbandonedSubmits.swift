import StormCluster

/// Submits that a leader began and did not live to finish. Their topologies never existed and their clients have no
/// answer, so all that they created goes, at once.
enum AbandonedSubmits {
    /// Topology ids, sorted. Pure.
    static func find(_ seen: ClusterObservation, pending: PendingSubmits) -> [String] {
        seen.submissions.keys.filter { !pending.contains($0) }.sorted()
    }

    /// Deletes the blobs, then the record of the submit: a crash in between is repaired by doing it again.
    static func undo(_ topologyID: String, _ seen: ClusterObservation, _ state: ClusterState) async throws {
        if seen.storms[topologyID] == nil {
            let record = seen.submissions[topologyID] ?? nil
            for key in Set(record?.blobs ?? TopologyBlobs.keys(topologyID)).sorted() {
                try await state.store.deleteRecursively(ClusterPaths.blob(key))
            }
        }
        try await state.submissions.delete(topologyID)
    }
}
