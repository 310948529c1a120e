import StormCluster
import StormCore
import StormRuntime

/// Task counters as the executors' entries of a worker's beat. Pure but for what the history remembers.
enum WorkerBeats {
    /// - Parameter statistics: of the tasks of this worker, in task order.
    static func executors(
        _ statistics: [TaskStatistics], ranges: [ExecutorRange], plan: TopologyPlan, uptimeSeconds: Int,
        history: TallyHistory
    ) -> [ExecutorBeat] {
        let known = ranges.sorted().compactMap { range in plan.component(of: range.first).map { (range, $0) } }
        let tallies = Dictionary(
            uniqueKeysWithValues: known.map { range, component in
                let own = statistics.filter { $0.task >= range.first && $0.task <= range.last }
                return (range, ExecutorTally(own, of: component))
            })
        let windows = history.windows(tallies, uptimeSeconds: uptimeSeconds)
        return known.map { range, component in
            ExecutorBeat(
                executor: range, component: component.id, isSpout: component.role == .spout,
                uptimeSeconds: uptimeSeconds, windows: windows[range] ?? [:])
        }
    }
}
