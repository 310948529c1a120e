import StormCluster
import StormCore

/// The workers of a topology with the reasons that its scheduler recorded. Pure.
struct Placements {
    let workers: [ExplainReport.Worker]

    init(_ input: ExplainInput, _ base: StormBaseRecord, now: Int64) {
        let decisions = Dictionary(
            (input.assignment?.decisions ?? []).map { ($0.generation, $0) }, uniquingKeysWith: { $1 })
        let hosts = Dictionary(input.supervisors.map { ($0.id, $0.host) }, uniquingKeysWith: { first, _ in first })
        let components = Self.components(of: base)
        let total = base.componentExecutors.values.reduce(0, +)
        workers = (input.assignment?.workers ?? []).map { worker in
            let decision = decisions[worker.incarnation]
            let beat = input.beats.first { $0.slot == worker.slot && $0.incarnation == worker.incarnation }
            return ExplainReport.Worker(
                node: worker.node, host: worker.host, port: worker.port, state: beat?.state.rawValue ?? "not_up",
                sinceMilliseconds: worker.startedAtMilliseconds,
                why: decision.map { Self.text($0, hosts) } ?? "not recorded: an older nimbus placed it",
                executors: worker.executors.executors.map { range in
                    ExplainReport.Executor(
                        component: components(range), firstTask: Int(range.first.rawValue),
                        lastTask: Int(range.last.rawValue),
                        why: decision.map { Self.text(range, $0, of: total) } ?? "not recorded")
                })
        }
    }

    /// The component of an executor, by the numbering that every process computes (`TopologyPlan`).
    private static func components(of base: StormBaseRecord) -> (ExecutorRange) -> String {
        var ends: [(last: Int, name: String)] = []
        var next = 0
        for (name, tasks) in base.componentTasks.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            next += max(1, tasks)
            ends.append((next, name))
        }
        return { range in ends.first { Int(range.first.rawValue) <= $0.last }?.name ?? "?" }
    }

    // MARK: Reasons

    private static func text(_ decision: PlacementRecord, _ hosts: [String: String]) -> String {
        let machines = (decision.nodes ?? []).map { hosts[$0] ?? $0 }.joined(separator: ", ")
        let cause =
            switch decision.cause {
            case "first": "it was placed for the first time"
            case "workers_dead": "workers were dead"
            case "machines_gone": "machines were gone (\(machines))"
            case "executors_changed": "the topology got other executors"
            case "workers_missing": "it had fewer workers than it wants, and slots became free"
            case "rebalance": "a rebalance spread it anew"
            case "machines_emptied": "machines were to be emptied (\(machines))"
            case "move": "its executors were moved to better places, or its workers renewed"
            default: decision.cause
            }
        return "\(cause); \(choice(decision))"
    }

    private static func choice(_ decision: PlacementRecord) -> String {
        let wanted = "it wants \(count(decision.wantedWorkers, "worker"))"
        let free = "\(count(decision.freeSlots, "slot")) free on \(count(decision.freeMachines, "machine"))"
        if decision.newSlots == 0 { return "\(wanted), no new slot was taken (\(free))" }
        let taken = count(decision.newSlots, "new slot")
        if decision.freeSlots == decision.newSlots { return "\(wanted), all free slots were taken (\(free))" }
        return "\(wanted), \(taken) taken of \(free), one machine after the other, those with most free slots first"
    }

    private static func text(_ range: ExecutorRange, _ decision: PlacementRecord, of total: Int) -> String {
        if let moved = decision.moved, !moved.executors.contains(range) { return "kept: it ran here before" }
        if decision.moved == nil, decision.movedCount < total {
            return "kept, or one of \(decision.movedCount) that moved: too many to name"
        }
        return switch decision.rule {
        case "in_turn": "dealt in task order, in turn over the new slots"
        case "fewest_of_component": "here were the fewest executors of its component, then the fewest of all"
        case "emptiest_own": "no slot was free: this was the emptiest of the topology's own workers"
        default: decision.rule
        }
    }

    static func count(_ number: Int, _ thing: String) -> String { "\(number) \(thing)\(number == 1 ? "" : "s")" }
}
