package import StormCluster
import Synchronization

/// How far a worker is in its life. Any thread.
package final class WorkerStatus: Sendable {
    private let state = Mutex(WorkerState.starting)

    package init() {}

    package var current: WorkerState { state.withLock { $0 } }

    package func set(_ state: WorkerState) { self.state.withLock { $0 = state } }
}
