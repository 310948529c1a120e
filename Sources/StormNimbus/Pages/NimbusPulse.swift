import StormMetrics
import Synchronization

/// What a running nimbus notes about itself for its pages. Any thread.
final class NimbusPulse: Sendable {
    struct State: Sendable {
        /// It listens, and the cluster knows of it.
        var isServing = false
        /// Of the last round while it leads.
        var cluster: ClusterFigures?
        var leaderships = 0
        var rounds = Distribution(bounds: LatencyBounds.request)
        var roundFailures = 0
        var scheduling = Distribution(bounds: LatencyBounds.request)
        /// By method: calls, and those answered with an exception.
        var calls: [String: (count: Int, errors: Int)] = [:]
        var callLatency = Distribution(bounds: LatencyBounds.request)
    }

    private let state = Mutex(State())

    var current: State { state.withLock { $0 } }

    func set(isServing: Bool) { state.withLock { $0.isServing = isServing } }

    func beganToLead() { state.withLock { $0.leaderships += 1 } }
    func sawCluster(_ figures: ClusterFigures) { state.withLock { $0.cluster = figures } }
    func roundEnded(_ took: Duration) { state.withLock { $0.rounds.add(took.inSeconds) } }
    func roundFailed() { state.withLock { $0.roundFailures += 1 } }
    func scheduled(_ took: Duration) { state.withLock { $0.scheduling.add(took.inSeconds) } }

    /// - Parameter method: one of those that are served, or "unknown": never what a stranger made up.
    func answered(_ method: String, isError: Bool, _ took: Duration) {
        state.withLock { state in
            state.calls[method, default: (0, 0)].count += 1
            if isError { state.calls[method]?.errors += 1 }
            state.callLatency.add(took.inSeconds)
        }
    }
}

extension Duration {
    var inSeconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }
}
