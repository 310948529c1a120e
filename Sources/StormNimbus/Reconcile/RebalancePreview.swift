package import StormCluster
package import StormCore
package import StormScheduling

/// What a rebalance would do to the executors of a topology, found by the same steps that nimbus takes: life cycle, then
/// scheduler. Pure; the cluster may be another one by the time of the real rebalance.
package struct RebalancePreview: Sendable {
    /// A place for executors.
    package struct Place: Hashable, Sendable {
        package let host: String
        package let port: Int

        package init(host: String, port: Int) {
            self.host = host
            self.port = port
        }
    }

    /// An executor as it would be afterwards.
    package struct Move: Hashable, Sendable {
        package let component: String
        package let executor: ExecutorRange
        /// Where its tasks are now, sorted; empty: nowhere. More than one place when executors are joined.
        package let from: [Place]
        /// Nil: there is no room for it.
        package let to: Place?
    }

    /// Executors whose tasks go to another worker, in task order.
    package let moves: [Move]
    /// Executors whose tasks all stay in their worker.
    package let stayCount: Int
    package let workersBefore: Int
    package let workersAfter: Int
    /// Workers that go on running: their executors are the same ones.
    package let keptWorkers: Int
    /// What the scheduler says of the topology afterwards, for people.
    package let status: String

    /// - Parameters:
    ///   - seen: the cluster as it is.
    ///   - nowMilliseconds: epoch.
    /// - Throws: `LifecycleError` when nimbus would refuse.
    package init(
        _ base: StormBaseRecord, _ request: RebalanceRequest, _ seen: ClusterObservation,
        scheduler: any Scheduler = DefaultScheduler(), nowMilliseconds: Int64
    ) throws {
        let (paused, _) = try TopologyLifecycle.apply(
            .rebalance(request), base, nowMilliseconds: nowMilliseconds, defaultWaitSeconds: 0)
        let (after, _) = try TopologyLifecycle.apply(
            .drained, paused, nowMilliseconds: nowMilliseconds, defaultWaitSeconds: 0)
        var changed = seen
        changed.storms[base.id] = Stored(record: after, storeVersion: 0)
        // Nobody is dead whom nimbus has not replaced yet: it does that as soon as it knows.
        var liveness = LivenessTracker(limits: LivenessTracker.Limits())
        let old = seen.assignments[base.id]?.record
        let renewed = after.settings == base.settings ? [] : Set(old?.workers.map(\.slot) ?? [])
        let (change, status) = SchedulingPlanner.planAlone(
            changed, liveness.observe(changed, nowMilliseconds: 0), scheduler: scheduler,
            .init(topologyID: base.id, isAfresh: true, renewed: renewed), nowMilliseconds: nowMilliseconds)
        let new = change?.new ?? old
        self.init(after, from: old?.workers ?? [], to: new?.workers ?? [], status: status)
    }

    private init(
        _ base: StormBaseRecord, from old: [WorkerAssignment], to new: [WorkerAssignment], status: String
    ) {
        let before = Self.places(old)
        let after = Self.places(new)
        var moves: [Move] = []
        var stayCount = 0
        for component in ExecutorLayout.components(of: base) {
            for executor in component.executors {
                let to = after[executor.first]
                let known = executor.tasks.compactMap { before[$0] }
                let from = Set(known)
                if from.count == 1, from.first == to, known.count == executor.taskCount {
                    stayCount += 1
                } else {
                    moves.append(
                        Move(
                            component: component.id, executor: executor,
                            from: from.sorted { ($0.host, $0.port) < ($1.host, $1.port) }, to: to))
                }
            }
        }
        self.moves = moves
        self.stayCount = stayCount
        workersBefore = old.count
        workersAfter = new.count
        keptWorkers = new.count { worker in
            old.contains { $0.slot == worker.slot && $0.incarnation == worker.incarnation }
        }
        self.status = status
    }

    private static func places(_ workers: [WorkerAssignment]) -> [TaskID: Place] {
        var places: [TaskID: Place] = [:]
        for worker in workers {
            let place = Place(host: worker.host, port: worker.port)
            for executor in worker.executors.executors {
                for task in executor.tasks { places[task] = place }
            }
        }
        return places
    }
}
