import Synchronization

/// A coordination store in this process: the "ensemble" that any number of clients connect to.
///
/// Keeps ZooKeeper's semantics: versions, ephemeral nodes that die with their session, sequential counters, atomic
/// `multi`, size limit. Deterministic: every call is complete, with all its consequences, before it returns.
///
///     let server = InMemoryCoordinationServer()
///     let nimbus = server.connect(), supervisor = server.connect()
package final class InMemoryCoordinationServer: Sendable {
    private let state = Mutex(InMemoryServerState())

    package init() {}

    /// A new client with a session of its own.
    package func connect() -> InMemoryCoordinationStore {
        let (events, continuation) = AsyncStream.makeStream(
            of: SessionEvent.self, bufferingPolicy: .bufferingNewest(16))
        let number = state.withLock { $0.connect(continuation) }
        return InMemoryCoordinationStore(server: self, client: number, sessionEvents: events)
    }

    /// Everything that is stored, by path; for tests and for people.
    package func dump() -> [String: VersionedData] { state.withLock { $0.tree.nodes.mapValues(\.versioned) } }

    /// Transactions so far, as ZooKeeper's zxid counts them.
    package var transactions: Int64 { state.withLock { $0.tree.transaction } }

    /// Deletes every node, as an operator's `deleteall` would; sessions, views and candidacies live on.
    package func wipe() { state.withLock { $0.wipe() } }

    func withState<R: Sendable>(_ body: @Sendable (inout InMemoryServerState) throws -> R) throws -> R {
        try state.withLock { try body(&$0) }
    }

    func withState<R: Sendable>(_ body: @Sendable (inout InMemoryServerState) -> R) -> R {
        state.withLock { body(&$0) }
    }
}
