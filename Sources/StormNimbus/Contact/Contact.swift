package import StormCluster
import Synchronization

/// Since when this nimbus has had the coordination store without interruption. A short loss of contact in which its own
/// session lives on is none: then those of all others do, who reach the store as it does.
package final class Contact: Sendable {
    package struct State: Hashable, Sendable {
        /// Monotonic milliseconds.
        package var since: Int64
        /// Whether it was ever without it; then others may have been, too, and what they left in the store may be stale.
        package var wasInterrupted = false
        /// No new session is known of yet.
        var isWithout = false
    }

    private let current: Mutex<State>

    /// - Parameter now: monotonic milliseconds.
    package init(now: Int64) { current = Mutex(State(since: now)) }

    package var state: State { current.withLock { $0 } }

    package func note(_ event: SessionEvent, now: Int64) {
        switch event {
        case .connected, .suspended: break
        case .lost: interrupted(now: now)
        case .reconnected: current.withLock { if $0.isWithout { $0 = State(since: now, wasInterrupted: true) } }
        }
    }

    /// Counts from now, and again from the moment of the new session if that is later.
    package func interrupted(now: Int64) {
        current.withLock { $0 = State(since: now, wasInterrupted: true, isWithout: true) }
    }
}
