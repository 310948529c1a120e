/// The connection to the coordination store, and what passed over it since the process began: every request, also those
/// of views, registrations and elections. A value of one moment.
package struct CoordinationTraffic: Sendable, Equatable {
    /// How the session is.
    package enum State: String, Sendable, CaseIterable {
        /// There has been none yet.
        case connecting
        case connected
        /// No contact; the session may live on.
        case suspended
        /// It is gone, and a new one is being opened.
        case lost
        case closed
    }

    /// Requests of one kind.
    package struct Operation: Sendable, Equatable {
        /// Requests that had an answer, or none in time.
        package var count = 0
        package var failures = 0
        package var seconds = 0.0
        /// How many answers took no longer than `latencyBounds[i]`, and longer than the one before; the last entry counts
        /// those above all bounds.
        package var latencies = [Int](repeating: 0, count: CoordinationTraffic.latencyBounds.count + 1)

        package init() {}
    }

    /// Seconds, ascending.
    package static let latencyBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    package var state = State.connected
    /// Sessions that this process has had.
    package var sessions = 1
    /// By name: `create`, `get`, `set`, `multi`, ….
    package var operations: [String: Operation] = [:]
    /// Changes that were asked for: requests that write, a `multi` as one.
    package var writes = 0

    package init() {}

    package var isConnected: Bool { state == .connected }
}

extension CoordinationStore {
    /// A store without a connection of its own, as those of simulations are, is always there.
    package var traffic: CoordinationTraffic { CoordinationTraffic() }
}
