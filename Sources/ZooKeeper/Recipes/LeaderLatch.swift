internal import Logging
import Synchronization

/// What a participant of an election is.
public enum LeadershipState: String, Sendable {
    case follower, leader, closed
}

/// Candidacy in an election: of all participants with a live session the first comer leads.
///
/// Each participant has a sequential ephemeral node (`_c_<mark>-latch-<number>`, as Apache Curator names it) with its id
/// as data; the lowest number leads, and each other participant watches only the node before its own, so that a change
/// wakes one and not all. Before it claims leadership a participant reads its node again and compares the owner with its
/// present session. `isLeader` is never true when somebody else may lead already: it ends with our own lease of the
/// session, by our own clock, whatever the connection says.
public final class LeaderLatch: Sendable {
    /// When leadership is given up in a disconnection.
    public enum StepDown: Sendable {
        /// As soon as the connection is lost.
        case whenSuspended
        /// When our session may have expired; a short disconnection changes nothing.
        case whenLeaseEnds
    }

    private struct OwnNode: Hashable {
        var path: String
        var session: SessionID
    }

    private struct State {
        var own: OwnNode?
        var leadership = LeadershipState.follower
        /// Counts what made a claim that was being checked meanwhile void.
        var interruptions = 0
        var waiter: WatchWaiter?
        var monitor: Task<Void, Never>?
        var isClosed = false
    }

    public let path: String
    public let participant: [UInt8]
    private let client: ZooKeeperClient
    private let stepDown: StepDown
    private let state = Mutex(State())
    private let changes = Broadcast<LeadershipState>(buffered: 2)
    private let loop = RecipeLoop()

    /// Joins the election at `path`, which is made when missing; joins again by itself in each new session.
    public init(
        _ client: ZooKeeperClient, path: String, participant: [UInt8], stepDown: StepDown = .whenLeaseEnds
    ) {
        self.client = client
        self.path = path
        self.participant = participant
        self.stepDown = stepDown
        let events = client.sessionEvents()
        let monitor = Task { [weak self] in
            for await event in events { self?.sessionChanged(event) }
            self?.leave(.closed)
        }
        state.withLock { $0.monitor = monitor }
        loop.start { [weak self] in await self?.step() ?? .end }
    }

    deinit {
        loop.cancel()
        let (monitor, waiter) = state.withLock { ($0.monitor, $0.waiter) }
        monitor?.cancel()
        waiter?.cancel()
        changes.finish()
    }

    /// Whether we lead, for certain, at this moment.
    public var isLeader: Bool { leadingPath != nil }

    /// Our node while we lead for certain, else `nil`. As long as it exists nobody else leads, so a `multi` that checks
    /// it does nothing once our leadership has ended.
    public var leadingPath: String? {
        let (leadership, own) = state.withLock { ($0.leadership, $0.own) }
        guard leadership == .leader, let own, client.sessionID == own.session else { return nil }
        switch stepDown {
        case .whenLeaseEnds: return own.path
        case .whenSuspended: return client.session.state == .suspended ? nil : own.path
        }
    }

    /// The state, beginning with the present one, then every change; a stream of its own for each caller, which keeps the
    /// two newest, so that a loss in between is seen. Ends with `closed`.
    public func events() -> AsyncStream<LeadershipState> {
        state.withLock { changes.subscribe(first: $0.leadership) }
    }

    /// Waits until we lead. Throws `waitTimeout`, or `closed`.
    public func waitUntilLeader(within timeout: Duration) async throws {
        let stream = events()
        let path = path
        try await withDeadline(timeout, ZooKeeperError(.waitTimeout, "waitUntilLeader", path: path)) {
            for await state in stream where state == .leader { return }
            try Task.checkCancellation()
            throw ZooKeeperError(.closed, "waitUntilLeader", path: path)
        }
    }

    /// Ids of all participants, the leader's first. A participant that has just died may still be among them.
    public func participants() async throws -> [[UInt8]] {
        var found: [[UInt8]] = []
        for name in try await Self.candidates(client, path) {
            do {
                found.append(try await client.get(ZNodePath.join(path, name)).data)
            } catch let error as ZooKeeperError where error.code == .noNode {
                continue
            }
        }
        return found
    }

    /// The id of the participant whose turn it is; `nil` when there is none.
    public func currentLeader() async throws -> [UInt8]? { try await Self.currentLeader(client, path: path) }

    /// As the method, for those who do not take part.
    public static func currentLeader(_ client: ZooKeeperClient, path: String) async throws -> [UInt8]? {
        for name in try await candidates(client, path) {
            do {
                return try await client.get(ZNodePath.join(path, name)).data
            } catch let error as ZooKeeperError where error.code == .noNode {
                continue
            }
        }
        return nil
    }

    /// Gives up leadership at once and leaves the election: the node is deleted, for which it waits at most for the
    /// operation timeout.
    public func close() async {
        leave(.closed)
        let old = state.withLock { state in
            let old = state
            state.isClosed = true
            state.own = nil
            state.waiter = nil
            return old
        }
        if old.isClosed { return }
        old.monitor?.cancel()
        loop.cancel()
        old.waiter?.cancel()
        await loop.finished()
        // A step that was under way may have joined once more.
        for own in Set([old.own, state.withLock { $0.own }].compactMap(\.self)) { await removeNode(own) }
        changes.finish()
    }

    // MARK: campaign

    private func step() async -> RecipeLoop.Outcome {
        do {
            return try await campaign()
        } catch let error as ZooKeeperError where error.code == .closed {
            leave(.closed)
            return .end
        } catch let error as ZooKeeperError where error.code == .noNode {
            return .again
        } catch {
            if !Task.isCancelled {
                client.logger.debug(
                    "leader election will be tried again",
                    metadata: [ZooKeeperLogKey.path: "\(path)", ZooKeeperLogKey.error: "\(error)"])
            }
            return .failed
        }
    }

    /// Looks where we stand, and takes one step.
    private func campaign() async throws -> RecipeLoop.Outcome {
        let interruptions = state.withLock { $0.interruptions }
        guard let own = state.withLock({ $0.own }), own.session == client.session.sessionID else {
            leave(.follower)
            try await join()
            return .again
        }
        let names = try await Self.candidates(client, path)
        guard let position = names.firstIndex(of: ZNodePath.name(of: own.path)) else {
            forget(own)
            return .again
        }
        if position > 0 {
            leave(.follower)
            let predecessor = ZNodePath.join(path, names[position - 1])
            return try await client.existence(predecessor, watch: newWaiter()) == nil ? .again : .rest
        }
        guard let stat = try await client.existence(own.path, watch: newWaiter()),
            stat.ephemeralOwner == own.session, stat.ephemeralOwner == client.sessionID
        else {
            // Gone, or left behind by a session that has ended since.
            leave(.follower)
            try await deleteIfThere(own.path)
            forget(own)
            return .again
        }
        return claim(interruptions) ? .rest : .again
    }

    private func join() async throws {
        if let dead = state.withLock({ $0.own }) {
            state.withLock { $0.own = nil }
            try await deleteIfThere(dead.path)
        }
        let node = ZNodePath.join(path, "latch-")
        let made: CreatedNode
        do {
            made = try await client.createProtected(node, participant, mode: .ephemeralSequential)
        } catch let error as ZooKeeperError where error.code == .noNode {
            try await client.createPath(path)
            made = try await client.createProtected(node, participant, mode: .ephemeralSequential)
        }
        state.withLock { $0.own = OwnNode(path: made.path, session: made.stat.ephemeralOwner) }
    }

    /// Leadership, unless the session was interrupted since the check began.
    private func claim(_ interruptions: Int) -> Bool {
        state.withLock { state in
            guard !state.isClosed, state.interruptions == interruptions else { return false }
            if state.leadership == .follower {
                state.leadership = .leader
                changes.send(.leader)
            }
            return true
        }
    }

    private func leave(_ next: LeadershipState) {
        let isChanged = state.withLock { state in
            guard state.leadership != next, state.leadership != .closed else { return false }
            state.leadership = next
            changes.send(next)
            return true
        }
        if isChanged {
            client.logger.info(
                "leadership: \(next.rawValue)", metadata: [ZooKeeperLogKey.path: "\(path)"])
        }
    }

    private func forget(_ own: OwnNode) {
        leave(.follower)
        state.withLock { if $0.own == own { $0.own = nil } }
    }

    // MARK: session and watches

    private func sessionChanged(_ event: SessionEvent) {
        switch event.state {
        case .connecting: break
        case .connected, .reconnected: loop.wake()
        case .suspended: if stepDown == .whenSuspended { interrupt() }
        case .lost, .closed: interrupt()
        }
    }

    private func interrupt() {
        state.withLock { $0.interruptions += 1 }
        leave(.follower)
    }

    private func newWaiter() -> WatchWaiter {
        let waiter = WatchWaiter { [weak self] outcome in
            // Callback thread: only wakes the loop.
            if outcome != .cancelled { self?.loop.wake() }
        }
        let old = state.withLock { state in
            defer { state.waiter = waiter }
            return state.waiter
        }
        old?.cancel()
        return waiter
    }

    private func removeNode(_ own: OwnNode) async {
        do {
            try await deleteIfThere(own.path)
        } catch {
            client.logger.debug(
                "latch node left to its session",
                metadata: [ZooKeeperLogKey.path: "\(own.path)", ZooKeeperLogKey.error: "\(error)"])
        }
    }

    private func deleteIfThere(_ path: String) async throws {
        do {
            try await client.delete(path)
        } catch let error as ZooKeeperError where error.code == .noNode {
            return
        }
    }

    /// Names of the participants' nodes, in the order of their numbers; empty without an election.
    private static func candidates(_ client: ZooKeeperClient, _ path: String) async throws -> [String] {
        do {
            return try await client.children(path).names
                .compactMap { name in ZNodePath.sequence(of: name).map { (name, $0) } }
                .sorted { $0.1 < $1.1 }
                .map(\.0)
        } catch let error as ZooKeeperError where error.code == .noNode {
            return []
        }
    }
}
