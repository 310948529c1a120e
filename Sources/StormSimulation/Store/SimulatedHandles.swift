import StormCluster

/// A live copy, as old as the newest message that came.
final class SimulatedView: SubtreeView {
    private let store: SimulatedStore
    let number: Int
    private let root: String
    private let depth: Int
    let changes: AsyncStream<Void>
    private let feed: AsyncStream<Void>.Continuation
    private let latest: Confined<SubtreeSnapshot>
    let onChange = Confined<(@Sendable () -> Void)?>(nil)

    init(_ store: SimulatedStore, number: Int, root: String, depth: Int) {
        self.store = store
        self.number = number
        self.root = root
        self.depth = depth
        latest = Confined(SubtreeSnapshot(root: root, nodes: [:]))
        (changes, feed) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func snapshot() -> SubtreeSnapshot { latest.it }

    func take(_ snapshot: SubtreeSnapshot) {
        guard snapshot != latest.it else { return }
        latest.it = snapshot
        feed.yield()
        onChange.it?()
    }

    /// The connection is back: reads everything again.
    func renew() {
        store.ask(.view(number: number, root: root, depth: depth)) { [self] result in
            if case .success(.snapshot(let snapshot)) = result { take(snapshot) }
        }
    }

    func close() {
        store.state.it.views[number] = nil
        store.serverViews.it[number] = nil
        feed.finish()
    }
}

final class SimulatedRegistration: EphemeralRegistration {
    private let store: SimulatedStore
    let number: Int
    let path: String
    private let data: Confined<[UInt8]>
    /// Made in the present session, as far as this client knows.
    private let isMade = Confined(true)

    init(_ store: SimulatedStore, number: Int, path: String, data: [UInt8]) {
        self.store = store
        self.number = number
        self.path = path
        self.data = Confined(data)
    }

    func update(_ data: [UInt8]) async throws {
        self.data.it = data
        _ = try await store.request(.refresh(path: path, data: data))
    }

    /// In contact again. A new session has nothing yet; and what was asked for in an old one may have got lost.
    func renew(isNewSession: Bool) {
        if isNewSession { isMade.it = false }
        if !isMade.it { make() }
    }

    /// As with the real client, missing parents are made.
    private func make() {
        store.ask(.register(path: path, data: data.it)) { [self] result in
            guard case .failure(let error) = result else {
                isMade.it = true
                return
            }
            guard store.state.it.contact == .connected, store.state.it.registrations[number] != nil else { return }
            if error.code == .noNode { return store.makeParents(of: path) { self.make() } }
            if error.isRetriable { make() }
        }
    }

    func close() async {
        store.state.it.registrations[number] = nil
        // A node that cannot be deleted goes with the session.
        _ = try? await store.request(.unregister(path: path))
    }
}

/// Candidacy in an election: the one with the lowest number leads, as far as it knows.
final class SimulatedLatch: LeaderLatchHandle {
    private struct State {
        var node: String?
        var isLeader = false
        var hasReported = false
        var isClosed = false
    }

    private let store: SimulatedStore
    let number: Int
    private let path: String
    private let participant: String
    private let view: SimulatedView
    let events: AsyncStream<Bool>
    private let feed: AsyncStream<Bool>.Continuation
    private let state = Confined(State())

    init(_ store: SimulatedStore, number: Int, path: String, participant: String, view: SimulatedView) {
        self.store = store
        self.number = number
        self.path = path
        self.participant = participant
        self.view = view
        (events, feed) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(2))
        view.onChange.it = { [weak self] in self?.judge() }
    }

    var isLeader: Bool { state.it.isLeader }

    /// The node that stands for the leadership; nil unless this leads for certain, by our own clock.
    var lockPath: String? {
        let silence = store.world.now - store.state.it.lastContact
        return state.it.isLeader && silence < store.timeout ? state.it.node : nil
    }

    func join() {
        guard !state.it.isClosed, state.it.node == nil else { return }
        let operation = CoordinationOperation.create(
            path: NodePath.join(path, "latch-"), data: Array(participant.utf8), mode: .ephemeralSequential)
        store.ask(.write([operation])) { [self] result in
            switch result {
            case .success(.written(let results)):
                if case .created(let node)? = results.first { joined(node) }
                judge()
            case .failure(let error) where error.code == .noNode:
                store.makeParents(of: operation.path) { [self] in join() }
            default:
                // Suspended, or lost: `renew` goes on.
                break
            }
        }
    }

    /// One node is enough: a second one comes of two attempts on the way at once.
    private func joined(_ node: String) {
        guard state.it.node == nil else { return store.ask(.unregister(path: node)) { _ in } }
        state.it.node = node
    }

    func suspended() { set(false) }

    func lost() {
        state.it.node = nil
        set(false)
    }

    /// In contact again: with the old session its node may be there although nobody told us.
    func renew(isNewSession: Bool) {
        if isNewSession { return join() }
        guard state.it.node == nil else { return judge() }
        store.ask(.children(path)) { [self] result in
            switch result {
            case .success(.names(let names)): find(names[...])
            // The whole election was wiped meanwhile.
            case .failure(let error) where error.code == .noNode: join()
            // Suspended, or lost: the next `renew` goes on.
            default: break
            }
        }
    }

    private func find(_ names: ArraySlice<String>) {
        guard let name = names.first else { return join() }
        let node = NodePath.join(path, name)
        store.ask(.get(node)) { [self] result in
            guard case .success(.data(let data)) = result else { return }
            if let data, data.ephemeralOwner == store.session {
                state.it.node = node
                return judge()
            }
            find(names.dropFirst())
        }
    }

    private func judge() {
        let names = view.snapshot().children(of: path)
        if let node = state.it.node, store.state.it.contact == .connected, !names.contains(NodePath.name(of: node)) {
            // Somebody deleted it, perhaps with the whole election.
            state.it.node = nil
            set(false)
            return join()
        }
        let first = names.min { NodePath.sequence(of: $0) < NodePath.sequence(of: $1) }
        let isConnected = store.state.it.contact == .connected
        set(isConnected && state.it.node != nil && first.map { NodePath.join(path, $0) } == state.it.node)
    }

    private func set(_ isLeader: Bool) {
        guard isLeader != state.it.isLeader || !state.it.hasReported else { return }
        state.it.hasReported = true
        state.it.isLeader = isLeader
        feed.yield(isLeader)
    }

    func close() async {
        state.it.isClosed = true
        set(false)
        end()
        store.state.it.latches[number] = nil
        guard let node = state.it.node else { return }
        // A node that cannot be deleted goes with the session.
        _ = try? await store.request(.unregister(path: node))
    }

    func end() {
        view.close()
        feed.finish()
    }
}
