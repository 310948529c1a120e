import Logging
import StormCluster

/// How many nimbuses must hold a topology's code before it starts, and how long to wait for them.
struct ReplicationGoal: Hashable {
    static let countKey = "topology.min.replication.count"
    static let waitKey = "topology.max.replication.wait.time.sec"

    /// At least 1.
    let count: Int
    /// -1: for ever.
    let waitSeconds: Int
}

/// Waits until enough nimbuses hold the code of a topology that is being submitted.
///
/// As in Storm (`Nimbus.waitForDesiredCodeReplication`) a submit goes on with a warning when the time is over. Unlike
/// Storm, it waits for each blob, not for any of them; and while another nimbus is up it also waits a little for one
/// copy beyond this machine when nothing was asked for, since a topology whose only copy dies with the leader would keep
/// every other nimbus from leading.
struct ReplicationWait {
    let store: FencedStore
    let clock: any Clock<Duration>
    let logger: Logger

    /// For the copy that nobody has asked for.
    private static let unaskedLimit = Duration.seconds(10)
    private static let leadershipCheck = Duration.milliseconds(500)

    /// How many copies to wait for; 1: this nimbus' own is enough.
    func target(_ goal: ReplicationGoal) async throws -> Int {
        if goal.count > 1 { return goal.count }
        return min(2, max(1, try await ClusterState(store).nimbuses.ids().count))
    }

    /// Returns when each blob has `target` copies or the time is over.
    /// - Throws: `fenced` when the leadership ends meanwhile; `CoordinationError`.
    func wait(for draft: SubmissionDraft, target: Int) async throws {
        let goal = draft.replication
        let isAsked = target <= goal.count
        var limit: Duration? = goal.waitSeconds < 0 ? nil : .seconds(goal.waitSeconds)
        if !isAsked { limit = Self.unaskedLimit }
        if try await reaches(draft.keys, target, within: limit) { return }
        let count = try await copies(draft.keys)
        logger.warning(
            "the code is on fewer nimbuses than wanted, and the topology starts all the same",
            metadata: [
                "topology.id": "\(draft.id)", "copies": "\(count)", "wanted": "\(target)",
                "waited": "\(limit.map { "\($0)" } ?? "for ever")",
                "why": isAsked ? "\(ReplicationGoal.countKey), \(ReplicationGoal.waitKey)" : "another nimbus is up",
            ])
    }

    /// Copies of the blob that has the fewest.
    private func copies(_ keys: [String]) async throws -> Int {
        var least = Int.max
        for key in keys { least = min(least, try await ClusterState(store).blobReplicas(key).ids().count) }
        return least
    }

    private func reaches(_ keys: [String], _ target: Int, within limit: Duration?) async throws -> Bool {
        let (store, clock) = (store, clock)
        return try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                for key in keys { try await Self.waitForCopies(store, key, target) }
                return true
            }
            group.addTask {
                while try await Self.mayLead(store) { try await clock.sleep(for: Self.leadershipCheck) }
                throw CoordinationError(.fenced, ClusterPaths.storms, detail: "not a leader any more")
            }
            if let limit {
                group.addTask {
                    try await clock.sleep(for: limit)
                    return false
                }
            }
            defer { group.cancelAll() }
            return try await group.next() ?? false
        }
    }

    private static func mayLead(_ store: FencedStore) async throws -> Bool {
        do {
            return try await store.holds()
        } catch let error as CoordinationError where error.isRetriable {
            return true
        }
    }

    private static func waitForCopies(_ store: FencedStore, _ key: String, _ target: Int) async throws {
        let path = ClusterPaths.blob(key)
        let view = try await store.view(of: path, depth: 1)
        defer { view.close() }
        if view.snapshot().children(of: path).count >= target { return }
        for await _ in view.changes where view.snapshot().children(of: path).count >= target { return }
        try Task.checkCancellation()
        throw CoordinationError(.closed, path, detail: "the coordination store was closed")
    }
}
