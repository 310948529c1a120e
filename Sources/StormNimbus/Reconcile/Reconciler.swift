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

        /// Told what each round saw, and how long it took to compute all assignments. Must not block.
        package var didObserve: @Sendable (ClusterObservation) -> Void = { _ in }
        package var didSchedule: @Sendable (Duration) -> Void = { _ in }

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
    private let recordFaults: RecordFaults
    /// Topologies whose assignment is too large, with the size that was told.
    private var reportedSizes: [String: Int] = [:]
    private var cache = ObservationCache()
    /// Rounds that found nothing to change, since this nimbus began to lead.
    package private(set) var settledRounds = 0
    /// Until when a topology is not paused again only for a better place; monotonic milliseconds.
    var spreadHeldUntil: [String: Int64] = [:]

    package init(
        state: ClusterState, configuration: Configuration, time: any TimeSource, statuses: SchedulingStatuses,
        pending: PendingSubmits = PendingSubmits(), recordFaults: RecordFaults? = nil, logger: Logger
    ) {
        self.recordFaults = recordFaults ?? RecordFaults(logger: logger)
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
        settledRounds = 0
        leftovers = LeftoverTracker(blobDelayMilliseconds: configuration.blobDelayMilliseconds)
    }

    /// One round.
    /// - Throws: `CoordinationError`; `badVersion` and `nodeExists` mean that somebody wrote in between: just run again.
    package func round() async throws -> Outcome {
        pending.beginLook()
        let seen = try await observe()
        report(seen.faults)
        configuration.didObserve(seen)
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
        try await setPace(seen)
        let (due, next) = leftovers.due(seen, nowMilliseconds: monotonic)
        wake(&outcome, next.map { $0 - monotonic })
        for leftover in due {
            try await state.store.deleteRecursively(leftover.path)
            outcome.changeCount += 1
            logger.info("removed what a topology left", metadata: ["znode": "\(leftover.path)"])
        }
        if outcome.changeCount == 0 { settledRounds += 1 }
        return outcome
    }

    private func observe() async throws -> ClusterObservation {
        // Taken out while it is used: an actor's state may change while it waits, and a copy would be copied in full.
        var known = ObservationCache()
        swap(&known, &cache)
        defer { cache = known }
        return try await ClusterObservation.read(state, &known)
    }

    /// Tells the workers how often they may write, by their number. No change of the cluster: no further round for it.
    private func setPace(_ seen: ClusterObservation) async throws {
        let stored = try await state.store.get(ClusterPaths.pace)
        var current: PaceRecord?
        do {
            current = try stored.map { try RecordCodec.decode(PaceRecord.self, $0.bytes, path: ClusterPaths.pace) }
        } catch let fault as ClusterRecordError {
            // A newer program's is left alone; what is no record is replaced as if it were not there.
            if fault.code == .newerVersion { return }
        }
        let workers = seen.assignments.values.reduce(0) { $0 + $1.record.workers.count }
        guard let pace = WriteBudget.change(current, workers: workers) else { return }
        let data = try RecordCodec.encode(pace)
        if let stored {
            try await state.store.set(ClusterPaths.pace, data, expectedVersion: stored.version)
        } else {
            try await state.store.create(ClusterPaths.pace, data, mode: .persistent)
        }
        logger.info(
            "pace of the workers' numbers", metadata: ["workers": "\(workers)", "beat_secs": "\(pace.beatSeconds)"])
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
        let start = ContinuousClock.now
        let plan = try await planWithoutPaused(seen, life, &outcome)
        configuration.didSchedule(start.duration(to: .now))
        statuses.replace(plan.statuses)
        // They are written side by side, so none may count on a slot that another one gives up: that is for the next round.
        let holders = SchedulingPlanner.holders(seen)
        let due = plan.changes.filter { $0.takesOnlyFree(holders) }
        for (change, size) in zip(due, try await state.store.each(of: due, writeIfItFits)) {
            let id = change.new.topologyID
            guard let size else {
                outcome.changeCount += 1
                logger.info("assignment written", metadata: summary(change, plan.statuses[id] ?? ""))
                continue
            }
            let text =
                "Not scheduled - its assignment to \(change.new.workers.count) workers has \(size) bytes, and a znode may "
                + "have \(CoordinationLimits.dataBytesMax); give it fewer workers"
            statuses.set(id, text)
            if reportedSizes.updateValue(size, forKey: id) != size {
                logger.error("\(text)", metadata: ["topology.id": "\(id)"])
            }
        }
        reportedSizes = reportedSizes.filter { seen.storms[$0.key] != nil }
    }

    /// What can be written now. A topology whose executors move after a pause only has its slots until then, so nobody else
    /// may count on them: the rest is planned without.
    private func planWithoutPaused(
        _ seen: ClusterObservation, _ life: LivenessTracker.Result, _ outcome: inout Outcome
    ) async throws -> SchedulingPlanner.Plan {
        var withheld: Set<String> = []
        var statuses: [String: String] = [:]
        // Each turn withholds one topology more, or is the last one.
        while true {
            let plan = SchedulingPlanner.plan(
                seen, life, scheduler: configuration.scheduler, withheld: withheld,
                nowMilliseconds: time.epochMilliseconds())
            statuses.merge(plan.statuses) { _, new in new }
            let known = withheld.count
            for change in plan.changes {
                if try await pausesInstead(change, seen, life, &outcome) { withheld.insert(change.new.topologyID) }
            }
            if withheld.count == known { return .init(changes: plan.changes, statuses: statuses) }
        }
    }

    /// One topology that is too large must not keep the others from being scheduled.
    /// - Returns: nil when it was written, else how many bytes it would have.
    @Sendable private func writeIfItFits(_ change: SchedulingPlanner.Change) async throws -> Int? {
        let step = try Self.write(change)
        do {
            try await state.store.multi([step])
            return nil
        } catch let error as CoordinationError where error.code == .tooLarge {
            return try RecordCodec.encode(change.new).count
        }
    }

    private func summary(_ change: SchedulingPlanner.Change, _ status: String) -> Logger.Metadata {
        let workers = change.new.workers
        let more = workers.count > Self.namedWorkersMax ? " and \(workers.count - Self.namedWorkersMax) more" : ""
        let names = workers.prefix(Self.namedWorkersMax).map(\.slot.description).joined(separator: " ")
        return [
            "topology.id": "\(change.new.topologyID)", "generation": "\(change.new.generation)",
            "workers": "\(names)\(more)", "status": "\(status)",
        ]
    }

    private static let namedWorkersMax = 16

    static func write(_ change: SchedulingPlanner.Change) throws -> CoordinationOperation {
        let path = ClusterPaths.assignment(change.new.topologyID)
        let data = try RecordCodec.encode(change.new)
        guard let old = change.old else { return .create(path: path, data: data, mode: .persistent) }
        return .set(path: path, data: data, expectedVersion: old.storeVersion)
    }

    private func report(_ faults: [ClusterRecordError]) {
        let byDirectory = Dictionary(grouping: faults) { NodePath.parent(of: $0.path) }
        for directory in ClusterObservation.recordDirectories {
            recordFaults.report(byDirectory[directory] ?? [], below: directory)
        }
    }
}
