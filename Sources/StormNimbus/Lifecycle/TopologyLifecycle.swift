package import StormCluster

/// Something that happens to a topology.
package enum LifecycleEvent: Hashable, Sendable {
    case activate
    case inactivate
    /// nil: the topology's message timeout.
    case kill(waitSeconds: Int?)
    case rebalance(RebalanceRequest)
    /// The pending action's time has come.
    case deadlinePassed
}

/// What a rebalance is to change; nil and missing components stay as they are.
package struct RebalanceRequest: Hashable, Sendable {
    package var waitSeconds: Int?
    package var workers: Int?
    package var executors: [String: Int]

    package init(waitSeconds: Int? = nil, workers: Int? = nil, executors: [String: Int] = [:]) {
        self.waitSeconds = waitSeconds
        self.workers = workers
        self.executors = executors
    }
}

/// What must be done because of an event, besides storing the changed record.
package enum LifecycleEffect: Hashable, Sendable {
    /// Look again at this time, epoch milliseconds.
    case arm(deadlineMilliseconds: Int64)
    /// Schedule anew as if there were no assignment, in the same write.
    case scheduleAfresh
    /// Take the topology out of the cluster; the record is not stored any more.
    case remove
}

/// The event is not possible in the topology's present status.
package struct LifecycleError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String
}

/// A topology's life as values: Storm's transition table (`Nimbus` and its `TopologyStateTransition`s).
///
/// | from \ event | activate | inactivate | rebalance | kill | deadline passed |
/// |---|---|---|---|---|---|
/// | ACTIVE | – | INACTIVE | REBALANCING | KILLED | – |
/// | INACTIVE | ACTIVE | – | REBALANCING | KILLED | – |
/// | REBALANCING | error | error | error | KILLED | previous status |
/// | KILLED | error | error | error | KILLED, new wait | removed |
///
/// Deadlines are absolute and stored, so a new leader continues a wait where Storm starts it again.
package enum TopologyLifecycle {
    /// - Parameters:
    ///   - nowMilliseconds: epoch.
    ///   - defaultWaitSeconds: the topology's message timeout, the wait when the event has none.
    /// - Returns: the record to store, unchanged when the event means nothing now, and what to do.
    package static func apply(
        _ event: LifecycleEvent, _ base: StormBaseRecord, nowMilliseconds: Int64, defaultWaitSeconds: Int
    ) throws -> (base: StormBaseRecord, effects: [LifecycleEffect]) {
        var changed = base
        switch (event, base.status) {
        case (.activate, .active), (.inactivate, .inactive): return (base, [])
        case (.activate, .inactive): changed.status = .active
        case (.inactivate, .active): changed.status = .inactive
        case (.kill(let wait), _):
            changed.action = pending(.kill, wait ?? defaultWaitSeconds, nowMilliseconds)
            changed.status = .killed
        case (.rebalance(let request), .active), (.rebalance(let request), .inactive):
            try check(request, base)
            changed.previousStatus = base.status
            changed.status = .rebalancing
            changed.action = pending(.rebalance, request.waitSeconds ?? defaultWaitSeconds, nowMilliseconds)
            changed.action?.workers = request.workers
            changed.action?.executors = request.executors.isEmpty ? nil : request.executors
        case (.deadlinePassed, _): return deadlinePassed(base, nowMilliseconds)
        case (.activate, .rebalancing), (.activate, .killed), (.inactivate, .rebalancing), (.inactivate, .killed),
            (.rebalance, .rebalancing), (.rebalance, .killed):
            throw LifecycleError(
                description: "topology '\(base.name)' is \(base.status.rawValue): \(event.name) is not possible")
        }
        return (changed, changed.action.map { [.arm(deadlineMilliseconds: $0.deadlineMilliseconds)] } ?? [])
    }

    private static func pending(_ kind: PendingAction.Kind, _ waitSeconds: Int, _ now: Int64) -> PendingAction {
        // A week is longer than anybody waits, and keeps the sum far from overflow whatever a client sends.
        let wait = max(0, min(waitSeconds, 604_800))
        return PendingAction(kind: kind, waitSeconds: wait, deadlineMilliseconds: now + Int64(wait) * 1000)
    }

    private static func deadlinePassed(
        _ base: StormBaseRecord, _ now: Int64
    ) -> (base: StormBaseRecord, effects: [LifecycleEffect]) {
        guard let action = base.action else { return (base, []) }
        guard action.deadlineMilliseconds <= now else {
            return (base, [.arm(deadlineMilliseconds: action.deadlineMilliseconds)])
        }
        switch (action.kind, base.status) {
        case (.kill, .killed): return (base, [.remove])
        case (.rebalance, .rebalancing):
            var changed = base
            changed.status = base.previousStatus ?? .active
            changed.previousStatus = nil
            changed.action = nil
            if let workers = action.workers { changed.workers = workers }
            for (component, count) in action.executors ?? [:] {
                guard let tasks = base.componentTasks[component] else { continue }
                changed.componentExecutors[component] = max(1, min(count, tasks))
            }
            return (changed, [.scheduleAfresh])
        default: return (base, [])
        }
    }

    private static func check(_ request: RebalanceRequest, _ base: StormBaseRecord) throws {
        if let workers = request.workers, workers < 1 {
            throw LifecycleError(description: "\(workers) workers; there must be at least 1")
        }
        for (component, count) in request.executors.sorted(by: { $0.key < $1.key }) {
            guard base.componentTasks[component] != nil else {
                let known = base.componentTasks.keys.sorted().joined(separator: ", ")
                throw LifecycleError(description: "there is no component '\(component)' (there are: \(known))")
            }
            guard count > 0 else {
                throw LifecycleError(
                    description: "component '\(component)': \(count) executors; there must be at least 1")
            }
        }
    }
}

extension LifecycleEvent {
    var name: String {
        switch self {
        case .activate: "activate"
        case .inactivate: "deactivate"
        case .kill: "kill"
        case .rebalance: "rebalance"
        case .deadlinePassed: "deadline"
        }
    }
}
