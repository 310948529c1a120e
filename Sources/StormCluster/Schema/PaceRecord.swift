package import StormCore

/// `/pace`: how often a worker may write its numbers. Written by the leading nimbus as the cluster grows or shrinks; read
/// by each worker with each write, so that nobody has to be told.
package struct PaceRecord: ClusterRecord {
    package var version = 1
    /// The least time between two writes of numbers by one worker. A worker whose topology wants it more rarely keeps
    /// to that.
    package var beatSeconds: Int
    /// The workers that it was computed for.
    package var workers: Int
    package var unknownFields: [String: ConfigValue] = [:]

    package init(beatSeconds: Int, workers: Int) {
        self.beatSeconds = beatSeconds
        self.workers = workers
    }

    /// Nil when there is none.
    /// - Throws: `CoordinationError`, `ClusterRecordError`.
    package static func read(_ store: any CoordinationStore) async throws -> PaceRecord? {
        guard let data = try await store.get(ClusterPaths.pace) else { return nil }
        return try RecordCodec.decode(PaceRecord.self, data.bytes, path: ClusterPaths.pace)
    }

    package enum CodingKeys: String, RecordKey {
        case version, workers
        case beatSeconds = "beat_secs"

        package var note: FieldNote {
            switch self {
            case .version: .version
            case .workers: .integer("assigned workers of the whole cluster when it was computed")
            case .beatSeconds:
                .seconds(
                    "least time between two writes of numbers by one worker; a greater "
                        + "`executor.metrics.frequency.secs` of its topology counts")
            }
        }
    }
}
