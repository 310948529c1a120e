package import StormCluster

/// What one round of the reconciler sees.
package struct ClusterObservation: Sendable {
    package var storms: [String: Stored<StormBaseRecord>] = [:]
    package var assignments: [String: Stored<AssignmentRecord>] = [:]
    package var supervisors: [String: SupervisorRecord] = [:]
    /// Slots with a living worker, by topology. Also for topologies that are gone.
    package var beats: [String: Set<WorkerSlot>] = [:]
    /// Workers that were asked to stop.
    package var leaving: [LeavingRecord] = []
    /// Ids and keys that other directories mention.
    package var errorDirectories: Set<String> = []
    package var credentials: Set<String> = []
    package var logConfigs: Set<String> = []
    package var blobKeys: Set<String> = []
    /// Submits under way or left by a leader that died, by topology id. One that cannot be read has no keys.
    package var submissions: [String: SubmissionRecord?] = [:]
    /// Records that could not be read; what they stand for is left alone.
    package var faults: [ClusterRecordError] = []

    package init() {}

    /// Reads everything from the store itself, not from copies. What may turn out to be a leftover is read before
    /// `/storms`: a session never sees an older state after a newer one, so whatever belongs to a living topology is
    /// found to do so.
    package static func read(_ state: ClusterState) async throws -> ClusterObservation {
        var seen = ClusterObservation()
        seen.blobKeys = Set(try await state.blobs.ids())
        // After the blobs, which are created together with it, and before `/storms`, to which it gives way.
        seen.submissions = try await submissions(state, &seen.faults)
        seen.errorDirectories = Set(try await names(state, ClusterPaths.errors))
        seen.credentials = Set(try await state.credentials.ids())
        seen.logConfigs = Set(try await state.logConfigs.ids())
        for id in try await names(state, ClusterPaths.workerBeats) {
            let beats = try await state.workerBeats(id).ids()
            seen.beats[id] = Set(beats.compactMap(WorkerSlot.init(pathName:)))
        }
        seen.leaving = try await records(state.leaving, &seen.faults).sorted { $0.key < $1.key }.map(\.value.record)
        seen.supervisors = try await records(state.supervisors, &seen.faults).mapValues(\.record)
        seen.assignments = try await records(state.assignments, &seen.faults)
        seen.storms = try await records(state.storms, &seen.faults)
        return seen
    }

    private static func submissions(
        _ state: ClusterState, _ faults: inout [ClusterRecordError]
    ) async throws -> [String: SubmissionRecord?] {
        var found: [String: SubmissionRecord?] = [:]
        for id in try await state.submissions.ids() {
            do {
                guard let record = try await state.submissions.get(id)?.record else { continue }
                found.updateValue(record, forKey: id)
            } catch let error as ClusterRecordError {
                faults.append(error)
                found.updateValue(nil, forKey: id)
            }
        }
        return found
    }

    private static func names(_ state: ClusterState, _ directory: String) async throws -> [String] {
        do {
            return try await state.store.children(directory).map(ClusterPaths.unescape)
        } catch let error as CoordinationError where error.code == .noNode {
            return []
        }
    }

    private static func records<R>(
        _ collection: RecordCollection<R>, _ faults: inout [ClusterRecordError]
    ) async throws -> [String: Stored<R>] {
        var found: [String: Stored<R>] = [:]
        for id in try await collection.ids() {
            do {
                found[id] = try await collection.get(id)
            } catch let error as ClusterRecordError {
                faults.append(error)
            }
        }
        return found
    }

    /// Whether the topology may exist although its record was not read.
    func isUnreadable(_ topologyID: String) -> Bool {
        faults.contains { $0.path == ClusterPaths.storm(topologyID) || $0.path == ClusterPaths.assignment(topologyID) }
    }
}
