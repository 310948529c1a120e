import Logging
import StormCluster
import StormCore
import StormScheduling

/// Planned work: the topology's spouts stop, its trees finish, then executors move or the topology goes.
extension Reconciler {
    /// How long no second move only for a better place is tried, should the first have changed nothing.
    static let spreadHoldMilliseconds: Int64 = 60_000

    /// Lets every pause go on whose time has come: nothing is under way any more, all workers are up, or the deadline.
    /// - Returns: whether something was written; then the picture has changed.
    func advancePauses(
        _ seen: ClusterObservation, _ life: LivenessTracker.Result, _ outcome: inout Outcome
    ) async throws -> Bool {
        let now = time.epochMilliseconds()
        var hasActed = false
        topologies: for (id, stored) in seen.storms.sorted(by: { $0.key < $1.key }) {
            guard let action = stored.record.action else { continue }
            let progress = PauseProgress.of(
                action, seen.assignments[id]?.record, beats: try await beats(of: id), nowMilliseconds: now)
            wake(&outcome, progress.lookAgainMilliseconds.map { $0 - now })
            let done: LifecycleEvent = action.phase == .starting ? .started : .drained
            let (base, effects) = try TopologyLifecycle.apply(
                progress.isOver ? done : .deadlinePassed, stored.record, nowMilliseconds: now,
                defaultWaitSeconds: 0)
            for effect in effects {
                if case .arm(let deadline) = effect {
                    wake(&outcome, deadline - now)
                    continue
                }
                if effect == .beginAnew {
                    logger.warning(
                        "a wait begins anew: by this clock it began in the future", metadata: ["topology.id": "\(id)"])
                } else {
                    report(action, id, progress, now)
                }
                try await carryOut(effect, id, base, stored, seen, life)
                hasActed = true
                // The next one must not count on the slots that this one has taken: it is for the next round.
                if case .reassign = effect { break topologies }
            }
        }
        if hasActed { outcome.changeCount += 1 }
        return hasActed
    }

    private func carryOut(
        _ effect: LifecycleEffect, _ id: String, _ base: StormBaseRecord, _ stored: Stored<StormBaseRecord>,
        _ seen: ClusterObservation, _ life: LivenessTracker.Result
    ) async throws {
        let changed = Stored(record: base, storeVersion: stored.storeVersion)
        switch effect {
        case .arm: break
        case .remove: try await remove(id, stored, seen.assignments[id])
        case .reassign(let isAfresh): try await reassign(id, changed, isAfresh: isAfresh, seen, life)
        case .resume, .beginAnew: try await state.storms.replace(id, changed)
        }
    }

    /// Whom the pause did not wait for is worth a warning: their trees may fail.
    private func report(_ action: PendingAction, _ id: String, _ progress: PauseProgress.Result, _ now: Int64) {
        let phase = action.phase ?? .draining
        let elapsed = now - (action.startedAtMilliseconds ?? now)
        var metadata: Logger.Metadata = [
            "topology.id": "\(id)", "action": "\(action.kind.rawValue)", "phase": "\(phase.rawValue)",
            "elapsed_ms": "\(elapsed)",
        ]
        guard !progress.awaited.isEmpty, action.waitSeconds > 0 else {
            return logger.info("a phase of planned work is over", metadata: metadata)
        }
        metadata["workers"] = "\(progress.awaited.map(\.description).joined(separator: " "))"
        logger.warning("planned work goes on without some workers: their time is over", metadata: metadata)
    }

    /// The new assignment and the record that says so, in one step.
    private func reassign(
        _ id: String, _ changed: Stored<StormBaseRecord>, isAfresh: Bool, _ seen: ClusterObservation,
        _ life: LivenessTracker.Result
    ) async throws {
        let paused = seen.storms[id] ?? changed
        let hasNewSettings = paused.record.settings != changed.record.settings
        var seen = seen
        seen.storms[id] = changed
        let renewed =
            seen.assignments[id].map {
                // Settings are read when a worker starts: all of them start again.
                hasNewSettings ? Set($0.record.workers.map(\.slot)) : PlannedMoves.renewed($0.record, seen)
            } ?? []
        let change = SchedulingPlanner.planAlone(
            seen, life, scheduler: configuration.scheduler,
            .init(topologyID: id, isAfresh: isAfresh, renewed: renewed), nowMilliseconds: time.epochMilliseconds()
        ).change
        var steps: [CoordinationOperation] = [
            .set(
                path: ClusterPaths.storm(id), data: try RecordCodec.encode(changed.record),
                expectedVersion: changed.storeVersion)
        ]
        if let change { steps.append(try Self.write(change)) }
        do {
            try await state.store.multi(steps)
        } catch let error as CoordinationError where error.code == .tooLarge && change != nil {
            return try await resumeUnchanged(id, paused, change?.new.workers.count ?? 0)
        }
        let before = change?.old?.record.bySlot ?? [:]
        let kept = change?.new.workers.count { before[$0.slot]?.incarnation == $0.incarnation }
        logger.info(
            "executors moved",
            metadata: [
                "topology.id": "\(id)", "workers": "\(change?.new.workers.count ?? 0)", "kept": "\(kept ?? 0)",
                "generation": "\(change?.new.generation ?? 0)",
            ])
    }

    /// An assignment that no znode can hold must neither keep the topology paused nor the others waiting.
    private func resumeUnchanged(_ id: String, _ paused: Stored<StormBaseRecord>, _ workers: Int) async throws {
        logger.error(
            "planned work is given up: the assignment would be larger than a znode may be; give it fewer workers",
            metadata: ["topology.id": "\(id)", "workers": "\(workers)"])
        let resumed = TopologyLifecycle.resumed(paused.record)
        try await state.storms.replace(id, Stored(record: resumed, storeVersion: paused.storeVersion))
    }

    // MARK: Moves of nimbus' own

    /// Pauses topologies that have workers on machines that are about to stop, or workers that were asked to stop.
    /// - Returns: whether there was one.
    func beginPlannedMoves(_ seen: ClusterObservation, _ outcome: inout Outcome) async throws -> Bool {
        var hasActed = false
        for (id, stored) in seen.storms.sorted(by: { $0.key < $1.key }) where !seen.isUnreadable(id) {
            guard let reason = PlannedMoves.reason(stored.record, seen) else { continue }
            try await beginMove(stored, reason)
            hasActed = true
        }
        if hasActed { outcome.changeCount += 1 }
        return hasActed
    }

    func beginMove(_ stored: Stored<StormBaseRecord>, _ reason: String) async throws {
        let id = stored.record.id
        let (base, _) = try TopologyLifecycle.apply(
            .move(reason: reason, waitSeconds: nil), stored.record, nowMilliseconds: time.epochMilliseconds(),
            defaultWaitSeconds: await configuration.drainSeconds(id))
        try await state.storms.replace(id, Stored(record: base, storeVersion: stored.storeVersion))
        logger.info("its executors will be moved", metadata: ["topology.id": "\(id)", "reason": "\(reason)"])
    }

    /// A change that would take executors from running workers becomes a move; one that is not urgent, and was tried
    /// a moment ago, waits.
    /// - Returns: whether the change must not be written now.
    func pausesInstead(
        _ change: SchedulingPlanner.Change, _ seen: ClusterObservation, _ life: LivenessTracker.Result,
        _ outcome: inout Outcome
    ) async throws -> Bool {
        let id = change.new.topologyID
        guard let old = change.old, let stored = seen.storms[id],
            PlannedMoves.needsPause(
                from: old.record, to: change.new, base: stored.record, seen,
                dead: life.lostSlots.union(life.failedSlots))
        else { return false }
        guard stored.record.status == .active || stored.record.status == .inactive else { return true }
        let now = time.monotonicNanoseconds() / 1_000_000
        if let until = spreadHeldUntil[id], now < until {
            wake(&outcome, until - now)
            return true
        }
        spreadHeldUntil = spreadHeldUntil.filter { now < $0.value }
        spreadHeldUntil[id] = now + Self.spreadHoldMilliseconds
        try await beginMove(stored, "there is a better place for its executors")
        outcome.changeCount += 1
        return true
    }

    /// What a topology's workers say; what cannot be read is as if it were not there.
    private func beats(of id: String) async throws -> [WorkerSlot: WorkerBeatRecord] {
        var found: [WorkerSlot: WorkerBeatRecord] = [:]
        let beats = state.workerBeats(id)
        let paths = try await beats.names().map { NodePath.join(beats.parent, $0) }
        for (path, data) in zip(paths, try await state.store.get(paths)) {
            guard let data else { continue }
            do {
                let beat = try RecordCodec.decode(WorkerBeatRecord.self, data.bytes, path: path)
                found[beat.slot] = beat
            } catch let error as ClusterRecordError {
                logger.debug("a beat cannot be read", metadata: ["error": "\(error)"])
            }
        }
        return found
    }
}
