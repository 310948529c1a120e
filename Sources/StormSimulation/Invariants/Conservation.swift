import StormRuntime

/// Of every spout: emitted = acked + failed + in flight, by the engine's books, and these agree with the spout's own.
struct Conservation: Invariant {
    static let name = "conservation"

    init() {}

    func check(_ cluster: SimulatedCluster) {
        for life in cluster.state.it.workers.values.sorted(by: { $0.pid < $1.pid }) {
            guard let engine = life.process.state.it.engine else { continue }
            let readers = cluster.state.it.spouts[life.process.number] ?? []
            for task in engine.steppedStatistics() {
                guard let reader = readers.first(where: { $0.task == task.task }) else { continue }
                if let fault = Self.fault(task, reader.counts.it) {
                    cluster.world.fail(Violation(Self.name, "\(life.process.name) \(fault)"))
                }
            }
        }
    }

    /// Pure.
    static func fault(_ task: TaskStatistics, _ own: SpoutCounts) -> String? {
        let emitted = task.emitted.values.reduce(0, +)
        let counted = "\(task.acked) acked, \(task.failed) failed, \(task.pending) in flight"
        if emitted != task.acked + task.failed + task.pending {
            return "task \(task.task): \(emitted) emitted, \(counted)"
        }
        // What the engine emits again the spout does not hear of, nor of its failures.
        let retried = own.hasRetries ? task.failed - own.failed : 0
        let agrees =
            (emitted - task.replayed, task.acked, task.failed) == (own.emitted, own.acked, own.failed + retried)
            && task.deadLettered == own.deadLettered
            && task.pending + task.retrying == own.inFlight
        if agrees { return nil }
        return "task \(task.task): the engine says \(emitted) emitted, \(task.replayed) of them again, \(counted), "
            + "\(task.retrying) to be tried again, \(task.deadLettered) dead letters; the spout \(own)"
    }
}
