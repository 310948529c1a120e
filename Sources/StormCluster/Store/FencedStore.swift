/// The store as the leader of an election writes to it: every write is one `multi` with a check that the leadership still
/// exists. A leader that was paused for longer than its session, and does not know it yet, writes nothing: its write fails
/// with `fenced`. Reads, views, registrations and elections are the store's own.
///
/// Follows the fencing of ZooKeeper's own recipes: the ephemeral node of the leadership is what is checked, and its
/// disappearance is exactly what lets somebody else lead.
package struct FencedStore: CoordinationStore {
    private let base: any CoordinationStore
    private let lock: @Sendable () -> String?
    private let onRefusal: @Sendable (_ lock: String) -> Void

    /// - Parameters:
    ///   - lock: the node of the present leadership (`LeaderLatchHandle.lockPath`); nil: there is none, and every write
    ///     fails.
    ///   - onRefusal: called with that node when the store has refused a write because it has gone. Of a pinned store it
    ///     may be the one of an earlier leadership, which says nothing about the present one.
    package init(
        _ base: any CoordinationStore, lock: @escaping @Sendable () -> String?,
        onRefusal: @escaping @Sendable (_ lock: String) -> Void = { _ in }
    ) {
        self.base = base
        self.lock = lock
        self.onRefusal = onRefusal
    }

    /// Whether the leadership that writes are made under exists, by the store's word.
    /// - Throws: `CoordinationError` when the store cannot be asked.
    package func holds() async throws -> Bool {
        guard let lock = lock() else { return false }
        return try await base.exists(lock)
    }

    /// A store that writes under the present leadership only: not under a later one of the same process either. For work
    /// of several steps. It leaves it to the store whether that leadership still exists, so a short loss of contact does
    /// not end the work.
    /// - Throws: `fenced` when there is none.
    package func pinned() throws -> FencedStore {
        guard let present = lock() else { throw Self.refused("/") }
        return FencedStore(base, lock: { present }, onRefusal: onRefusal)
    }

    @discardableResult
    package func multi(_ operations: [CoordinationOperation]) async throws -> [CoordinationResult] {
        guard let path = operations.first?.path else { return [] }
        guard let lock = lock() else { throw Self.refused(path) }
        do {
            let guarded = [CoordinationOperation.check(path: lock, expectedVersion: nil)] + operations
            return Array(try await base.multi(guarded).dropFirst())
        } catch let error as CoordinationError where error.code == .noNode && error.path == lock {
            onRefusal(lock)
            throw Self.refused(path)
        }
    }

    private static func refused(_ path: String) -> CoordinationError {
        CoordinationError(.fenced, path, detail: "not a leader any more; nothing was written")
    }

    @discardableResult
    package func create(_ path: String, _ data: [UInt8], mode: NodeMode) async throws -> String {
        let results = try await multi([.create(path: path, data: data, mode: mode)])
        guard case .created(let actual)? = results.first else { throw CoordinationError(.badArguments, path) }
        return actual
    }

    @discardableResult
    package func set(_ path: String, _ data: [UInt8], expectedVersion: Int32?) async throws -> Int32 {
        let results = try await multi([.set(path: path, data: data, expectedVersion: expectedVersion)])
        guard case .set(let version)? = results.first else { throw CoordinationError(.badArguments, path) }
        return version
    }

    package func delete(_ path: String, expectedVersion: Int32?) async throws {
        try await multi([.delete(path: path, expectedVersion: expectedVersion)])
    }

    package func get(_ path: String) async throws -> VersionedData? { try await base.get(path) }
    package func children(_ path: String) async throws -> [String] { try await base.children(path) }
    package func exists(_ path: String) async throws -> Bool { try await base.exists(path) }

    package func view(of root: String, depth: Int) async throws -> any SubtreeView {
        try await base.view(of: root, depth: depth)
    }

    package func view(
        of root: String, depth: Int, reducing reduce: @escaping @Sendable ([UInt8]) -> [UInt8]
    ) async throws -> any SubtreeView {
        try await base.view(of: root, depth: depth, reducing: reduce)
    }

    package func registerEphemeral(_ path: String, _ data: [UInt8]) async throws -> any EphemeralRegistration {
        try await base.registerEphemeral(path, data)
    }

    package func leaderLatch(_ path: String, participant: String) async throws -> any LeaderLatchHandle {
        try await base.leaderLatch(path, participant: participant)
    }

    package var sessionEvents: AsyncStream<SessionEvent> { base.sessionEvents }
    package var traffic: CoordinationTraffic { base.traffic }
    package func close() async { await base.close() }
}
