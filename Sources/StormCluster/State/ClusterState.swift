/// Typed access to everything the cluster remembers.
///
///     let state = ClusterState(store)
///     try await state.storms.update(id) { $0.status = .inactive }
package struct ClusterState: Sendable {
    package let store: any CoordinationStore

    package init(_ store: any CoordinationStore) { self.store = store }

    package var storms: RecordCollection<StormBaseRecord> { .init(store: store, parent: ClusterPaths.storms) }
    package var assignments: RecordCollection<AssignmentRecord> {
        .init(store: store, parent: ClusterPaths.assignments)
    }
    package var supervisors: RecordCollection<SupervisorRecord> {
        .init(store: store, parent: ClusterPaths.supervisors)
    }
    package var nimbuses: RecordCollection<NimbusRecord> { .init(store: store, parent: ClusterPaths.nimbuses) }
    package var blobs: RecordCollection<BlobRecord> { .init(store: store, parent: ClusterPaths.blobStore) }
    package var credentials: RecordCollection<CredentialsRecord> {
        .init(store: store, parent: ClusterPaths.credentials)
    }
    package var logConfigs: RecordCollection<LogConfigRecord> { .init(store: store, parent: ClusterPaths.logConfigs) }
    package var deadLetters: DeadLetterLog { DeadLetterLog(store) }
    /// Workers that were asked to stop and wait for their executors to be moved.
    package var leaving: RecordCollection<LeavingRecord> { .init(store: store, parent: ClusterPaths.leaving) }
    package var submissions: RecordCollection<SubmissionRecord> {
        .init(store: store, parent: ClusterPaths.submissions)
    }
    package var errors: ErrorLog { ErrorLog(store: store) }

    /// The nimbuses that hold a blob, by `host:port`.
    package func blobReplicas(_ key: String) -> RecordCollection<BlobReplicaRecord> {
        .init(store: store, parent: ClusterPaths.blob(key))
    }

    /// The living workers of a topology, by `node-port`.
    package func workerBeats(_ topologyID: String) -> RecordCollection<WorkerBeatRecord> {
        .init(store: store, parent: ClusterPaths.workerBeats(topologyID))
    }

    /// Creates the directories that every daemon expects, and an identity when the cluster has none.
    package func prepare() async throws {
        // The identity first: where the directories are but no identity is known, the tree is being set up.
        try await ClusterIdentity.establish(store)
        for directory in ClusterPaths.directories { try await store.createDirectory(directory) }
    }
}
