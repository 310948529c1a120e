internal import Logging
import Synchronization

/// A subtree at one moment.
public struct CachedTreeSnapshot: Sendable {
    public let root: String
    /// By path, the root included; empty when there is no root.
    public let nodes: [String: NodeContents]
    /// Whether all that was noticed has been read. While there is no connection the last known state is shown.
    public let isCurrent: Bool

    public subscript(path: String) -> NodeContents? { nodes[path] }

    /// Names of `path`'s children, sorted. O(number of nodes).
    public func children(of path: String) -> [String] {
        nodes.keys.filter { $0 != path && ZNodePath.parent(of: $0) == path }.map(ZNodePath.name(of:)).sorted()
    }
}

/// A live copy of a znode and its descendants down to a depth, kept by watches.
///
/// It survives everything: a root that comes later or goes, lost connections, new sessions. Each change is seen sooner or
/// later, but not each state in between. Letting go of it ends it.
///
/// ```swift
/// let tree = CachedTree(client, root: "/assignments", depth: 1)
/// try await tree.waitUntilReady(within: .seconds(10))
/// for await _ in tree.changes() { apply(tree.snapshot()) }
/// ```
public final class CachedTree: Sendable {
    private struct State {
        var tree: CachedTreeState
        var waiters: [CachedTreeState.Part: WatchWaiter] = [:]
        var isClosed = false
        var isPaused = false
        var failures = 0
    }

    public let root: String
    private let client: ZooKeeperClient
    private let reduce: (@Sendable ([UInt8]) -> [UInt8])?
    private let state: Mutex<State>
    private let changed = Broadcast<Void>(buffered: 1)
    private let ready = Once<Bool>()

    /// Reads under way at a time: many enough to hide the round trips, few enough to leave room for other calls.
    private static let readsMax = 64
    private static let backoff = Backoff(first: .milliseconds(50), max: .seconds(5))

    /// Starts following `root` and `depth` levels below it (0: the root alone, 1: and its children).
    /// - Parameter reduce: what to keep of each node's data; then only a change of that, or a node that comes, goes or is
    ///   made again, is a change of the tree. For many nodes whose data is written often and matters little. Any thread.
    public init(
        _ client: ZooKeeperClient, root: String, depth: Int, reducing reduce: (@Sendable ([UInt8]) -> [UInt8])? = nil
    ) {
        precondition(depth >= 0, "a depth is not negative")
        self.client = client
        self.root = root
        self.reduce = reduce
        state = Mutex(State(tree: CachedTreeState(root: root, depth: depth, ignoresStat: reduce != nil)))
        pump()
    }

    deinit { end() }

    /// The last known state. Never blocks; O(1).
    public func snapshot() -> CachedTreeSnapshot {
        state.withLock {
            CachedTreeSnapshot(root: $0.tree.root, nodes: $0.tree.nodes, isCurrent: $0.tree.isCurrent)
        }
    }

    /// An element after one or more changes since the last one was taken; a stream of its own for each caller. Begins
    /// with an element. Ends with `close`.
    public func changes() -> AsyncStream<Void> { changed.subscribe(first: ()) }

    /// Waits until the whole subtree was read once. Throws `waitTimeout`, or `closed`.
    public func waitUntilReady(within timeout: Duration) async throws {
        let ready = ready
        let path = root
        try await withDeadline(timeout, ZooKeeperError(.waitTimeout, "waitUntilReady", path: path)) {
            let isReady = await ready.value(cancelled: false)
            try Task.checkCancellation()
            if !isReady { throw ZooKeeperError(.closed, "waitUntilReady", path: path) }
        }
    }

    /// Stops following; the snapshot stays as it is.
    public func close() { end() }

    // MARK: reading

    private func pump() {
        let parts = state.withLock { state -> [CachedTreeState.Part] in
            var parts: [CachedTreeState.Part] = []
            guard !state.isClosed, !state.isPaused else { return parts }
            while state.tree.readingCount < Self.readsMax, let part = state.tree.next() { parts.append(part) }
            return parts
        }
        for part in parts {
            Task { await self.read(part) }
        }
    }

    private func read(_ part: CachedTreeState.Part) async {
        let waiter = WatchWaiter { [weak self] outcome in self?.fired(part, outcome) }
        replaceWaiter(part, waiter)
        do {
            switch part.kind {
            case .data:
                if let contents = try await contents(part.path, waiter) {
                    let kept = reduce.map { NodeContents(data: $0(contents.data), stat: contents.stat) } ?? contents
                    finish { $0.read(part.path, kept) }
                } else {
                    finish { $0.missing(part) }
                }
            case .children:
                let names = try await client.childList(part.path, watch: waiter).names
                finish { $0.read(part.path, children: names) }
            }
        } catch let error as ZooKeeperError where error.code == .noNode {
            finish { $0.missing(part) }
        } catch {
            failed(part, error)
        }
    }

    /// The node, or `nil` when it is missing; for a missing root the watch is then set on its creation.
    private func contents(_ path: String, _ waiter: WatchWaiter) async throws -> NodeContents? {
        while true {
            do {
                return try await client.contents(path, watch: waiter)
            } catch let error as ZooKeeperError where error.code == .noNode && path == root {
                if try await client.existence(path, watch: waiter) == nil { return nil }
                // Made in between. The waiter is set now, and setting it again with the read does no harm.
            }
        }
    }

    private func finish(_ event: (inout CachedTreeState) -> CachedTreeState.Effect) {
        let (effect, waiters, isReady) = state.withLock { state in
            state.failures = 0
            let effect = event(&state.tree)
            let waiters = effect.dropped.compactMap { state.waiters.removeValue(forKey: $0) }
            return (effect, waiters, state.tree.isCurrent)
        }
        for waiter in waiters { waiter.cancel() }
        if isReady { ready.set(true) }
        if effect.isChanged { changed.send(()) }
        pump()
    }

    private func failed(_ part: CachedTreeState.Part, _ error: any Error) {
        let isClosed = (error as? ZooKeeperError)?.code == .closed
        let delay = state.withLock { state -> Duration? in
            state.tree.failed(part)
            if state.isClosed || state.isPaused { return nil }
            state.isPaused = true
            state.failures += 1
            return Self.backoff.delay(attempt: state.failures - 1, random: .random(in: 0..<1))
        }
        if isClosed { return end() }
        guard let delay else { return }
        client.logger.debug(
            "cached tree reads again later",
            metadata: [ZooKeeperLogKey.path: "\(part.path)", ZooKeeperLogKey.error: "\(error)"])
        Task { [weak self] in
            // Only a cancellation can end the wait early, and nobody cancels this task.
            try? await Task.sleep(for: delay)
            self?.unpause()
        }
    }

    private func unpause() {
        state.withLock { $0.isPaused = false }
        pump()
    }

    // MARK: watches

    /// Callback thread: takes note and starts a read.
    private func fired(_ part: CachedTreeState.Part, _ outcome: WatchOutcome) {
        switch outcome {
        case .cancelled: return
        case .closed: end()
        case .created, .dataChanged, .deleted, .childrenChanged, .sessionLost:
            state.withLock { $0.tree.changed(part) }
            pump()
        }
    }

    private func replaceWaiter(_ part: CachedTreeState.Part, _ waiter: WatchWaiter) {
        let (old, isClosed) = state.withLock { state -> (WatchWaiter?, Bool) in
            if state.isClosed { return (waiter, true) }
            return (state.waiters.updateValue(waiter, forKey: part), false)
        }
        if old !== waiter || isClosed { old?.cancel() }
    }

    private func end() {
        let waiters = state.withLock { state -> [WatchWaiter] in
            state.isClosed = true
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.cancel() }
        ready.set(false)
        changed.finish()
    }
}
