package import StormCluster

/// Who is dead, by how long nothing was seen of it.
///
/// Supervisors and workers are ephemeral znodes, so "not seen" already means that a session has timed out. A dead worker
/// is its supervisor's business, which sees the exit at once and starts it again; nimbus steps in only when the
/// supervisor is gone as well, or cannot bring the worker up. A living worker is never taken away because its supervisor
/// is gone.
package struct LivenessTracker: Sendable {
    package struct Limits: Hashable, Sendable {
        /// From the disappearance of a supervisor to the reassignment of its dead workers. Short, since the session's
        /// timeout has passed already; it only covers a supervisor that is just being restarted.
        package var supervisorGraceMilliseconds: Int64
        /// For a worker that was alive, under a living supervisor (`nimbus.task.timeout.secs`).
        package var workerTimeoutMilliseconds: Int64
        /// For a worker that was never seen (`nimbus.task.launch.secs`).
        package var launchTimeoutMilliseconds: Int64
        /// After this nimbus was itself without the store, or has just started, nobody is declared dead for so long: the
        /// others may have been without it as well and need time to come back. Longer than a session's timeout.
        package var settleMilliseconds: Int64

        package init(
            supervisorGraceMilliseconds: Int64 = 1_000, workerTimeoutMilliseconds: Int64 = 30_000,
            launchTimeoutMilliseconds: Int64 = 120_000, settleMilliseconds: Int64 = 25_000
        ) {
            self.supervisorGraceMilliseconds = supervisorGraceMilliseconds
            self.workerTimeoutMilliseconds = workerTimeoutMilliseconds
            self.launchTimeoutMilliseconds = launchTimeoutMilliseconds
            self.settleMilliseconds = settleMilliseconds
        }
    }

    package struct Result: Hashable, Sendable {
        /// Workers whose supervisor is gone, too.
        package var lostSlots: Set<WorkerSlot> = []
        /// Workers that a living supervisor does not bring up.
        package var failedSlots: Set<WorkerSlot> = []
        /// Absent supervisors with workers that are not dead (yet): the ports to keep.
        package var keptPorts: [String: Set<Int>] = [:]
        /// When the next worker would become dead; monotonic milliseconds.
        package var nextChangeMilliseconds: Int64?

        package init() {}
    }

    private struct WorkerKey: Hashable {
        let topologyID: String
        let slot: WorkerSlot
        let incarnation: Int
    }

    private struct WorkerHistory {
        var wasSeen = false
        var missingSince: Int64?
    }

    private let limits: Limits
    private let settling: Settling?
    private var seenSupervisors: Set<String> = []
    private var supervisorMissingSince: [String: Int64] = [:]
    private var workers: [WorkerKey: WorkerHistory] = [:]

    /// A time after a start or an interruption in which absence proves nothing.
    package struct Settling: Hashable, Sendable {
        /// Nobody is declared dead before; same clock as `observe`.
        package var untilMilliseconds: Int64
        /// Whether presence proves something: after an interruption nodes of dead sessions may still be there, after a
        /// mere start a supervisor that was seen and then goes is lost.
        package var trustsPresence: Bool

        package init(untilMilliseconds: Int64, trustsPresence: Bool) {
            self.untilMilliseconds = untilMilliseconds
            self.trustsPresence = trustsPresence
        }
    }

    package init(limits: Limits, settling: Settling? = nil) {
        self.limits = limits
        self.settling = settling
    }

    /// - Parameter nowMilliseconds: of a clock that never goes back.
    package mutating func observe(_ seen: ClusterObservation, nowMilliseconds now: Int64) -> Result {
        var result = Result()
        seenSupervisors.formUnion(seen.supervisors.keys)
        var current: Set<WorkerKey> = []
        var assignedNodes: Set<String> = []
        for (id, assignment) in seen.assignments {
            for worker in assignment.record.workers {
                let key = WorkerKey(topologyID: id, slot: worker.slot, incarnation: worker.incarnation)
                current.insert(key)
                assignedNodes.insert(worker.node)
                let isPresent = seen.supervisors[worker.node] != nil
                let isAlive = seen.beats[id]?.contains(worker.slot) ?? false
                judge(key, isAlive: isAlive, supervisorIsPresent: isPresent, now, &result)
            }
        }
        workers = workers.filter { current.contains($0.key) }
        seenSupervisors.formIntersection(assignedNodes.union(seen.supervisors.keys))
        supervisorMissingSince = supervisorMissingSince.filter {
            assignedNodes.contains($0.key) && seen.supervisors[$0.key] == nil
        }
        return result
    }

    private mutating func judge(
        _ key: WorkerKey, isAlive: Bool, supervisorIsPresent: Bool, _ now: Int64, _ result: inout Result
    ) {
        var history = workers[key] ?? WorkerHistory()
        history.wasSeen = history.wasSeen || isAlive
        history.missingSince = isAlive ? nil : history.missingSince ?? now
        workers[key] = history
        var deadline: Int64?
        if supervisorIsPresent {
            supervisorMissingSince[key.slot.node] = nil
            let limit = history.wasSeen ? limits.workerTimeoutMilliseconds : limits.launchTimeoutMilliseconds
            deadline = history.missingSince.map { $0 + limit }
        } else {
            let supervisorSince = supervisorMissingSince[key.slot.node] ?? now
            supervisorMissingSince[key.slot.node] = supervisorSince
            deadline = history.missingSince.map { max($0, supervisorSince) + limits.supervisorGraceMilliseconds }
        }
        if let settling, !(settling.trustsPresence && seenSupervisors.contains(key.slot.node)) {
            deadline = deadline.map { max($0, settling.untilMilliseconds) }
        }
        let isDead = deadline.map { $0 <= now } ?? false
        switch (isDead, supervisorIsPresent) {
        case (true, true): result.failedSlots.insert(key.slot)
        case (true, false): result.lostSlots.insert(key.slot)
        case (false, false): result.keptPorts[key.slot.node, default: []].insert(key.slot.port)
        case (false, true): break
        }
        if let deadline, !isDead {
            result.nextChangeMilliseconds = min(result.nextChangeMilliseconds ?? deadline, deadline)
        }
    }
}
