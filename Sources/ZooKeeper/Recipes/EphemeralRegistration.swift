internal import Logging
import Synchronization

/// An ephemeral node that is kept: made again in each new session, with the newest data.
///
/// A node of our name may be there already. If an earlier session of this client owns it, it is deleted and ours made in
/// its place, in one transaction; what happens with a node of another session is `ForeignNode`'s matter.
public final class EphemeralRegistration: Sendable {
    /// What to do with a node of our name that a session owns that is not this client's.
    public enum ForeignNode: Sendable {
        /// Wait until it goes.
        case wait
        /// Replace it: it is what a dead process of ours left behind. A living one with our name takes it back; then each
        /// leaves it to the other for a growing time, up to a minute, and a warning says so.
        case replace
    }

    /// What is known of the node.
    public struct Status: Hashable, Sendable {
        /// Whether the node is there, in the present session.
        public var isRegistered = false
        /// Whether somebody else deleted it, and it is left so until the next session.
        public var isDeleted = false
        /// Generation of the session it was last made in.
        public var generation = 0
        /// Counts the updates that the node has.
        var revision = 0
        var isClosed = false
    }

    private struct State {
        var data: [UInt8]
        var revision = 1
        var status = Status()
        var waiter: WatchWaiter?
        var contest = NodeContest()
        /// Wakes the loop when a pause of the contest is over.
        var retry: Task<Void, Never>?
        var isClosed = false
    }

    public let path: String
    private let client: ZooKeeperClient
    private let foreignNode: ForeignNode
    private let isMadeAgain: Bool
    private let acl: [AccessControl]
    private let state: Mutex<State>
    private let statuses = Broadcast<Status>(buffered: 8)
    private let loop = RecipeLoop()

    /// Starts keeping the node.
    /// - Parameters:
    ///   - recreatesWhenDeleted: whether the node is made again at once when somebody deletes it; else in the next
    ///     session only.
    public init(
        _ client: ZooKeeperClient, path: String, data: [UInt8], foreignNode: ForeignNode = .wait,
        recreatesWhenDeleted: Bool = true, acl: [AccessControl] = .open
    ) {
        self.client = client
        self.path = path
        self.foreignNode = foreignNode
        self.isMadeAgain = recreatesWhenDeleted
        self.acl = acl
        state = Mutex(State(data: data))
        loop.start { [weak self] in await self?.step() ?? .end }
    }

    deinit {
        loop.cancel()
        let (waiter, retry) = state.withLock { ($0.waiter, $0.retry) }
        waiter?.cancel()
        retry?.cancel()
        statuses.finish()
    }

    public var status: Status { state.withLock { $0.status } }

    /// The status, beginning with the present one; keeps the 8 newest.
    public func statusChanges() -> AsyncStream<Status> {
        state.withLock { statuses.subscribe(first: $0.status) }
    }

    /// Waits until the node is there. Throws `waitTimeout`, or `closed`.
    public func waitUntilRegistered(within timeout: Duration) async throws {
        try await wait("register", timeout) { $0.isRegistered ? .success(()) : nil }
    }

    /// Gives the node other data, now and in later sessions, and waits until it has them. Throws `noNode` when somebody
    /// deleted the node and it is not made again, `waitTimeout` when there was no contact in time; the new data are then
    /// kept for later.
    public func update(_ data: [UInt8]) async throws {
        let revision = state.withLock { state in
            state.data = data
            state.revision += 1
            return state.revision
        }
        loop.wake()
        try await wait("update", client.core.operationTimeout) { [path] status in
            if status.isDeleted { return .failure(ZooKeeperError(.noNode, "update", path: path)) }
            return status.isRegistered && status.revision >= revision ? .success(()) : nil
        }
    }

    /// Deletes the node, if it is ours, and ends. Waits for that at most for the operation timeout, without contact for a
    /// second: then the node is left to its session.
    public func close() async {
        let old = state.withLock { state in
            let old = state
            state.isClosed = true
            state.waiter = nil
            return old
        }
        if old.isClosed { return }
        loop.cancel()
        old.waiter?.cancel()
        await loop.finished()
        state.withLock { $0.retry }?.cancel()
        do {
            let isInContact = [.connected, .reconnected].contains(client.session.state)
            let limit = isInContact ? client.core.operationTimeout : .seconds(1)
            try await withDeadline(limit, ZooKeeperError(.waitTimeout, "delete", path: path)) { [client, path] in
                if let stat = try await client.exists(path), stat.ephemeralOwner == client.session.sessionID {
                    try await client.delete(path)
                }
            }
        } catch {
            client.logger.debug(
                "ephemeral node left to its session",
                metadata: [ZooKeeperLogKey.path: "\(path)", ZooKeeperLogKey.error: "\(error)"])
        }
        publish {
            $0.isRegistered = false
            $0.isClosed = true
        }
        statuses.finish()
    }

    // MARK: keeping

    private func step() async -> RecipeLoop.Outcome {
        do {
            return try await reconcile()
        } catch let error as ZooKeeperError where error.code == .closed {
            publish {
                $0.isRegistered = false
                $0.isClosed = true
            }
            statuses.finish()
            return .end
        } catch let error as ZooKeeperError where error.code == .nodeExists {
            // Somebody was faster: look again.
            return .again
        } catch {
            if !Task.isCancelled {
                client.logger.debug(
                    "ephemeral node will be tried again",
                    metadata: [ZooKeeperLogKey.path: "\(path)", ZooKeeperLogKey.error: "\(error)"])
            }
            return .failed
        }
    }

    /// Compares what is there with what should be, and takes one step towards it.
    private func reconcile() async throws -> RecipeLoop.Outcome {
        let waiter = newWaiter()
        let stat = try await client.existence(path, watch: waiter)
        let session = client.session
        let (data, revision, status) = state.withLock { ($0.data, $0.revision, $0.status) }
        guard let stat else {
            return try await makeMissing(data, revision, status, session)
        }
        if stat.ephemeralOwner == session.sessionID {
            if status.revision != revision || !status.isRegistered { try await client.set(path, data) }
            if !status.isRegistered { state.withLock { $0.contest.made(at: .now) } }
            registered(revision, session.generation)
            return .rest
        }
        let isOurPast = client.earlierSessions.contains(stat.ephemeralOwner)
        guard isOurPast || foreignNode == .replace && !isLeftForNow() else {
            publish { $0.isRegistered = false }
            return .rest
        }
        try await client.multi([
            .delete(path, version: stat.version), .create(path, data, mode: .ephemeral, acl: acl),
        ])
        state.withLock { $0.contest.made(at: .now) }
        client.logger.info(
            "ephemeral node of another session replaced",
            metadata: [ZooKeeperLogKey.path: "\(path)", ZooKeeperLogKey.session: "\(stat.ephemeralOwner)"])
        return .again
    }

    /// Whether the other session keeps the node for now. The loop is woken when that is over; the watch tells before if
    /// the node goes.
    private func isLeftForNow() -> Bool {
        let (pause, isDispute) = state.withLock { state in
            let before = state.contest.losses
            let pause = state.contest.pause(at: .now, random: .random(in: 0..<1))
            return (pause, state.contest.losses != before && state.contest.losses == Self.lossesWarned)
        }
        if isDispute {
            client.logger.warning(
                "another process goes by our name and keeps taking our node: a copy of this machine or of its folder?",
                metadata: [ZooKeeperLogKey.path: "\(path)"])
        }
        if pause == .zero { return false }
        let retry = Task { [loop] in
            // Cancelled: there is a later one, or nothing to wake.
            if (try? await Task.sleep(for: pause)) != nil { loop.wake() }
        }
        let old = state.withLock { state in
            defer { state.retry = retry }
            return state.retry
        }
        old?.cancel()
        return true
    }

    /// A process that hangs may take its node back once or twice from its successor.
    private static let lossesWarned = 3

    private func makeMissing(
        _ data: [UInt8], _ revision: Int, _ status: Status, _ session: SessionEvent
    ) async throws -> RecipeLoop.Outcome {
        // What was lost to another and went with it, nobody deleted.
        let isLost = state.withLock { $0.contest.isLost }
        if status.generation == session.generation, status.generation > 0, !isMadeAgain, !isLost {
            publish {
                $0.isRegistered = false
                $0.isDeleted = true
            }
            return .rest
        }
        let made = try await client.createWithParents(path, data, mode: .ephemeral, acl: acl)
        // Published once the watch is set and the owner seen to be the present session.
        return made.stat.ephemeralOwner == .none ? .rest : .again
    }

    private func registered(_ revision: Int, _ generation: Int) {
        publish {
            $0.isRegistered = true
            $0.isDeleted = false
            $0.revision = revision
            $0.generation = generation
        }
    }

    private func publish(_ change: (inout Status) -> Void) {
        state.withLock { state in
            let old = state.status
            change(&state.status)
            if state.status != old { statuses.send(state.status) }
        }
    }

    private func newWaiter() -> WatchWaiter {
        let waiter = WatchWaiter { [weak self] outcome in self?.fired(outcome) }
        let old = state.withLock { state in
            defer { state.waiter = waiter }
            return state.waiter
        }
        old?.cancel()
        return waiter
    }

    /// Callback thread: takes note and wakes the loop.
    private func fired(_ outcome: WatchOutcome) {
        switch outcome {
        case .cancelled: return
        case .sessionLost, .closed:
            publish {
                $0.isRegistered = false
                $0.isDeleted = false
            }
        case .deleted: publish { $0.isRegistered = false }
        case .created, .dataChanged, .childrenChanged: break
        }
        loop.wake()
    }

    private func wait(
        _ operation: String, _ timeout: Duration, until: @escaping @Sendable (Status) -> Result<Void, ZooKeeperError>?
    ) async throws {
        let stream = statusChanges()
        let path = path
        try await withDeadline(timeout, ZooKeeperError(.waitTimeout, operation, path: path)) {
            for await status in stream {
                if let result = until(status) { return try result.get() }
                if status.isClosed { break }
            }
            try Task.checkCancellation()
            throw ZooKeeperError(.closed, operation, path: path)
        }
    }
}
