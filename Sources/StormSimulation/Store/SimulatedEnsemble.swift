import StormCluster

/// The coordination store of the simulated cluster: one state, sessions that time out, requests and replies that take
/// time and can get lost. What one client sends arrives in order, and so does what it is sent, as over one TCP connection.
final class SimulatedEnsemble: Sendable {
    struct Session {
        let timeout: Int64
        let client: SimulatedStore
        var lastSeen: Int64
    }

    struct State {
        var tree = InMemoryTree()
        var sessions: [Int64: Session] = [:]
        var nextSession: Int64 = 1
        var clients: [SimulatedStore] = []
        var connectivity = Connectivity()
        /// The whole ensemble is away.
        var isDown = false
        var expirations = 0
    }

    let world: World
    let state = Confined(State())
    let watchers = Confined<[@Sendable (AcceptedWrite, InMemoryTree) -> Void]>([])
    private static let tickNanoseconds: Int64 = 200_000_000

    init(_ world: World) {
        self.world = world
        world.every(Self.tickNanoseconds) { [weak self] in self?.tick() }
    }

    func connect(_ process: SimulatedProcess, sessionTimeoutMilliseconds: Int64) -> SimulatedStore {
        let client = SimulatedStore(self, process, timeout: sessionTimeoutMilliseconds * 1_000_000)
        state.it.clients.append(client)
        return client
    }

    func isOpen(from machine: Int) -> Bool {
        !state.it.isDown && state.it.connectivity.isOpen(from: machine, to: Connectivity.store)
    }

    func isOpen(to machine: Int) -> Bool {
        !state.it.isDown && state.it.connectivity.isOpen(from: Connectivity.store, to: machine)
    }

    // MARK: Sessions

    func openSession(_ client: SimulatedStore) -> Int64 {
        let number = state.it.nextSession
        state.it.nextSession += 1
        state.it.sessions[number] = Session(timeout: client.timeout, client: client, lastSeen: world.now)
        return number
    }

    func isAlive(_ session: Int64) -> Bool { state.it.sessions[session] != nil }

    /// Ends a session as its timeout does.
    func expire(_ session: Int64, _ why: String) {
        guard let ended = state.it.sessions.removeValue(forKey: session) else { return }
        state.it.expirations += 1
        world.note("store: session \(session) of \(ended.client.process.name) ends: \(why)")
        tell(state.it.tree.removeEphemerals(of: session))
    }

    /// Forgets everything.
    /// - Parameter keepsSessions: as when somebody deletes every znode, the deepest first; otherwise as when all servers lose
    ///   their data, and with it their sessions.
    func wipe(keepsSessions: Bool) {
        world.note("store: wiped, \(keepsSessions ? "node by node" : "with all sessions")")
        guard keepsSessions else {
            for session in state.it.sessions.keys.sorted() { expire(session, "wiped") }
            let known = Set(state.it.tree.nodes.keys)
            state.it.tree = InMemoryTree()
            return tell(known)
        }
        let paths = state.it.tree.nodes.keys.filter { $0 != "/" }.sorted {
            (NodePath.ancestors(of: $1).count, $0) < (NodePath.ancestors(of: $0).count, $1)
        }
        for path in paths {
            // Nothing is below it any more, and nobody else writes meanwhile.
            guard let deleted = try? state.it.tree.apply([.delete(path: path, expectedVersion: nil)], session: 0) else {
                continue
            }
            tell(deleted.changed)
        }
    }

    private func tick() {
        state.it.clients.removeAll { $0.isGone }
        for client in state.it.clients where client.process.isRunning {
            let machine = client.process.machine
            let isHeard = isOpen(from: machine)
            if isHeard, let session = client.session { state.it.sessions[session]?.lastSeen = world.now }
            let hears = isHeard && isOpen(to: machine)
            world.after(0, in: client.process) { client.tick(isInContact: hears) }
        }
        guard !state.it.isDown else {
            // A quorum counts the time of its sessions; while there is none, none of them ages.
            for session in state.it.sessions.keys { state.it.sessions[session]?.lastSeen += Self.tickNanoseconds }
            return
        }
        for (number, session) in state.it.sessions.sorted(by: { $0.key < $1.key })
        where world.now - session.lastSeen > session.timeout { expire(number, "timeout") }
    }

    // MARK: Requests

    /// Carries out what has arrived from a client.
    func handle(_ call: StoreCall, of client: SimulatedStore, session: Int64) -> Result<StoreReply, CoordinationError> {
        guard isAlive(session) else { return .failure(CoordinationError(.sessionLost, call.path)) }
        do {
            let reply = try apply(call, client, session)
            if call.isWrite { world.note("store: \(client.process.name) \(call.name) \(call.path)") }
            return .success(reply)
        } catch let error as CoordinationError {
            if call.isWrite { world.note("store: \(client.process.name) \(call.name) \(call.path): \(error.code)") }
            return .failure(error)
        } catch {
            return .failure(CoordinationError(.badArguments, call.path, detail: "\(error)"))
        }
    }

    private func apply(_ call: StoreCall, _ client: SimulatedStore, _ session: Int64) throws -> StoreReply {
        let tree = state.it.tree
        switch call {
        case .get(let path): return .data(tree.nodes[path]?.versioned)
        case .exists(let path): return .isThere(tree.nodes[path] != nil)
        case .children(let path):
            guard let node = tree.nodes[path] else { throw CoordinationError(.noNode, path) }
            return .names(node.children.sorted())
        case .write(let operations): return .written(try write(operations, client, session))
        case .view(_, let root, let depth): return .snapshot(tree.snapshot(of: root, depth: depth))
        case .register(let path, let data):
            let create = CoordinationOperation.create(path: path, data: data, mode: .ephemeral)
            let isThere = tree.nodes[path] != nil
            _ = try write(
                isThere ? [.delete(path: path, expectedVersion: nil), create] : [create], client, session)
            return .done
        case .refresh(let path, let data):
            if let node = tree.nodes[path], node.owner != session { throw CoordinationError(.noNode, path) }
            _ = try write([.set(path: path, data: data, expectedVersion: nil)], client, session)
            return .done
        case .unregister(let path):
            guard tree.nodes[path]?.owner == session else { return .done }
            _ = try write([.delete(path: path, expectedVersion: nil)], client, session)
            return .done
        case .closeSession:
            expire(session, "closed")
            return .done
        }
    }

    private func write(
        _ operations: [CoordinationOperation], _ client: SimulatedStore, _ session: Int64
    ) throws -> [CoordinationResult] {
        let before = state.it.tree
        let (results, changed) = try state.it.tree.apply(operations, session: session)
        let accepted = AcceptedWrite(process: client.process, session: session, operations: operations)
        for watcher in watchers.it { watcher(accepted, before) }
        tell(changed)
        return results
    }

    /// Sends new copies to whoever has a view of what changed.
    private func tell(_ changed: Set<String>) {
        guard !changed.isEmpty else { return }
        for client in state.it.clients where !client.isGone {
            for (number, view) in client.serverViews.it.sorted(by: { $0.key < $1.key })
            where changed.contains(where: view.covers) {
                let snapshot = state.it.tree.snapshot(of: view.root, depth: view.depth)
                client.send { client.changed(number, snapshot) }
            }
        }
    }
}
