import StormCluster
import StormCore
import StormScheduling

extension PlacementRecord {
    /// - Parameter executorCount: all of the topology.
    init(_ decision: PlacementDecision, generation: Int, nowMilliseconds: Int64, of executorCount: Int) {
        let (cause, nodes): (String, [String]?) =
            switch decision.cause {
            case .first: ("first", nil)
            case .workersDead: ("workers_dead", nil)
            case .machinesGone(let nodes): ("machines_gone", nodes)
            case .executorsChanged: ("executors_changed", nil)
            case .workersMissing: ("workers_missing", nil)
            case .rebalance: ("rebalance", nil)
            case .machinesEmptied(let nodes): ("machines_emptied", nodes)
            case .move: ("move", nil)
            }
        let isNamed = decision.moved.count < executorCount && decision.moved.count <= Self.movedMax
        self.init(
            generation: generation, timeMilliseconds: nowMilliseconds, cause: cause,
            nodes: nodes.map { Array($0.prefix(8)) },
            rule: decision.rule.rawValue, wantedWorkers: decision.wantedWorkers, freeSlots: decision.freeSlots,
            freeMachines: decision.freeMachines, newSlots: decision.newSlots, movedCount: decision.moved.count,
            moved: isNamed ? ExecutorList(decision.moved) : nil)
    }

    /// The entries to keep: those that still have a worker, and this one.
    func added(to entries: [PlacementRecord], workers: [WorkerAssignment]) -> [PlacementRecord] {
        let alive = Set(workers.map(\.incarnation))
        return entries.filter { alive.contains($0.generation) }.suffix(Self.entriesMax - 1) + [self]
    }
}
