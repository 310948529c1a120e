import FoundationEssentials
package import StormCluster
import StormCore

/// What `storm admin` does with the cluster's records. Every failure has Storm's exit code 3.
package struct AdminCommands: Sendable {
    private let state: ClusterState
    private let say: @Sendable (String) -> Void

    package static let failureCode: Int32 = 3

    package init(state: ClusterState, say: @escaping @Sendable (String) -> Void) {
        self.state = state
        self.say = say
    }

    /// Forgets topologies whose code is nowhere in the cluster any more; nimbus removes the rest of them.
    package func removeCorruptTopologies(isJSON: Bool) async throws {
        try await reading {
            var removed: [String] = []
            let blobs = Set(try await state.blobs.ids())
            let storms = try await state.storms.readable()
            for (id, stored) in storms.records.sorted(by: { $0.key < $1.key }) {
                guard !stored.record.blobs.allSatisfy({ blobs.contains($0.key) }) else { continue }
                do {
                    try await state.store.delete(ClusterPaths.storm(id), expectedVersion: stored.storeVersion)
                    removed.append(id)
                    if !isJSON { say("removed \(id)") }
                } catch let error as CoordinationError where error.code == .noNode || error.code == .badVersion {
                    // Somebody else is at it; the next run sees what came of that.
                }
            }
            if isJSON { return say(try JSONOutput.text(removed)) }
            // Whether their code is there nobody can tell.
            for (_, fault) in storms.faults.sorted(by: { $0.key < $1.key }) { say("left alone: \(fault)") }
            if removed.isEmpty, storms.faults.isEmpty { say("no topology is corrupt") }
        }
    }

    /// Each id, then the names of its credentials, never their values.
    package func credentials(_ ids: [String], isJSON: Bool) async throws {
        try await reading {
            var all: [String: [String]] = [:]
            for id in ids {
                let record = try await state.credentials.get(id)?.record
                let base = try await state.storms.get(id)
                guard record != nil || base != nil else {
                    throw CommandFailure("there is no topology of id \"\(id)\"", exitCode: Self.failureCode)
                }
                all[id] = (record?.credentials.keys).map { $0.sorted() } ?? []
                guard !isJSON else { continue }
                say("\(id):")
                for key in all[id] ?? [] { say("\t\(key)") }
            }
            if isJSON { say(try JSONOutput.text(all)) }
        }
    }

    /// The records of supervisors, as they are in ZooKeeper; all when none is named.
    package func supervisors(_ ids: [String]) async throws {
        try await printRecords(ids, state.supervisors, "supervisor")
    }

    package func assignments(_ ids: [String]) async throws {
        try await printRecords(ids, state.assignments, "assignment")
    }

    /// The ids of all topologies.
    package func topologyIDs() async throws -> [String] {
        try await reading { try await state.storms.ids() }
    }

    private func printRecords<R: ClusterRecord>(
        _ ids: [String], _ records: RecordCollection<R>, _ what: String
    ) async throws {
        try await reading {
            var all: [String: R] = [:]
            for id in ids.isEmpty ? try await records.ids() : ids {
                guard let record = try await records.get(id)?.record else {
                    // One that vanished while all are listed is not missed.
                    if ids.isEmpty { continue }
                    throw CommandFailure("there is no \(what) of id \"\(id)\"", exitCode: Self.failureCode)
                }
                all[id] = record
            }
            say(try JSONOutput.text(all))
        }
    }

    private func reading<Answer>(_ body: () async throws -> Answer) async throws -> Answer {
        do {
            return try await body()
        } catch let error as CoordinationError {
            throw CommandFailure("ZooKeeper: \(error)", exitCode: Self.failureCode)
        } catch let error as ClusterRecordError {
            throw CommandFailure("\(error)", exitCode: Self.failureCode)
        }
    }
}
