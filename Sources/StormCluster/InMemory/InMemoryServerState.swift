/// The whole in-memory store: tree, sessions and what clients wait for. All work is done by the caller under the
/// server's lock; continuations are yielded to in there, which is safe because yielding never runs a consumer.
struct InMemoryServerState: Sendable {
    private(set) var tree = InMemoryTree()
    private(set) var clients: [Int: InMemoryClientState] = [:]
    private var nextSession: Int64 = 1
    private var nextNumber = 1

    /// Clients are visited in the order they connected, so that a run can be repeated.
    private var clientNumbers: [Int] { clients.keys.sorted() }

    private mutating func takeNumber() -> Int {
        defer { nextNumber += 1 }
        return nextNumber
    }

    private mutating func openSession() -> Int64 {
        defer { nextSession += 1 }
        return nextSession
    }

    // MARK: clients

    mutating func connect(_ events: AsyncStream<SessionEvent>.Continuation) -> Int {
        let number = takeNumber()
        clients[number] = InMemoryClientState(session: openSession(), events: events)
        events.yield(.connected)
        return number
    }

    mutating func close(_ client: Int) {
        guard let state = clients[client], state.connection != .closed else { return }
        clients[client]!.connection = .closed
        state.events.finish()
        for latch in state.latches.values { latch.events.finish() }
        clients[client]!.closeViews()
        clients[client]!.registrations = [:]
        clients[client]!.latches = [:]
        propagate(tree.removeEphemerals(of: state.session))
    }

    // MARK: calls

    /// Applies operations for a client, with its faults.
    mutating func write(
        _ client: Int, _ call: CoordinationCall, _ operations: [CoordinationOperation]
    ) throws -> [CoordinationResult] {
        let loseReply = try admit(client, call)
        let (results, changed) = try tree.apply(operations, session: clients[client]!.session)
        clients[client]!.writesDone += 1
        propagate(changed)
        if loseReply { throw CoordinationError(.unavailable, call.path, detail: "reply lost", mayHaveHappened: true) }
        return results
    }

    mutating func read<R>(_ client: Int, _ call: CoordinationCall, _ body: (InMemoryTree) throws -> R) throws -> R {
        try NodePath.validate(call.path)
        if try admit(client, call) { throw CoordinationError(.unavailable, call.path, detail: "reply lost") }
        return try body(tree)
    }

    /// - Returns: whether the reply is to be lost.
    private mutating func admit(_ client: Int, _ call: CoordinationCall) throws -> Bool {
        guard let state = clients[client], state.connection != .closed else {
            throw CoordinationError(.closed, call.path)
        }
        if call.isWrite, let limit = state.writesUntilCrash, state.writesDone >= limit {
            throw CoordinationError(.closed, call.path, detail: "injected crash")
        }
        guard state.connection == .connected else { throw CoordinationError(.unavailable, call.path) }
        guard let index = state.faults.firstIndex(where: { $0.matches(call) }) else { return false }
        switch clients[client]!.faults.remove(at: index).effect {
        case .fail(let code): throw CoordinationError(code, call.path, detail: "injected fault")
        case .loseReply: return true
        case .expireSession:
            expireUnnoticed(client)
            return false
        }
    }

    // MARK: views

    mutating func openView(
        _ client: Int, root: String, depth: Int, _ changes: AsyncStream<Void>.Continuation
    ) throws -> Int {
        let snapshot = try read(client, CoordinationCall(kind: .view, path: root)) {
            $0.snapshot(of: root, depth: depth)
        }
        let number = takeNumber()
        clients[client]!.open(.init(root: root, depth: depth, snapshot: snapshot, changes: changes), number)
        return number
    }

    func viewSnapshot(_ client: Int, _ view: Int) -> SubtreeSnapshot? { clients[client]?.views[view]?.snapshot }

    mutating func closeView(_ client: Int, _ view: Int) {
        clients[client]?.closeView(view)
    }

    // MARK: registrations

    mutating func register(_ client: Int, _ path: String, _ data: [UInt8]) throws -> Int {
        let call = CoordinationCall(kind: .register, path: path)
        _ = try write(client, call, replaceOperations(client, path, data))
        let number = takeNumber()
        clients[client]!.registrations[number] = .init(path: path, data: data)
        return number
    }

    private func replaceOperations(_ client: Int, _ path: String, _ data: [UInt8]) -> [CoordinationOperation] {
        let create = CoordinationOperation.create(path: path, data: data, mode: .ephemeral)
        return tree.nodes[path] == nil ? [create] : [.delete(path: path, expectedVersion: nil), create]
    }

    mutating func updateRegistration(_ client: Int, _ number: Int, _ data: [UInt8]) throws {
        guard let path = clients[client]?.registrations[number]?.path else {
            throw CoordinationError(.closed, "", detail: "the registration was closed")
        }
        clients[client]!.registrations[number]!.data = data
        let call = CoordinationCall(kind: .set, path: path)
        if let node = tree.nodes[path], node.owner != clients[client]!.session {
            throw CoordinationError(.noNode, path, detail: "the node belongs to another session")
        }
        _ = try write(client, call, [.set(path: path, data: data, expectedVersion: nil)])
    }

    mutating func closeRegistration(_ client: Int, _ number: Int) {
        guard let state = clients[client], let registration = state.registrations[number] else { return }
        clients[client]!.registrations[number] = nil
        guard state.connection == .connected, tree.nodes[registration.path]?.owner == state.session else { return }
        applyForServer([.delete(path: registration.path, expectedVersion: nil)], session: state.session)
    }

    // MARK: latches

    mutating func openLatch(
        _ client: Int, _ path: String, _ participant: String, _ events: AsyncStream<Bool>.Continuation
    ) throws -> Int {
        let node = NodePath.join(path, "latch-")
        let operation = CoordinationOperation.create(
            path: node, data: Array(participant.utf8), mode: .ephemeralSequential)
        let results = try write(client, CoordinationCall(kind: .latch, path: path), [operation])
        guard case .created(let created)? = results.first else { throw CoordinationError(.badArguments, path) }
        let number = takeNumber()
        clients[client]!.latches[number] = .init(path: path, participant: participant, node: created, events: events)
        if !elect(client, number) { events.yield(false) }
        return number
    }

    func lockPath(_ client: Int, _ latch: Int) -> String? {
        guard let latch = clients[client]?.latches[latch], latch.isLeader else { return nil }
        return latch.node
    }

    mutating func closeLatch(_ client: Int, _ number: Int) {
        guard let state = clients[client], let latch = clients[client]!.latches.removeValue(forKey: number) else {
            return
        }
        if latch.isLeader { latch.events.yield(false) }
        latch.events.finish()
        guard let node = latch.node, state.connection == .connected else { return }
        applyForServer([.delete(path: node, expectedVersion: nil)], session: state.session)
    }

    /// - Returns: whether the leadership changed (and was reported).
    @discardableResult
    private mutating func elect(_ client: Int, _ number: Int) -> Bool {
        rejoinIfDeleted(client, number)
        guard let state = clients[client], let latch = state.latches[number] else { return false }
        let rivals = tree.nodes[latch.path]?.children ?? []
        let first = rivals.min { NodePath.sequence(of: $0) < NodePath.sequence(of: $1) }
        let leads =
            state.connection == .connected && latch.node != nil
            && first.map { NodePath.join(latch.path, $0) } == latch.node
        guard leads != latch.isLeader else { return false }
        clients[client]!.latches[number]!.isLeader = leads
        latch.events.yield(leads)
        return true
    }

    // MARK: faults

    mutating func addFault(_ client: Int, _ fault: InjectedFault) { clients[client]?.faults.append(fault) }

    mutating func crashAfterWrites(_ client: Int, _ writes: Int) {
        let done = clients[client]?.writesDone ?? 0
        clients[client]?.writesUntilCrash = done + writes
    }

    mutating func suspend(_ client: Int) {
        guard clients[client]?.connection == .connected else { return }
        clients[client]!.connection = .suspended
        clients[client]!.events.yield(.suspended)
        for number in clients[client]!.latches.keys.sorted() { elect(client, number) }
    }

    mutating func resume(_ client: Int) {
        guard clients[client]?.connection == .suspended else { return }
        clients[client]!.connection = .connected
        renewSession(client)
    }

    /// Ends the session on the server's side, as its timeout does; the client learns it now (its own clock says so).
    mutating func expire(_ client: Int) {
        guard let state = clients[client], state.connection != .closed, state.session != 0 else { return }
        clients[client]!.session = 0
        for number in state.latches.keys.sorted() {
            clients[client]!.latches[number]!.node = nil
            elect(client, number)
        }
        state.events.yield(.lost)
        propagate(tree.removeEphemerals(of: state.session))
        if state.connection == .connected { renewSession(client) }
    }

    /// The session ends on the server's side while the client is paused, and it has a new one before it notices: the
    /// worst case for a leader, which still believes in its old leadership and can write.
    mutating func expireUnnoticed(_ client: Int) {
        guard let state = clients[client], state.connection == .connected, state.session != 0 else { return }
        clients[client]!.session = openSession()
        propagate(tree.removeEphemerals(of: state.session), except: client)
    }

    /// Back in contact: opens a session when there is none, puts ephemeral nodes and candidacies back, refreshes views.
    private mutating func renewSession(_ client: Int) {
        if clients[client]!.session == 0 {
            let session = openSession()
            clients[client]!.session = session
            for (_, registration) in clients[client]!.registrations.sorted(by: { $0.key < $1.key }) {
                applyForServer(replaceOperations(client, registration.path, registration.data), session: session)
            }
            for number in clients[client]!.latches.keys.sorted() { rejoin(client, number, session) }
        }
        for number in clients[client]!.latches.keys.sorted() { elect(client, number) }
        for number in clients[client]!.views.keys { refresh(client, number) }
        clients[client]!.events.yield(.reconnected)
    }

    /// Somebody deleted our node, perhaps with the whole election: leadership ends, and we join again.
    private mutating func rejoinIfDeleted(_ client: Int, _ number: Int) {
        guard let state = clients[client], state.connection == .connected, state.session != 0,
            let latch = state.latches[number], let node = latch.node, tree.nodes[node] == nil
        else { return }
        clients[client]!.latches[number]!.node = nil
        if latch.isLeader {
            clients[client]!.latches[number]!.isLeader = false
            latch.events.yield(false)
        }
        rejoin(client, number, state.session)
    }

    private mutating func rejoin(_ client: Int, _ number: Int, _ session: Int64) {
        let latch = clients[client]!.latches[number]!
        for directory in NodePath.ancestors(of: latch.path) + [latch.path] where tree.nodes[directory] == nil {
            applyForServer([.create(path: directory, data: [], mode: .persistent)], session: session)
        }
        // Making the directory may have let another call of this join already.
        guard clients[client]!.latches[number]!.node == nil else { return }
        let operation = CoordinationOperation.create(
            path: NodePath.join(latch.path, "latch-"), data: Array(latch.participant.utf8), mode: .ephemeralSequential)
        guard case .created(let node)? = applyForServer([operation], session: session).first else { return }
        clients[client]!.latches[number]!.node = node
    }

    /// Somebody deletes everything; sessions live on. Deepest nodes first, as ZooKeeper's `deleteall` does it.
    mutating func wipe() {
        let paths = tree.nodes.keys.filter { $0 != "/" }.map { ($0, NodePath.ancestors(of: $0).count) }
            .sorted { ($1.1, $0.0) < ($0.1, $1.0) }.map(\.0)
        for path in paths where tree.nodes[path] != nil {
            applyForServer([.delete(path: path, expectedVersion: nil)], session: 0)
        }
    }

    // MARK: consequences

    /// Work the client's library does by itself, outside any call.
    @discardableResult
    private mutating func applyForServer(_ operations: [CoordinationOperation], session: Int64) -> [CoordinationResult]
    {
        // A failure (the parent is gone) leaves things as they are, as documented for registrations.
        guard let (results, changed) = try? tree.apply(operations, session: session) else { return [] }
        propagate(changed)
        return results
    }

    private mutating func propagate(_ changed: Set<String>, except unaware: Int? = nil) {
        if changed.isEmpty { return }
        let parents = Set(changed.map(NodePath.parent(of:)))
        for client in clientNumbers where clients[client]!.connection == .connected && client != unaware {
            for number in clients[client]!.viewsCovering(changed) { refresh(client, number) }
            for (number, latch) in clients[client]!.latches.sorted(by: { $0.key < $1.key })
            where parents.contains(latch.path) { elect(client, number) }
        }
    }

    private mutating func refresh(_ client: Int, _ number: Int) {
        guard let view = clients[client]?.views[number] else { return }
        let snapshot = tree.snapshot(of: view.root, depth: view.depth)
        guard snapshot != view.snapshot else { return }
        clients[client]!.setSnapshot(number, snapshot)
        view.changes.yield()
    }
}
