package import StormCluster
import Synchronization

/// Whether this nimbus acts as the leader: it won the election *and* was found fit for it.
///
/// It ends with the session's lease, by our own clock, so before anybody else can lead, and never comes back by itself:
/// each leadership is begun anew after the nimbus was found fit again. What the leader writes goes through `FencedStore`,
/// so that a write that was decided before the end and sent after it is refused by the store.
package final class Leadership: Sendable {
    private struct Term {
        let latch: any LeaderLatchHandle
        /// The node of this leadership.
        let lock: String
    }

    private let term = Mutex<Term?>(nil)

    package init() {}

    package var isActing: Bool { lock != nil }

    /// The node that stands for the present leadership; nil: there is none.
    package var lock: String? {
        guard let term = term.withLock({ $0 }), term.latch.lockPath == term.lock else { return nil }
        return term.lock
    }

    /// Begins to act for as long as the latch leads without interruption.
    /// - Returns: false when it does not lead any more.
    package func begin(_ latch: any LeaderLatchHandle) -> Bool {
        guard let lock = latch.lockPath else { return false }
        term.withLock { $0 = Term(latch: latch, lock: lock) }
        return true
    }

    /// - Returns: whether that is a change.
    @discardableResult
    package func end() -> Bool {
        term.withLock { term in
            defer { term = nil }
            return term != nil
        }
    }

    /// Ends one leadership; a later one, under another node, goes on.
    /// - Returns: whether that is a change.
    package func end(_ lock: String) -> Bool {
        term.withLock { term in
            guard term?.lock == lock else { return false }
            term = nil
            return true
        }
    }
}
