import StormCluster

/// A client of the simulated ensemble, with a session, as one process has it.
///
/// It knows only what has reached it: requests fail when the connection goes, and whether a write took effect is then
/// unknown; the session is lost by the ensemble's word or by this client's own clock.
final class SimulatedStore: CoordinationStore {
    enum Contact: Equatable {
        case connected, suspended, closed
    }

    struct ServerView {
        let root: String
        let depth: Int

        func covers(_ path: String) -> Bool { NodePath.depth(of: path, below: root).map { $0 <= depth } ?? false }
    }

    struct State {
        var contact = Contact.suspended
        var hasConnected = false
        var session: Int64?
        var lastContact: Int64
        var pending: [Int: @Sendable (Result<StoreReply, CoordinationError>) -> Void] = [:]
        var pendingWrites: Set<Int> = []
        var nextNumber = 1
        /// When the newest message under way arrives, there and here.
        var lastThere: Int64 = 0
        var lastHere: Int64 = 0
        /// Connections: what belongs to an older one is lost.
        var connection = 0
        /// A message of this connection got lost, and with it all later ones; the client has not noticed yet.
        var isBroken = false
        var views: [Int: SimulatedView] = [:]
        var registrations: [Int: SimulatedRegistration] = [:]
        var latches: [Int: SimulatedLatch] = [:]
        var isConnecting = false
    }

    let ensemble: SimulatedEnsemble
    let process: SimulatedProcess
    let timeout: Int64
    let sessionEvents: AsyncStream<SessionEvent>
    private let events: AsyncStream<SessionEvent>.Continuation
    let state: Confined<State>
    /// What the ensemble knows of this client's views.
    let serverViews = Confined<[Int: ServerView]>([:])
    var world: World { ensemble.world }

    init(_ ensemble: SimulatedEnsemble, _ process: SimulatedProcess, timeout: Int64) {
        self.ensemble = ensemble
        self.process = process
        self.timeout = timeout
        state = Confined(State(lastContact: ensemble.world.now))
        (sessionEvents, events) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(16))
        ensemble.world.after(0, in: process) { self.tick(isInContact: ensemble.isOpen(from: process.machine)) }
    }

    var session: Int64? { state.it.session }
    /// Nobody will hear of it again.
    var isGone: Bool { !process.isAlive || state.it.contact == .closed }

    // MARK: The connection

    /// The client's own look at its connection, a few times a second.
    func tick(isInContact: Bool) {
        guard state.it.contact != .closed else { return }
        let wasSilent = world.now - state.it.lastContact
        if state.it.contact == .connected, wasSilent > timeout / 3 || state.it.isBroken { suspend() }
        if wasSilent > timeout, state.it.session != nil { lose() }
        guard isInContact else { return }
        if state.it.contact == .connected {
            state.it.lastContact = world.now
        } else if !state.it.isConnecting {
            reconnect()
        }
    }

    private func suspend() {
        world.note("\(process.name): store suspended")
        state.it.contact = .suspended
        state.it.connection += 1
        serverViews.it = [:]
        events.yield(.suspended)
        for latch in sorted(state.it.latches) { latch.suspended() }
        let (pending, writes) = (state.it.pending, state.it.pendingWrites)
        state.it.pending = [:]
        state.it.pendingWrites = []
        for (number, answer) in pending.sorted(by: { $0.key < $1.key }) {
            answer(.failure(CoordinationError(.unavailable, "", mayHaveHappened: writes.contains(number))))
        }
    }

    /// The session is gone, by the ensemble's word or our own clock.
    private func lose() {
        world.note("\(process.name): session lost")
        if state.it.contact == .connected { suspend() }
        state.it.session = nil
        events.yield(.lost)
        for latch in sorted(state.it.latches) { latch.lost() }
    }

    private func reconnect() {
        state.it.isConnecting = true
        let asked = state.it.session
        // A hello and its answer.
        world.after(world.random(1_000_000...20_000_000)) { [self] in
            guard process.isAlive else { return }
            let isOpen = ensemble.isOpen(from: process.machine) && ensemble.isOpen(to: process.machine)
            let known = asked.map { ensemble.isAlive($0) ? $0 : -1 }
            let given = isOpen ? known ?? ensemble.openSession(self) : nil
            world.after(world.random(500_000...5_000_000), in: process) { [self] in connected(given) }
        }
    }

    private func connected(_ given: Int64?) {
        state.it.isConnecting = false
        guard let given, state.it.contact == .suspended else { return }
        if given == -1 {
            if state.it.session != nil { lose() }
            return reconnect()
        }
        // Our own clock may have given the session up meanwhile.
        if let session = state.it.session, session != given { return }
        let isNew = state.it.session == nil
        state.it.session = given
        state.it.contact = .connected
        state.it.isBroken = false
        state.it.lastContact = world.now
        state.it.connection += 1
        world.note("\(process.name): session \(given) \(isNew ? "opened" : "kept")")
        for registration in sorted(state.it.registrations) { registration.renew(isNewSession: isNew) }
        for view in sorted(state.it.views) { view.renew() }
        for latch in sorted(state.it.latches) { latch.renew(isNewSession: isNew) }
        events.yield(state.it.hasConnected ? .reconnected : .connected)
        state.it.hasConnected = true
    }

    private func sorted<T>(_ all: [Int: T]) -> [T] { all.sorted { $0.key < $1.key }.map(\.value) }

    func takeNumber() -> Int {
        state.it.nextNumber += 1
        return state.it.nextNumber
    }

    // MARK: Requests

    /// Sends a request; `answer` is called once, in the process.
    func ask(_ call: StoreCall, _ answer: @escaping @Sendable (Result<StoreReply, CoordinationError>) -> Void) {
        guard state.it.contact == .connected, let session = state.it.session else {
            let code: CoordinationError.Code = state.it.contact == .closed ? .closed : .unavailable
            world.after(0, in: process) { answer(.failure(CoordinationError(code, call.path))) }
            return
        }
        let number = takeNumber()
        state.it.pending[number] = answer
        if call.isWrite { state.it.pendingWrites.insert(number) }
        let connection = state.it.connection
        state.it.lastThere = max(state.it.lastThere, world.now + world.random(100_000...3_000_000))
        world.after(state.it.lastThere - world.now) { [self] in
            guard arrives(connection, ensemble.isOpen(from: process.machine)) else { return }
            if case .view(let view, let root, let depth) = call, ensemble.isAlive(session) {
                serverViews.it[view] = ServerView(root: root, depth: depth)
            }
            let result = ensemble.handle(call, of: self, session: session)
            send { self.answered(number, connection, result) }
        }
    }

    /// Makes the nodes above a path that are missing, the highest first, then calls back; not at all when that fails, as it
    /// does when the connection goes.
    func makeParents(of path: String, _ then: @escaping @Sendable () -> Void) {
        makeMissing(NodePath.ancestors(of: path)[...], then)
    }

    private func makeMissing(_ paths: ArraySlice<String>, _ then: @escaping @Sendable () -> Void) {
        guard let path = paths.first else { return then() }
        ask(.write([.create(path: path, data: [], mode: .persistent)])) { [self] result in
            if case .failure(let error) = result, error.code != .nodeExists { return }
            makeMissing(paths.dropFirst(), then)
        }
    }

    /// From the ensemble to the process, in order.
    func send(_ body: @escaping @Sendable () -> Void) {
        state.it.lastHere = max(state.it.lastHere, world.now + world.random(100_000...3_000_000))
        let connection = state.it.connection
        world.after(state.it.lastHere - world.now) { [self] in
            guard arrives(connection, ensemble.isOpen(to: process.machine)) else { return }
            world.after(0, in: process) { [self] in if state.it.connection == connection { body() } }
        }
    }

    /// Whether a message of a connection gets through. One that does not breaks the connection.
    private func arrives(_ connection: Int, _ isOpen: Bool) -> Bool {
        guard state.it.connection == connection, !state.it.isBroken else { return false }
        if !isOpen { state.it.isBroken = true }
        return isOpen
    }

    private func answered(_ number: Int, _ connection: Int, _ result: Result<StoreReply, CoordinationError>) {
        guard state.it.connection == connection, let answer = state.it.pending.removeValue(forKey: number) else {
            return
        }
        state.it.pendingWrites.remove(number)
        if case .failure(let error) = result, error.code == .sessionLost {
            lose()
            reconnect()
        }
        answer(result)
    }

    func changed(_ view: Int, _ snapshot: SubtreeSnapshot) { state.it.views[view]?.take(snapshot) }

    func request(_ call: StoreCall) async throws -> StoreReply {
        try NodePath.validate(call.path)
        // Unchecked: what waits here when its process is killed is never resumed.
        return try await withUnsafeThrowingContinuation { continuation in
            ask(call) { result in continuation.resume(with: result.mapError { $0 as any Error }) }
        }
    }

    // MARK: CoordinationStore

    @discardableResult
    func create(_ path: String, _ data: [UInt8], mode: NodeMode) async throws -> String {
        let results = try await multi([.create(path: path, data: data, mode: mode)])
        guard case .created(let actual)? = results.first else { throw CoordinationError(.badArguments, path) }
        return actual
    }

    func get(_ path: String) async throws -> VersionedData? {
        guard case .data(let data) = try await request(.get(path)) else { return nil }
        return data
    }

    @discardableResult
    func set(_ path: String, _ data: [UInt8], expectedVersion: Int32?) async throws -> Int32 {
        let results = try await multi([.set(path: path, data: data, expectedVersion: expectedVersion)])
        guard case .set(let version)? = results.first else { throw CoordinationError(.badArguments, path) }
        return version
    }

    func delete(_ path: String, expectedVersion: Int32?) async throws {
        _ = try await multi([.delete(path: path, expectedVersion: expectedVersion)])
    }

    func children(_ path: String) async throws -> [String] {
        guard case .names(let names) = try await request(.children(path)) else { return [] }
        return names
    }

    func exists(_ path: String) async throws -> Bool {
        guard case .isThere(let isThere) = try await request(.exists(path)) else { return false }
        return isThere
    }

    @discardableResult
    func multi(_ operations: [CoordinationOperation]) async throws -> [CoordinationResult] {
        guard !operations.isEmpty else { return [] }
        guard case .written(let results) = try await request(.write(operations)) else { return [] }
        return results
    }

    func view(of root: String, depth: Int) async throws -> any SubtreeView {
        let view = SimulatedView(self, number: takeNumber(), root: root, depth: depth)
        state.it.views[view.number] = view
        do {
            guard case .snapshot(let first) = try await request(.view(number: view.number, root: root, depth: depth))
            else { throw CoordinationError(.badArguments, root) }
            view.take(first)
            return view
        } catch {
            view.close()
            throw error
        }
    }

    func registerEphemeral(_ path: String, _ data: [UInt8]) async throws -> any EphemeralRegistration {
        try await createParents(of: path)
        _ = try await request(.register(path: path, data: data))
        let registration = SimulatedRegistration(self, number: takeNumber(), path: path, data: data)
        state.it.registrations[registration.number] = registration
        return registration
    }

    func leaderLatch(_ path: String, participant: String) async throws -> any LeaderLatchHandle {
        try await createDirectory(path)
        guard let view = try await self.view(of: path, depth: 1) as? SimulatedView else {
            throw CoordinationError(.badArguments, path)
        }
        let latch = SimulatedLatch(self, number: takeNumber(), path: path, participant: participant, view: view)
        state.it.latches[latch.number] = latch
        latch.join()
        return latch
    }

    func close() async {
        if state.it.contact == .connected {
            // A session that cannot be closed times out.
            _ = try? await request(.closeSession)
        }
        if state.it.contact == .connected { suspend() }
        state.it.contact = .closed
        for view in sorted(state.it.views) { view.close() }
        for latch in sorted(state.it.latches) { latch.end() }
        state.it.latches = [:]
        state.it.registrations = [:]
        events.finish()
    }
}
