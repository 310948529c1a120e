package import Logging
package import StormCluster
package import StormCore
package import StormScheduling

/// Makes the cluster what it should be, one round at a time: reads everything, computes, writes the difference.
///
/// Holds nothing that must survive: what it remembers are times since when something is missing, and a new leader starts
/// those again. Every write replaces exactly what was read, so a nimbus that has lost the leadership without knowing
/// cannot do harm; its round ends with an error.
package actor Reconciler {
    package struct Configuration: Sendable {
        package var liveness = LivenessTracker.Limits()
        /// From the moment a topology is gone to the deletion of its blobs, which supervisors may still be reading.
        package var blobDelayMilliseconds: Int64 = 300_000
        package var scheduler: any Scheduler = DefaultScheduler()

        package init() {}
    }

    /// What a round did.
    package struct Outcome: Hashable, Sendable {
        /// Writes of any kind. When there were some, another round follows at once.
        package var changeCount = 0
        /// Time until something becomes due by itself; nil: nothing waits.
        package var nextWakeMilliseconds: Int64?
    }

    private let state: ClusterState
    private let configuration: Configuration
    private let time: any TimeSource
    private let logger: Logger
    private let statuses: SchedulingStatuses
    private var liveness: LivenessTracker
    private var leftovers: LeftoverTracker
    private var reportedFaults: Set<ClusterRecordError> = []

    package init(
        state: ClusterState, configuration: Configuration, time: any TimeSource, statuses: SchedulingStatuses,
        logger: Logger
    ) {
        self.state = state
        self.configuration = configuration
        self.time = time
        self.statuses = statuses
        self.logger = logger
        liveness = LivenessTracker(limits: configuration.liveness)
        leftovers = LeftoverTracker(blobDelayMilliseconds: configuration.blobDelayMilliseconds)
    }

    /// Forgets since when things are missing: for a nimbus that has just begun to lead.
    package func startAfresh() {
        liveness = LivenessTracker(limits: configuration.liveness)
        leftovers = LeftoverTracker(blobDelayMilliseconds: configuration.blobDelayMilliseconds)
    }

    /// One round.
    /// - Throws: `CoordinationError`; `badVersion` and `nodeExists` mean that somebody wrote in between: just run again.
    package func round() async throws -> Outcome {
        let seen = try await ClusterObservation.read(state)
        report(seen.faults)
        var outcome = Outcome()
        let monotonic = time.monotonicNanoseconds() / 1_000_000
        let life = liveness.observe(seen, nowMilliseconds: monotonic)
        wake(&outcome, life.nextChangeMilliseconds.map { $0 - monotonic })
        // A deadline changes the picture: act on it alone, the next round sees the rest.
        if try await actOnDeadlines(seen, life, &outcome) { return outcome }
        try await schedule(seen, life, &outcome)
        let (due, next) = leftovers.due(seen, nowMilliseconds: monotonic)
        wake(&outcome, next.map { $0 - monotonic })
        for leftover in due {
            try await state.store.deleteRecursively(leftover.path)
            outcome.changeCount += 1
            logger.info("removed what a topology left", metadata: ["znode": "\(leftover.path)"])
        }
        return outcome
    }

    private func wake(_ outcome: inout Outcome, _ milliseconds: Int64?) {
        guard let milliseconds else { return }
        outcome.nextWakeMilliseconds = min(outcome.nextWakeMilliseconds ?? Int64.max, max(0, milliseconds))
    }

    // MARK: life cycle

    private func actOnDeadlines(
        _ seen: ClusterObservation, _ life: LivenessTracker.Result, _ outcome: inout Outcome
    ) async throws -> Bool {
        let now = time.epochMilliseconds()
        var hasActed = false
        for (id, stored) in seen.storms.sorted(by: { $0.key < $1.key }) where stored.record.action != nil {
            let (base, effects) = try TopologyLifecycle.apply(
                .deadlinePassed, stored.record, nowMilliseconds: now, defaultWaitSeconds: 0)
            for effect in effects {
                switch effect {
                case .arm(let deadline): wake(&outcome, deadline - now)
                case .remove:
                    try await remove(id, stored, seen.assignments[id])
                    hasActed = true
                case .scheduleAfresh:
                    try await rebalance(id, Stored(record: base, storeVersion: stored.storeVersion), seen, life)
                    hasActed = true
                }
            }
        }
        if hasActed { outcome.changeCount += 1 }
        return hasActed
    }

    /// The assignment and the record go in one step: from then on the topology does not exist, and the rest is leftovers.
    private func remove(
        _ id: String, _ stored: Stored<StormBaseRecord>, _ assignment: Stored<AssignmentRecord>?
    ) async throws {
        var steps: [CoordinationOperation] = [
            .delete(path: ClusterPaths.storm(id), expectedVersion: stored.storeVersion)
        ]
        if let assignment {
            steps.append(.delete(path: ClusterPaths.assignment(id), expectedVersion: assignment.storeVersion))
        }
        try await state.store.multi(steps)
        statuses.forget(id)
        logger.info("topology removed", metadata: ["topology.id": "\(id)"])
    }

    private func rebalance(
        _ id: String, _ changed: Stored<StormBaseRecord>, _ seen: ClusterObservation, _ life: LivenessTracker.Result
    ) async throws {
        var seen = seen
        seen.storms[id] = changed
        let plan = SchedulingPlanner.plan(
            seen, life, scheduler: configuration.scheduler, fresh: [id], nowMilliseconds: time.epochMilliseconds())
        var steps: [CoordinationOperation] = [
            .set(
                path: ClusterPaths.storm(id), data: try RecordCodec.encode(changed.record),
                expectedVersion: changed.storeVersion)
        ]
        // Only this topology's assignment; others that change as well are for the next round.
        steps += try plan.changes.filter { $0.new.topologyID == id }.map { try Self.write($0) }
        try await state.store.multi(steps)
        logger.info(
            "topology rebalanced",
            metadata: ["topology.id": "\(id)", "workers": "\(changed.record.workers)"])
    }

    // MARK: scheduling

    private func schedule(
        _ seen: ClusterObservation, _ life: LivenessTracker.Result, _ outcome: inout Outcome
    ) async throws {
        let plan = SchedulingPlanner.plan(
            seen, life, scheduler: configuration.scheduler, nowMilliseconds: time.epochMilliseconds())
        statuses.replace(plan.statuses)
        for change in plan.changes {
            try await state.store.multi([Self.write(change)])
            outcome.changeCount += 1
            logger.info(
                "assignment written",
                metadata: [
                    "topology.id": "\(change.new.topologyID)", "generation": "\(change.new.generation)",
                    "workers": "\(change.new.workers.map(\.slot.description).joined(separator: " "))",
                    "status": "\(plan.statuses[change.new.topologyID] ?? "")",
                ])
        }
    }

    private static func write(_ change: SchedulingPlanner.Change) throws -> CoordinationOperation {
        let path = ClusterPaths.assignment(change.new.topologyID)
        let data = try RecordCodec.encode(change.new)
        guard let old = change.old else { return .create(path: path, data: data, mode: .persistent) }
        return .set(path: path, data: data, expectedVersion: old.storeVersion)
    }

    private func report(_ faults: [ClusterRecordError]) {
        for fault in faults where reportedFaults.insert(fault).inserted {
            logger.error("a record cannot be read and is left alone", metadata: ["error": "\(fault)"])
        }
        reportedFaults.formIntersection(faults)
    }
}
