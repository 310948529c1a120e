/// The shared, consistent memory of the cluster: a small tree of nodes with versions, as ZooKeeper has it.
///
/// Paths are absolute within the cluster's root (`storm.zookeeper.root` is the adapter's business), start with `/`, have
/// no empty, `.` or `..` part and no slash at the end. All functions throw `CoordinationError`; a call waits at most
/// for the adapter's request timeout. One value is one client with one session; it may be used from any task.
package protocol CoordinationStore: Sendable {
    /// - Returns: the actual path (with counter when sequential).
    /// - Throws: `nodeExists`, `noNode` (parent missing), `noChildrenForEphemerals`, `tooLarge`.
    @discardableResult
    func create(_ path: String, _ data: [UInt8], mode: NodeMode) async throws -> String

    /// - Returns: nil when there is no such node.
    func get(_ path: String) async throws -> VersionedData?

    /// - Returns: the new version.
    /// - Throws: `noNode`, `badVersion`, `tooLarge`.
    @discardableResult
    func set(_ path: String, _ data: [UInt8], expectedVersion: Int32?) async throws -> Int32

    /// - Throws: `noNode`, `badVersion`, `notEmpty`.
    func delete(_ path: String, expectedVersion: Int32?) async throws

    /// Names (not paths), sorted.
    /// - Throws: `noNode`.
    func children(_ path: String) async throws -> [String]

    func exists(_ path: String) async throws -> Bool

    /// All or nothing. The error carries the path of the step that failed.
    @discardableResult
    func multi(_ operations: [CoordinationOperation]) async throws -> [CoordinationResult]

    /// A live copy of `root` and `depth` levels below it (1: root and its children), filled when this returns. A root
    /// that does not exist is an empty copy until it does.
    func view(of root: String, depth: Int) async throws -> any SubtreeView

    /// As `view`, but only what `reduce` makes of each node's data is kept, and only a change of that counts as one: for
    /// many nodes that are written all the time and nearly always say nothing new. In its snapshots versions mean
    /// nothing. `reduce` depends on nothing else than its argument and runs on any thread.
    func view(
        of root: String, depth: Int, reducing reduce: @escaping @Sendable ([UInt8]) -> [UInt8]
    ) async throws -> any SubtreeView

    /// Creates an ephemeral node and its missing parents, and keeps it: after a lost session it is created again (its
    /// parents are not). A node of this name that another session owns is replaced: it is what a dead process of ours
    /// left behind. When somebody deletes the node it stays deleted until the next session.
    func registerEphemeral(_ path: String, _ data: [UInt8]) async throws -> any EphemeralRegistration

    /// Joins the election at `path` (created when missing) under the name `participant`. Joins again by itself after a
    /// lost session.
    func leaderLatch(_ path: String, participant: String) async throws -> any LeaderLatchHandle

    /// One consumer; the newest 16 events are kept for it.
    var sessionEvents: AsyncStream<SessionEvent> { get }

    /// The connection at this moment, and what passed over it so far.
    var traffic: CoordinationTraffic { get }

    /// Ends the session (ephemeral nodes vanish at once) and every view, registration and latch.
    func close() async
}

/// A live copy of a subtree. While the store cannot be reached it shows the last known state.
package protocol SubtreeView: Sendable {
    /// Never blocks.
    func snapshot() -> SubtreeSnapshot
    /// An element after one or more changes since the last element was taken. One consumer. Finishes with `close()`.
    var changes: AsyncStream<Void> { get }
    func close()
}

/// An ephemeral node that is kept while this is open.
package protocol EphemeralRegistration: Sendable {
    var path: String { get }
    /// Replaces the node's data. The newest data is what a new session gets, also when this call failed.
    /// - Throws: `noNode` when somebody deleted the node.
    func update(_ data: [UInt8]) async throws
    /// Deletes the node.
    func close() async
}

/// Candidacy in an election. At most one participant with a live session leads.
package protocol LeaderLatchHandle: Sendable {
    /// The state when joined, then every change; false as soon as the connection is suspended. One consumer. When it is
    /// slow, the newest two remain, so that a loss in between is always seen.
    var events: AsyncStream<Bool> { get }
    var isLeader: Bool { get }
    /// The ephemeral node that stands for the present leadership; nil unless this leads for certain, by our own clock.
    /// While it exists nobody else can lead: a write in one `multi` with a check of it is the leader's or fails. A later
    /// leadership has another node.
    var lockPath: String? { get }
    /// Leaves the election, giving up leadership.
    func close() async
}
