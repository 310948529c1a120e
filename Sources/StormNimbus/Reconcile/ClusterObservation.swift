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

    /// Those whose records each look reads, all of them.
    static let recordDirectories = [
        ClusterPaths.submissions, ClusterPaths.leaving, ClusterPaths.supervisors, ClusterPaths.assignments,
        ClusterPaths.storms,
    ]

    /// A single look.
    package static func read(_ state: ClusterState) async throws -> ClusterObservation {
        var cache = ObservationCache()
        return try await read(state, &cache)
    }

    /// Reads everything from the store itself, not from copies, a directory at a time and many nodes of it at once. What
    /// may turn out to be a leftover is read before `/storms`: a session never sees an older state after a newer one, so
    /// whatever belongs to a living topology is found to do so.
    /// - Parameter cache: what earlier looks have read; only records that have changed since are decoded again.
    package static func read(_ state: ClusterState, _ cache: inout ObservationCache) async throws -> ClusterObservation
    {
        var seen = ClusterObservation()
        seen.blobKeys = Set(try await state.blobs.ids())
        // After the blobs, which are created together with it, and before `/storms`, to which it gives way.
        let submissions = try await cache.submissions.read(state.submissions)
        seen.faults += submissions.faults
        seen.submissions = submissions.records.mapValues { $0?.record }
        seen.errorDirectories = Set(try await names(state, ClusterPaths.errors))
        seen.credentials = Set(try await state.credentials.ids())
        seen.logConfigs = Set(try await state.logConfigs.ids())
        seen.beats = try await beats(state, &cache)
        func records<R>(_ found: RecordCache<R>.Found) -> [String: Stored<R>] {
            seen.faults += found.faults
            return found.records.compactMapValues { $0 }
        }
        seen.leaving = records(try await cache.leaving.read(state.leaving)).sorted { $0.key < $1.key }
            .map(\.value.record)
        seen.supervisors = records(try await cache.supervisors.read(state.supervisors)).mapValues(\.record)
        seen.assignments = records(try await cache.assignments.read(state.assignments))
        seen.storms = records(try await cache.storms.read(state.storms))
        return seen
    }

    private static func beats(
        _ state: ClusterState, _ cache: inout ObservationCache
    ) async throws -> [String: Set<WorkerSlot>] {
        let ids = try await names(state, ClusterPaths.workerBeats)
        let living = try await state.store.each(of: ids) { try await state.workerBeats($0).names() }
        var beats: [String: Set<WorkerSlot>] = [:]
        for (id, names) in zip(ids, living) { beats[id] = cache.slots(of: id, names) }
        cache.keepSlots(of: ids)
        return beats
    }

    private static func names(_ state: ClusterState, _ directory: String) async throws -> [String] {
        do {
            return try await state.store.children(directory).map(ClusterPaths.unescape)
        } catch let error as CoordinationError where error.code == .noNode {
            return []
        }
    }

    /// Whether something of the topology could not be read: then it is left as it is.
    func isUnreadable(_ topologyID: String) -> Bool {
        mayExistUnread(topologyID) || faults.contains { $0.path == ClusterPaths.assignment(topologyID) }
    }

    /// Whether the topology exists although its record was not read.
    func mayExistUnread(_ topologyID: String) -> Bool {
        faults.contains { $0.path == ClusterPaths.storm(topologyID) }
    }

    /// Topologies, living or gone, with an assignment that could not be read.
    var unreadableAssignments: [String] {
        faults.filter { NodePath.parent(of: $0.path) == ClusterPaths.assignments }
            .map { ClusterPaths.unescape(NodePath.name(of: $0.path)) }
    }
}
