/// A client of `InMemoryCoordinationServer`.
package final class InMemoryCoordinationStore: CoordinationStore {
    private let server: InMemoryCoordinationServer
    private let client: Int
    package let sessionEvents: AsyncStream<SessionEvent>

    init(server: InMemoryCoordinationServer, client: Int, sessionEvents: AsyncStream<SessionEvent>) {
        self.server = server
        self.client = client
        self.sessionEvents = sessionEvents
    }

    deinit { server.withState { [client] in $0.close(client) } }

    @discardableResult
    package func create(_ path: String, _ data: [UInt8], mode: NodeMode) async throws -> String {
        let results = try write(.create, [.create(path: path, data: data, mode: mode)])
        guard case .created(let actual)? = results.first else { throw CoordinationError(.badArguments, path) }
        return actual
    }

    package func get(_ path: String) async throws -> VersionedData? {
        try read(.get, path) { $0.nodes[path]?.versioned }
    }

    @discardableResult
    package func set(_ path: String, _ data: [UInt8], expectedVersion: Int32?) async throws -> Int32 {
        let results = try write(.set, [.set(path: path, data: data, expectedVersion: expectedVersion)])
        guard case .set(let version)? = results.first else { throw CoordinationError(.badArguments, path) }
        return version
    }

    package func delete(_ path: String, expectedVersion: Int32?) async throws {
        _ = try write(.delete, [.delete(path: path, expectedVersion: expectedVersion)])
    }

    package func children(_ path: String) async throws -> [String] {
        try read(.children, path) { tree in
            guard let node = tree.nodes[path] else { throw CoordinationError(.noNode, path) }
            return node.children.sorted()
        }
    }

    package func exists(_ path: String) async throws -> Bool {
        try read(.exists, path) { $0.nodes[path] != nil }
    }

    @discardableResult
    package func multi(_ operations: [CoordinationOperation]) async throws -> [CoordinationResult] {
        operations.isEmpty ? [] : try write(.multi, operations)
    }

    package func view(of root: String, depth: Int) async throws -> any SubtreeView {
        let (changes, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let number = try server.withState { [client] in
            try $0.openView(client, root: root, depth: depth, continuation)
        }
        return InMemoryView(server: server, client: client, number: number, root: root, changes: changes)
    }

    package func registerEphemeral(_ path: String, _ data: [UInt8]) async throws -> any EphemeralRegistration {
        try await createParents(of: path)
        let number = try server.withState { [client] in try $0.register(client, path, data) }
        return InMemoryRegistration(server: server, client: client, number: number, path: path)
    }

    package func leaderLatch(_ path: String, participant: String) async throws -> any LeaderLatchHandle {
        try await createDirectory(path)
        let (events, continuation) = AsyncStream.makeStream(of: Bool.self, bufferingPolicy: .bufferingNewest(2))
        let number = try server.withState { [client] in
            try $0.openLatch(client, path, participant, continuation)
        }
        return InMemoryLatch(server: server, client: client, number: number, events: events)
    }

    package func close() async { server.withState { [client] in $0.close(client) } }

    private func write(
        _ kind: CoordinationCall.Kind, _ operations: [CoordinationOperation]
    ) throws -> [CoordinationResult] {
        let call = CoordinationCall(kind: kind, path: operations[0].path)
        return try server.withState { [client] in try $0.write(client, call, operations) }
    }

    private func read<R: Sendable>(
        _ kind: CoordinationCall.Kind, _ path: String, _ body: @Sendable (InMemoryTree) throws -> R
    ) throws -> R {
        try server.withState { [client] in try $0.read(client, CoordinationCall(kind: kind, path: path), body) }
    }
}

/// What can go wrong, for tests and simulation.
extension InMemoryCoordinationStore {
    /// The session ends; ephemeral nodes vanish. Connected clients get a new session at once, others on `reconnect()`.
    package func expireSession() { server.withState { [client] in $0.expire(client) } }

    /// As for a process that was paused for longer than its session: the session ends, its ephemeral nodes vanish and
    /// others take over, but this client notices nothing until the next change of what it follows.
    package func expireSessionUnnoticed() { server.withState { [client] in $0.expireUnnoticed(client) } }

    /// The same, just before the next matching call, which then goes on in the new session.
    package func expireSessionUnnoticed(before matches: @escaping @Sendable (CoordinationCall) -> Bool) {
        server.withState { [client] in $0.addFault(client, InjectedFault(.expireSession, matches: matches)) }
    }

    /// Calls fail with `unavailable`, views stand still, leadership is given up; the session lives.
    package func disconnect() { server.withState { [client] in $0.suspend(client) } }

    package func reconnect() { server.withState { [client] in $0.resume(client) } }

    /// The next matching call fails before it does anything. Faults queue up.
    package func failNext(
        _ code: CoordinationError.Code = .unavailable,
        where matches: @escaping @Sendable (CoordinationCall) -> Bool = { _ in true }
    ) {
        server.withState { [client] in $0.addFault(client, InjectedFault(.fail(code), matches: matches)) }
    }

    /// The next matching call works but looks as if it had failed.
    package func loseNextReply(where matches: @escaping @Sendable (CoordinationCall) -> Bool = { $0.isWrite }) {
        server.withState { [client] in $0.addFault(client, InjectedFault(.loseReply, matches: matches)) }
    }

    /// `writes` more writes work, then every write fails with `closed`, as if the process had died there.
    package func crashAfterWrites(_ writes: Int) {
        server.withState { [client] in $0.crashAfterWrites(client, writes) }
    }

    /// Writes that took effect so far; a `multi` is one.
    package var writesDone: Int { server.withState { [client] in $0.clients[client]?.writesDone ?? 0 } }
}
