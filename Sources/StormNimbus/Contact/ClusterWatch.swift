package import Logging
package import StormCluster

/// Notices when the store's memory of the cluster was wiped while this nimbus ran, or before it started, and says so.
///
/// The tree is set up again, empty, so that new topologies can be submitted. What the cluster had is not guessed: nothing
/// that is missing counts as removed, so the code on this disk is kept, and workers that run go on (see
/// `ClusterIdentity`).
package actor ClusterWatch {
    /// What a look found.
    package enum Finding: Hashable, Sendable {
        case intact
        /// The store has forgotten the cluster; it is set up afresh, and whoever registered there must do so again.
        case forgotten
    }

    private let state: ClusterState
    private let directory: BlobDirectory
    private let logger: Logger
    /// The cluster this nimbus works for.
    private var remembered: String?
    private var hasReportedForeignBlobs = false
    /// Whether the blobs on this disk are those of the present cluster: only then may unreferenced ones be deleted.
    package private(set) var ownsBlobs = false

    package init(state: ClusterState, directory: BlobDirectory, logger: Logger) {
        self.state = state
        self.directory = directory
        self.logger = logger
    }

    /// Compares the present cluster with the remembered one.
    /// - Throws: `CoordinationError`, `DiskError`; look again later.
    package func look() async throws -> Finding {
        let present = try await ClusterIdentity.read(state.store)
        let verdict = ClusterIdentity.verdict(remembered: remembered, present: present)
        guard verdict != .same else {
            if remembered == nil, let present { try await join(present) }
            return .intact
        }
        let old = remembered ?? "unknown"
        try await state.prepare()
        guard let id = try await ClusterIdentity.read(state.store) else { return .forgotten }
        logger.critical(
            """
            the coordination store was wiped: it has forgotten all topologies of this cluster. Running workers go on and \
            code is kept, but nothing can be managed until the topologies are there again: restore ZooKeeper's data \
            (with all nimbuses stopped), or submit the topologies again
            """, metadata: ["cluster.id.was": "\(old)", "cluster.id": "\(id)"])
        try await join(id)
        return .forgotten
    }

    private func join(_ id: String) async throws {
        let noted = try await directory.clusterID()
        // A file that holds no id tells as little as none.
        let owner = noted.flatMap { ClusterIdentity.isID($0) ? $0 : nil }
        if noted != nil, owner == nil {
            logger.warning(
                "the file cluster-id is damaged; the code in its folder is taken for this cluster's",
                metadata: ["folder": "\(directory.root)", "cluster.id": "\(id)"])
        }
        let isEmpty = try await directory.all().isEmpty
        if owner != id, owner == nil || isEmpty { try await directory.setClusterID(id) }
        ownsBlobs = owner == id || owner == nil || isEmpty
        remembered = id
        if ownsBlobs { hasReportedForeignBlobs = false }
        guard !ownsBlobs, !hasReportedForeignBlobs else { return }
        hasReportedForeignBlobs = true
        logger.error(
            """
            the code in this folder belongs to another cluster, which the coordination store has forgotten; it is kept \
            and none of it is deleted. Delete the file cluster-id there to let nimbus tidy the folder again
            """,
            metadata: ["folder": "\(directory.root)", "cluster.id.was": "\(owner ?? "")", "cluster.id": "\(id)"])
    }
}
