import Synchronization

/// Submits that this nimbus is carrying out now: ids of topologies that have code but do not exist yet. Whatever else is
/// under `/submissions` was left by a leader that died.
///
/// Who looks at `/submissions` takes a while. A submit that was carried out meanwhile is not abandoned either, although its
/// record was seen: so what ends counts until the next look begins.
package final class PendingSubmits: Sendable {
    private struct State {
        var pending: Set<String> = []
        var ended: Set<String> = []
    }

    private let state = Mutex(State())

    package init() {}

    package func insert(_ topologyID: String) { state.withLock { _ = $0.pending.insert(topologyID) } }

    package func remove(_ topologyID: String) {
        state.withLock { state in
            guard state.pending.remove(topologyID) != nil else { return }
            state.ended.insert(topologyID)
        }
    }

    /// Somebody begins to look.
    package func beginLook() { state.withLock { $0.ended = [] } }

    /// Whether it is being carried out, or was at some time since the look began.
    package func contains(_ topologyID: String) -> Bool {
        state.withLock { $0.pending.contains(topologyID) || $0.ended.contains(topologyID) }
    }
}
