package import StormCluster
package import StormCore

/// Something that happens to a topology.
package enum LifecycleEvent: Hashable, Sendable {
    case activate
    case inactivate
    /// nil: the topology's message timeout.
    case kill(waitSeconds: Int?)
    case rebalance(RebalanceRequest)
    /// Nimbus itself wants executors moved; the reason is for people. Nil: the default wait.
    case move(reason: String, waitSeconds: Int?)
    /// Nothing is under way in any worker any more.
    case drained
    /// All workers of the new assignment run.
    case started
    /// The pending action's time has come.
    case deadlinePassed
}

/// What a rebalance is to change; nil and missing components stay as they are.
package struct RebalanceRequest: Hashable, Sendable {
    package var waitSeconds: Int?
    package var workers: Int?
    package var executors: [String: Int]
    /// New settings, by key; null takes one back to what was submitted. Whether a key may be set is `TopologySettings`'
    /// business.
    package var settings: [String: ConfigValue]

    package init(
        waitSeconds: Int? = nil, workers: Int? = nil, executors: [String: Int] = [:],
        settings: [String: ConfigValue] = [:]
    ) {
        self.waitSeconds = waitSeconds
        self.workers = workers
        self.executors = executors
        self.settings = settings
    }
}

/// What must be done because of an event, besides storing the changed record.
package enum LifecycleEffect: Hashable, Sendable {
    /// Look again at this time, epoch milliseconds.
    case arm(deadlineMilliseconds: Int64)
    /// Schedule anew, in the same write. `isAfresh`: as if there were no assignment.
    case reassign(isAfresh: Bool)
    /// The pause is over: the record is stored, and the spouts go on.
    case resume
    /// The wait is counted by this clock from now on: the record is stored.
    case beginAnew
    /// Take the topology out of the cluster; the record is not stored any more.
    case remove
}

/// The event is not possible in the topology's present status.
package struct LifecycleError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String
}

/// A topology's life as values: Storm's transition table (`Nimbus` and its `TopologyStateTransition`s), with moves that
/// nimbus starts itself, and pauses that end as soon as nothing is under way.
///
/// | from \ event | activate | inactivate | rebalance | move | kill | drained, deadline | started, deadline |
/// |---|---|---|---|---|---|---|---|
/// | ACTIVE | – | INACTIVE | REBALANCING | REBALANCING | KILLED | – | – |
/// | INACTIVE | ACTIVE | – | REBALANCING | REBALANCING | KILLED | – | – |
/// | REBALANCING, draining | error | error | error | – | KILLED | starting | – |
/// | REBALANCING, starting | error | error | error | – | KILLED | – | previous status |
/// | KILLED | error | error | error | – | KILLED, new wait | removed | – |
///
/// While nimbus moves a topology of its own accord, nobody asked for it, so nobody is refused: activate and deactivate
/// set what it returns to, and a rebalance takes the move's place.
///
/// Deadlines are absolute and stored, so a new leader continues a wait where Storm starts it again. A wait that has begun in
/// the future begins anew: the clock was set back, or belongs to another machine than the one before.
package enum TopologyLifecycle {
    /// Clocks of machines that keep time differ by less.
    private static let clockDifferenceMilliseconds: Int64 = 1_000

    /// After it the spouts go on although some workers of the new assignment are not up: one that cannot start must not
    /// hold up the others. What is sent to it waits.
    static let startLimitMilliseconds: Int64 = 10_000

    /// - Parameters:
    ///   - nowMilliseconds: epoch.
    ///   - defaultWaitSeconds: the wait when the event has none.
    /// - Returns: the record to store, unchanged when the event means nothing now, and what to do.
    package static func apply(
        _ event: LifecycleEvent, _ base: StormBaseRecord, nowMilliseconds: Int64, defaultWaitSeconds: Int
    ) throws -> (base: StormBaseRecord, effects: [LifecycleEffect]) {
        var changed = base
        let isOwnMove = base.status == .rebalancing && base.action?.kind == .move
        switch (event, base.status) {
        case (.activate, .active), (.inactivate, .inactive): return (base, [])
        case (.activate, .inactive): changed.status = .active
        case (.inactivate, .active): changed.status = .inactive
        case (.activate, .rebalancing) where isOwnMove: changed.previousStatus = .active
        case (.inactivate, .rebalancing) where isOwnMove: changed.previousStatus = .inactive
        case (.kill(let wait), _):
            begin(.kill, wait ?? defaultWaitSeconds, nowMilliseconds, &changed)
            changed.status = .killed
        // The condition belongs to the last pattern alone.
        case (.rebalance(let request), .active), (.rebalance(let request), .inactive),
            (.rebalance(let request), .rebalancing) where isOwnMove:
            try check(request, base)
            pause(&changed, .rebalance, request.waitSeconds ?? defaultWaitSeconds, nowMilliseconds)
            changed.action?.workers = request.workers
            changed.action?.executors = request.executors.isEmpty ? nil : request.executors
            changed.action?.settings = request.settings.isEmpty ? nil : request.settings
        case (.move(let reason, let wait), .active), (.move(let reason, let wait), .inactive):
            pause(&changed, .move, wait ?? defaultWaitSeconds, nowMilliseconds)
            changed.action?.reason = reason
        case (.move, .rebalancing), (.move, .killed): return (base, [])
        case (.drained, _): return phaseEnded(base, .draining, nowMilliseconds)
        case (.started, _): return phaseEnded(base, .starting, nowMilliseconds)
        case (.deadlinePassed, _): return deadlinePassed(base, nowMilliseconds)
        case (.activate, .rebalancing), (.activate, .killed), (.inactivate, .rebalancing), (.inactivate, .killed),
            (.rebalance, .rebalancing), (.rebalance, .killed):
            throw LifecycleError(
                description: "topology '\(base.name)' is \(base.status.rawValue): \(event.name) is not possible")
        }
        return (changed, changed.action.map { [.arm(deadlineMilliseconds: $0.deadlineMilliseconds)] } ?? [])
    }

    /// To REBALANCING, from whatever status.
    private static func pause(
        _ base: inout StormBaseRecord, _ kind: PendingAction.Kind, _ waitSeconds: Int, _ now: Int64
    ) {
        if base.status != .rebalancing { base.previousStatus = base.status }
        base.status = .rebalancing
        begin(kind, waitSeconds, now, &base)
    }

    private static func begin(
        _ kind: PendingAction.Kind, _ waitSeconds: Int, _ now: Int64, _ base: inout StormBaseRecord
    ) {
        // A week is longer than anybody waits, and keeps the sum far from overflow whatever a client sends.
        let wait = max(0, min(waitSeconds, 604_800))
        let number = (base.drains ?? 0) + 1
        base.drains = number
        base.action = PendingAction(kind: kind, waitSeconds: wait, deadlineMilliseconds: now + Int64(wait) * 1000)
        base.action?.phase = .draining
        base.action?.drain = number
        base.action?.startedAtMilliseconds = now
    }

    private static func deadlinePassed(
        _ base: StormBaseRecord, _ now: Int64
    ) -> (base: StormBaseRecord, effects: [LifecycleEffect]) {
        guard let action = base.action else { return (base, []) }
        if let started = action.startedAtMilliseconds, started > now + clockDifferenceMilliseconds {
            var changed = base
            changed.action?.startedAtMilliseconds = now
            changed.action?.deadlineMilliseconds = now + max(0, action.deadlineMilliseconds - started)
            return (changed, [.beginAnew])
        }
        guard action.deadlineMilliseconds <= now else {
            return (base, [.arm(deadlineMilliseconds: action.deadlineMilliseconds)])
        }
        return phaseEnded(base, action.phase ?? .draining, now)
    }

    /// Nothing when the topology is not in this phase.
    private static func phaseEnded(
        _ base: StormBaseRecord, _ phase: PendingAction.Phase, _ now: Int64
    ) -> (base: StormBaseRecord, effects: [LifecycleEffect]) {
        guard let action = base.action, (action.phase ?? .draining) == phase else { return (base, []) }
        var changed = base
        switch (action.kind, phase, base.status) {
        case (.kill, _, .killed): return (base, [.remove])
        case (.rebalance, .draining, .rebalancing), (.move, .draining, .rebalancing):
            if let workers = action.workers { changed.workers = workers }
            for (component, count) in action.executors ?? [:] {
                guard let tasks = base.componentTasks[component] else { continue }
                changed.componentExecutors[component] = max(1, min(count, tasks))
            }
            if let settings = action.settings {
                let all = (base.settings ?? [:]).merging(settings) { $1 }.filter { !$0.value.isNull }
                changed.settings = all.isEmpty ? nil : all
            }
            changed.action?.workers = nil
            changed.action?.executors = nil
            changed.action?.settings = nil
            changed.action?.phase = .starting
            changed.action?.startedAtMilliseconds = now
            changed.action?.deadlineMilliseconds = now + startLimitMilliseconds
            return (changed, [.reassign(isAfresh: action.kind == .rebalance)])
        case (.rebalance, .starting, .rebalancing), (.move, .starting, .rebalancing):
            return (resumed(base), [.resume])
        default: return (base, [])
        }
    }

    /// As it was before the pause, apart from what has been done since.
    static func resumed(_ base: StormBaseRecord) -> StormBaseRecord {
        var changed = base
        changed.status = base.previousStatus ?? .active
        changed.previousStatus = nil
        changed.action = nil
        return changed
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
        case .move: "move"
        case .drained: "drained"
        case .started: "started"
        case .deadlinePassed: "deadline"
        }
    }
}
