import StormCluster
import StormCore
import StormSubmission

/// Reads single settings out of the configurations that topologies were submitted with.
struct StoredConfiguration: Sendable {
    let state: ClusterState
    let catalog: BlobCatalog
    let directory: BlobDirectory
    /// Defaults of the cluster.
    let cluster: [String: ConfigValue]

    /// As the planned work of this topology may wait for its trees: `topology.drain.timeout.secs`, else
    /// `topology.message.timeout.secs`; the cluster's when the topology's own cannot be read now.
    func drainSeconds(_ id: String) async -> Int {
        // The wait is a bound; a wrong one is better than none, and the caller must not fail for it.
        let own = (try? await configuration(id)) ?? [:]
        func setting(_ key: String) -> Int? { own[key]?.intValue ?? cluster[key]?.intValue }
        return setting("topology.drain.timeout.secs") ?? setting("topology.message.timeout.secs") ?? 30
    }

    /// Living topologies whose `topology.python.environment` is the blob `key`, sorted; and those whose configuration
    /// cannot be read.
    /// - Throws: `CoordinationError`, when the store cannot tell now.
    func usersOfEnvironment(_ key: String) async throws -> (certain: [String], unknown: [String]) {
        let name = "topology.python.environment"
        var certain: [String] = []
        var unknown: [String] = []
        for id in try await state.storms.ids().sorted() {
            do {
                let own = try await configuration(id)[name] ?? .null
                if (own.isNull ? cluster[name] : own) == .string(key) { certain.append(id) }
            } catch let error where !(error is CoordinationError) && !(error is CancellationError) {
                unknown.append(id)
            }
        }
        return (certain, unknown)
    }

    private func configuration(_ id: String) async throws -> [String: ConfigValue] {
        let key = TopologyBlobs.configuration(id)
        guard let base = try await state.storms.get(id)?.record,
            let blob = base.blobs.first(where: { $0.key == key })
        else { return [:] }
        if let record = try await catalog.record(key) { try await catalog.ensureSound(record) }
        let bytes = try await directory.load(blob.sha256, bytesMax: 64 << 20)
        return try ConfJSON.parse(String(decoding: bytes, as: UTF8.self)).merging(base.settings ?? [:]) { $1 }
    }
}
