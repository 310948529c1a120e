import StormCore
import StormTopology
import StormWire

// How messages fail, and what is known of why.
extension SpoutExecutor {
    /// - Parameter task: where the tree failed or was last seen; 0 when that is not known.
    func cause(_ reason: FailureReason, at task: Int32, detail: String? = nil) -> FailureCause {
        guard task > 0, let schema = emitters.first?.schema else { return FailureCause(reason: reason, detail: detail) }
        let place = places[TaskID(task)]
        return FailureCause(
            reason: reason, component: schema.component(ofTask: task), task: Int(task), host: place?.host,
            port: place?.port, detail: detail)
    }

    /// When a tree fails next that is not in the list of deadlines.
    func nextFailure(_ task: Task) -> Int64 { min(task.abandoned.nextDue, task.losses.nextDue) }

    // MARK: Time-outs

    /// Asks the ackers of trees that took too long where these were last seen: the answer fails them. An acker that does not
    /// answer is not waited for.
    func expire(_ task: Task, _ now: Int64) {
        let tracking = task.collector.tracking
        while let root = tracking.pointee.trees.abandonExpired(now: now) {
            task.collector.abandon(root)
            task.abandoned.add(root, now: now)
        }
        while let root = task.abandoned.takeDue(now: now) {
            guard let tree = tracking.pointee.trees.giveUp(root) else { continue }
            failed(task, tree, root: root, FailureCause(reason: .timeout))
            task.nextPoll = 0
        }
    }

    // MARK: Lost workers

    /// Fails at once what an acker that is gone was watching: it would only time out.
    func ackersLost(_ isLost: (_ ackerIndex: Int) -> Bool, ackerCount: Int, place: TaskPlace?) {
        let cause = FailureCause(
            reason: .workerLost, component: TopologyPlan.ackerComponent, host: place?.host, port: place?.port)
        for task in tasks {
            let roots = task.collector.tracking.pointee.trees.roots
            for root in roots where isLost(Emitter.acker(of: root, of: ackerCount)) {
                if let tree = task.collector.tracking.pointee.trees.remove(root) {
                    failed(task, tree, root: root, cause)
                }
            }
            task.nextPoll = 0
        }
    }

    /// A worker is gone that may have had trees emitted before this time (monotonic nanoseconds).
    func workerLost(before: Int64, place: TaskPlace?) {
        let now = loop.now()
        for task in tasks {
            let tracking = task.collector.tracking
            task.losses.add(
                before: before, now: now, latency: task.recentLatency.p99(&tracking.pointee.latency),
                timeout: min(tracking.pointee.timeoutNanoseconds, Self.graceMaxNanoseconds), place: place)
        }
    }

    /// The longest grace of suspect trees, if messages do not time out.
    private static let graceMaxNanoseconds: Int64 = 60_000_000_000

    func failSuspects(_ task: Task, _ now: Int64) {
        let tracking = task.collector.tracking
        task.recentLatency.look(at: &tracking.pointee.latency, now: now)
        while let loss = task.losses.takeDue(now: now) {
            let timeout = tracking.pointee.timeoutNanoseconds
            let cause = FailureCause(reason: .workerLost, host: loss.place?.host, port: loss.place?.port)
            while let (root, tree) = tracking.pointee.trees.popEmitted(notAfter: loss.before, timeout: timeout) {
                failed(task, tree, root: root, cause)
                task.nextPoll = 0
            }
        }
    }

    // MARK: Refused emits

    /// Shows what was wrong with an emit that no message can answer for.
    func reportFault(_ task: Task) {
        if let (fault, _) = task.collector.takeFault() { task.errors.report("\(fault) (in nextTuple)") }
    }

    /// Fails messages whose tuples could not be emitted.
    func failRefused(_ task: Task) {
        guard task.collector.tracking.pointee.hasRefused else { return }
        for (id, fault) in task.collector.tracking.pointee.takeRefused() {
            failed(task, id, root: nil, cause(fault.reason, at: task.id.rawValue, detail: fault.description))
        }
        task.nextPoll = 0
    }
}
