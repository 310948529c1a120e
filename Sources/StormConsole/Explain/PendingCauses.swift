import StormCluster
import StormCore

/// What a topology waits for, from what is seen in ZooKeeper. Pure.
struct PendingCauses {
    private(set) var texts: [String] = []
    private let input: ExplainInput
    private let base: StormBaseRecord
    private let now: Int64

    init(_ input: ExplainInput, _ base: StormBaseRecord, now: Int64) {
        self.input = input
        self.base = base
        self.now = now
        guard base.status != .killed else {
            texts.append(killed)
            return
        }
        if !input.hasLeader {
            texts.append("no nimbus leads: nothing is scheduled until one does; see storm doctor")
        }
        findCode()
        findSlots()
        findWorkers()
        findAction()
        if base.status == .inactive { texts.append("its spouts are off: storm activate \(base.name) turns them on") }
    }

    private var killed: String {
        let deadline = base.action.map { ", workers end \(Age.since($0.deadlineMilliseconds, now: now))" } ?? ""
        return "it is being killed\(deadline)"
    }

    /// Code that no living nimbus has: no supervisor can fetch it.
    private mutating func findCode() {
        let missing = base.blobs.map(\.key).filter { (input.replicas[$0] ?? 0) == 0 }
        guard !missing.isEmpty else { return }
        texts.append(
            "no nimbus that is up has \(missing.joined(separator: ", ")): supervisors that do not have it yet cannot "
                + "start workers; start the nimbus that took the submit")
    }

    private mutating func findSlots() {
        let executors = base.componentExecutors.values.reduce(0, +)
        let wanted = min(base.workers, executors)
        let present = input.assignment?.workers.count ?? 0
        let placed = input.assignment?.workers.reduce(0) { $0 + $1.executors.executors.count } ?? 0
        guard present < wanted || placed < executors else { return }
        let accepting = input.supervisors.filter { !$0.isDraining }
        if input.supervisors.isEmpty {
            return texts.append("no supervisor is up: start one (storm supervisor) that uses this ZooKeeper and root")
        }
        if accepting.isEmpty { return texts.append("all supervisors are about to stop: nothing new is put there") }
        let used = Set(input.assignments.values.flatMap { $0.workers.map(\.slot) })
        let slots = accepting.flatMap { node in node.ports.map { WorkerSlot(node: node.id, port: $0) } }
        let free = slots.count { !used.contains($0) }
        let have =
            "\(Placements.count(slots.count, "slot")) on \(Placements.count(accepting.count, "machine")), \(free) free"
        if free == 0 {
            texts.append(
                "no free slot: it needs \(Placements.count(wanted - present, "more worker")), the cluster has \(have); add "
                    + "supervisors or ports (supervisor.slots.ports), or kill something")
        } else if placed < executors {
            texts.append("\(executors - placed) of \(executors) executors have no slot yet; the cluster has \(have)")
        } else {
            texts.append(
                "it has \(present) of \(wanted) workers; the cluster has \(have): storm rebalance \(base.name) spreads it"
            )
        }
    }

    private mutating func findWorkers() {
        let nodes = Set(input.supervisors.map(\.id))
        for worker in input.assignment?.workers ?? [] {
            let place = "\(worker.host):\(worker.port)"
            let beat = input.beats.first { $0.slot == worker.slot && $0.incarnation == worker.incarnation }
            switch beat?.state {
            case .running?: break
            case .starting?: texts.append("worker \(place) is starting: not all executors and connections are ready")
            case .draining?: texts.append("worker \(place) drains: its spouts are off and its trees finish")
            case nil: texts.append(absence(of: worker, place, hasSupervisor: nodes.contains(worker.node)))
            }
        }
    }

    private func absence(of worker: WorkerAssignment, _ place: String, hasSupervisor: Bool) -> String {
        let since = Age.since(worker.startedAtMilliseconds, now: now)
        guard hasSupervisor else { return "worker \(place) is not up and the supervisor of its machine is gone" }
        let error = input.systemErrors.first {
            $0.host == worker.host && $0.port == worker.port && $0.timeMilliseconds >= worker.startedAtMilliseconds
        }
        guard let error else {
            return "worker \(place) is not up: assigned \(since), its supervisor fetches the code or starts it"
        }
        return "worker \(place) is not up: \(error.message) (\(Age.since(error.timeMilliseconds, now: now)))"
    }

    private mutating func findAction() {
        guard let action = base.action, base.status == .rebalancing else { return }
        let phase = action.phase == .starting ? "its new workers come up" : "its trees finish"
        let reason = action.reason.map { " (\($0))" } ?? ""
        texts.append(
            "a \(action.kind.rawValue) is under way\(reason): \(phase), "
                + "\(Age.since(action.deadlineMilliseconds, now: now)) at the latest")
    }
}
