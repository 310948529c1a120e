/// The errors of topologies: per component the newest ten, and the last one apart.
package struct ErrorLog: Sendable {
    let store: any CoordinationStore
    /// Errors kept per component, as in Storm.
    package static let keptPerComponent = 10

    package func report(_ error: ErrorRecord, topologyID: String) async throws {
        let directory = ClusterPaths.errors(topologyID, component: error.component)
        let bytes = try RecordCodec.encode(error)
        try await store.createDirectory(directory)
        try await store.create(directory + "/e", bytes, mode: .persistentSequential)
        let last = RecordCollection<ErrorRecord>(store: store, parent: ClusterPaths.errors(topologyID))
        try await last.put(error.component + "-last-error", error)
        try await prune(directory)
    }

    private func prune(_ directory: String) async throws {
        let names = try await store.children(directory).sorted { NodePath.sequence(of: $0) < NodePath.sequence(of: $1) }
        for name in names.dropLast(Self.keptPerComponent) {
            do {
                try await store.delete(NodePath.join(directory, name), expectedVersion: nil)
            } catch let error as CoordinationError where error.code == .noNode {
                // Another worker prunes as well.
            }
        }
    }

    /// Components with errors, sorted.
    package func components(_ topologyID: String) async throws -> [String] {
        do {
            return try await store.children(ClusterPaths.errors(topologyID))
                .filter { !$0.hasSuffix("-last-error") }.map(ClusterPaths.unescape).sorted()
        } catch let error as CoordinationError where error.code == .noNode {
            return []
        }
    }

    /// Newest first, without those that cannot be read.
    package func errors(_ topologyID: String, component: String) async throws -> [ErrorRecord] {
        let directory = ClusterPaths.errors(topologyID, component: component)
        let collection = RecordCollection<ErrorRecord>(store: store, parent: directory)
        return try await collection.readable().records
            .sorted { NodePath.sequence(of: $0.key) > NodePath.sequence(of: $1.key) }.map(\.value.record)
    }

    /// Nil when there is none, or when it cannot be read.
    package func lastError(_ topologyID: String, component: String) async throws -> ErrorRecord? {
        let path = ClusterPaths.lastError(topologyID, component: component)
        guard let data = try await store.get(path) else { return nil }
        do {
            return try RecordCodec.decode(ErrorRecord.self, data.bytes, path: path)
        } catch is ClusterRecordError {
            return nil
        }
    }
}
