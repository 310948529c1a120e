package import StormCore

/// How long one executor was at work.
package struct ExecutorBusy: Sendable, Equatable {
    package var executor: ExecutorRange
    package var component: String
    /// Time in its slices since it was made.
    package var nanoseconds: Int64
}

extension TopologyEngine {
    /// Of all executors here, in no order. Any thread, at once.
    package var busy: [ExecutorBusy] {
        executors.map { ExecutorBusy(executor: $0.range, component: $0.component, nanoseconds: $0.busyNanoseconds) }
    }
}
