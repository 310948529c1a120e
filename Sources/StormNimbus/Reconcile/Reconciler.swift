package import Logging
package import StormCluster
package import StormCore
package import StormScheduling

/// Makes the cluster what it should be, one round at a time: reads everything, computes, writes the difference.
///
/// Holds nothing that must survive: what it remembers are times since when something is missing, and a new leader starts
/// those again. Every write replaces exactly what was read, and the nimbus gives it a store that refuses writes once the
/// leadership has ended, so one that has lost it without knowing does no harm; its round ends with an error.
package actor Reconciler {
    package struct Configuration: Sendable {
        package var liveness = LivenessTracker.Limits()
        /// From the moment a topology is gone to the deletion of its blobs, which supervisors may still be reading.
        package var blobDelayMilliseconds: Int64 = 300_000
        package var scheduler: any Scheduler = DefaultScheduler()
        /// How long trees of a topology may take to finish before executors move, by topology id.
        package var drainSeconds: @Sendable (String) async -> Int = { _ in 30 }

        package init() {}
    }

    /// What a round did.
    package struct Outcome: Hashable, Sendable {
        /// Writes of any kind. When there were some, another round follows at once.
        package var changeCount = 0
        /// Time until something becomes due by itself; nil: nothing waits.
        package var nextWakeMilliseconds: Int64?
    }

    let state: ClusterState
    let configuration: Configuration
    let time: any TimeSource
    let logger: Logger
    private let statuses: SchedulingStatuses
    private let pending: PendingSubmits
    private var liveness: LivenessTracker
    private var leftovers: LeftoverTracker
    private var reportedFaults: Set<ClusterRecordError> = []
    /// Until when a topology is not paused again only for a better place; monotonic milliseconds.
    var spreadHeldUntil: [String: Int64] = [:]

    package init(
        state: ClusterState, configuration: Configuration, time: any TimeSource, statuses: SchedulingStatuses,
        pending: PendingSubmits = PendingSubmits(), logger: Logger
    ) {
        self.state = state
        self.pending = pending
        self.configuration = configuration
        self.time = time
        self.statuses = statuses
        self.logger = logger
        liveness = LivenessTracker(limits: configuration.liveness)
        leftovers = LeftoverTracker(blobDelayMilliseconds: configuration.blobDelayMilliseconds)
    }

    /// Forgets since when things are missing: for a nimbus that has just begun to lead.
    /// - Parameter contact: how long this nimbus has had the store. What is missing soon after it came into contact may
    ///   have been without the store itself, and gets the time to come back; nil: it is known to be in contact for long.
    package func startAfresh(contact: Contact.State? = nil) {
        let settling = contact.map {
            LivenessTracker.Settling(
                untilMilliseconds: $0.since + configuration.liveness.settleMilliseconds,
                trustsPresence: !$0.wasInterrupted)
        }
        liveness = LivenessTracker(limits: configuration.liveness, settling: settling)
        leftovers = LeftoverTracker(blobDelayMilliseconds: configuration.blobDelayMilliseconds)
    }

    /// One round.
    /// - Throws: `CoordinationError`; `badVersion` and `nodeExists` mean that somebody wrote in between: just run again.
    package func round() async throws -> Outcome {
        pending.beginLook()
        let seen = try await ClusterObservation.read(state)
        report(seen.faults)
        var outcome = Outcome()
        let monotonic = time.monotonicNanoseconds() / 1_000_000
        let life = liveness.observe(seen, nowMilliseconds: monotonic)
        wake(&outcome, life.nextChangeMilliseconds.map { $0 - monotonic })
        for id in AbandonedSubmits.find(seen, pending: pending) {
            try await AbandonedSubmits.undo(id, seen, state)
            outcome.changeCount += 1
            logger.warning("undid a submit that another leader left unfinished", metadata: ["topology.id": "\(id)"])
        }
        // These change the picture: act on them alone, the next round sees the rest.
        if try await advancePauses(seen, life, &outcome) { return outcome }
        if try await beginPlannedMoves(seen, &outcome) { return outcome }
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

    func wake(_ outcome: inout Outcome, _ milliseconds: Int64?) {
        guard let milliseconds else { return }
        outcome.nextWakeMilliseconds = min(outcome.nextWakeMilliseconds ?? Int64.max, max(0, milliseconds))
    }

    // MARK: life cycle

    /// The assignment and the record go in one step: from then on the topology does not exist, and the rest is leftovers.
    func remove(
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

    // MARK: scheduling

    private func schedule(
        _ seen: ClusterObservation, _ life: LivenessTracker.Result, _ outcome: inout Outcome
    ) async throws {
        let plan = SchedulingPlanner.plan(
            seen, life, scheduler: configuration.scheduler, nowMilliseconds: time.epochMilliseconds())
        statuses.replace(plan.statuses)
        for change in plan.changes {
            if try await pausesInstead(change, seen, life, &outcome) { continue }
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

    static func write(_ change: SchedulingPlanner.Change) throws -> CoordinationOperation {
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
