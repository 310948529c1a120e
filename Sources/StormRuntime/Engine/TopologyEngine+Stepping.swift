import StormTopology
import Synchronization

/// The engine without threads: whoever holds it runs it, one slice after the other, in an order that repeats. What
/// simulation and tests with a clock of their own use in place of `start` and `stop`; never both.
extension TopologyEngine {
    /// As `start`, on the caller's thread.
    /// - Throws: as `start`; then nothing was ended again.
    package func startStepping() throws {
        try startHooks()
        for executor in spoutsLast { try executor.openNamingFault() }
        // Waiting batches, ticks and deadlines are looked at in a first slice, as after a control from outside.
        for executor in executors { executor.notify() }
    }

    /// Makes `start` start no threads: what it waits for happens in `step`, which whoever called this goes on calling until
    /// `stop` has returned. Before `start`.
    package func startWithoutThreads() { isStepped.store(true, ordering: .releasing) }

    /// One turn of every loop: at most one slice each, never a pause.
    /// - Returns: false when no executor has anything to do before `nextDeadline`.
    package func step() -> Bool {
        var hasWorked = false
        for loop in loops where loop.round() { hasWorked = true }
        return hasWorked
    }

    /// Earliest monotonic time at which an executor wants to run unasked; `Int64.max` when none does.
    package var nextDeadline: Int64 { loops.reduce(.max) { min($0, $1.nextDeadline) } }

    /// Closes the components, spouts first.
    package func endStepping() {
        for executor in spoutsLast.reversed() { executor.close() }
        for executor in executors { executor.end() }
        for hook in topology.workerHooks { hook.shutdown(resources) }
    }

    /// As `statistics`, between two steps.
    package func steppedStatistics() -> [TaskStatistics] {
        executors.flatMap { $0.statistics() }.sorted { $0.task < $1.task }
    }

    /// Batches that the loops' pools made and used again.
    package var poolCounts: (made: Int, reused: Int) {
        loops.reduce((0, 0)) { ($0.0 + $1.pool.made, $0.1 + $1.pool.reused) }
    }
}
