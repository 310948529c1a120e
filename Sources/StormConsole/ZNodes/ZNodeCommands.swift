package import StormCore
import StormRuntime
package import ZooKeeper

/// `storm zk ls`, `get` and `watch`: reads only. Texts go to `say`, one line per call.
package struct ZNodeCommands: Sendable {
    private let client: ZooKeeperClient
    private let root: String
    private let clock: any TimeSource
    private let say: @Sendable (String) -> Void

    /// Znodes that `ls -R` shows.
    private static let nodesMax = 10_000
    /// Levels that `watch -R` looks at.
    private static let depthMax = 16

    /// - Parameters:
    ///   - client: without a chroot.
    ///   - root: `storm.zookeeper.root`, where relative paths begin.
    package init(
        _ client: ZooKeeperClient, root: String, clock: any TimeSource = SystemClock(),
        say: @escaping @Sendable (String) -> Void
    ) {
        self.client = client
        self.root = root
        self.clock = clock
        self.say = say
    }

    private var now: Int64 { clock.epochMilliseconds() }

    /// The absolute form of a path as it is typed.
    package static func absolute(_ path: String, root: String) throws(CommandFailure) -> String {
        var text = path
        while text.count > 1, text.hasSuffix("/") { text.removeLast() }
        let absolute = text.isEmpty || text == "." ? root : text.hasPrefix("/") ? text : ZNodePath.join(root, text)
        if let fault = ZNodePath.fault(in: absolute) { throw .usage("the path \(path) \(fault)") }
        return absolute
    }

    // MARK: ls

    package func list(_ path: String, isRecursive: Bool, json: Bool) async throws {
        try await reading(path) { path in
            let paths = try await listed(path, isRecursive: isRecursive)
            let stats = try await Concurrently.map(paths) { [client] in try await client.exists($0) }
            let owners = try await owners(of: stats.compactMap(\.self))
            // One that has gone meanwhile is left out.
            let rows = zip(paths, stats).compactMap { path, stat in stat.map { ZNodeRow(path, $0, owners: owners) } }
            if json { return say(try JSONOutput.text(rows)) }
            guard !rows.isEmpty else { return say("\(path) has no children") }
            ZNodeRow.table(rows, below: path, now: now).forEach(say)
        }
    }

    private func listed(_ path: String, isRecursive: Bool) async throws -> [String] {
        func children(_ parent: String) async throws -> [String] {
            try await client.children(parent).names.sorted().map { ZNodePath.join(parent, $0) }
        }
        var found = try await children(path)
        guard isRecursive else { return found }
        var level = found
        while !level.isEmpty, found.count < Self.nodesMax {
            level = try await Concurrently.map(level) { [client] parent in
                do {
                    return try await client.children(parent).names.map { ZNodePath.join(parent, $0) }
                } catch let error as ZooKeeperError where error.code == .noNode {
                    return []
                }
            }.flatMap(\.self)
            found += level
        }
        return Array(found.sorted().prefix(Self.nodesMax))
    }

    private func owners(of stats: [NodeStat]) async throws -> [Int64: String] {
        guard stats.contains(where: { $0.ephemeralOwner != .none }) else { return [:] }
        return try await ZNodeOwners.read(client, root: root)
    }

    // MARK: get

    package func get(_ path: String, json: Bool) async throws {
        try await reading(path) { path in
            let node = try await client.get(path)
            let data = ZNodeData(node.data)
            let row = ZNodeRow(path, node.stat, owners: try await owners(of: [node.stat]), data: data.value)
            if json { return say(try JSONOutput.text(row)) }
            row.heading(now: now).forEach(say)
            let lines = data.lines(now: now)
            if !lines.isEmpty { ([""] + lines).forEach(say) }
        }
    }

    // MARK: watch

    /// Follows a znode and its children, or everything below it, until so many changes were shown. The node may come
    /// later. Of changes in quick succession the outcome is shown.
    /// - Parameter count: nil: until the task is cancelled.
    package func watch(_ path: String, isRecursive: Bool, count: Int?, json: Bool) async throws {
        try await reading(path) { path in
            let tree = CachedTree(client, root: path, depth: isRecursive ? Self.depthMax : 1)
            defer { tree.close() }
            let limit = client.configuration.sessionTimeout
            try await tree.waitUntilReady(within: limit)
            var seen = tree.snapshot().nodes
            var left = count ?? .max
            for await _ in tree.changes() {
                let nodes = tree.snapshot().nodes
                for change in ZNodeChange.between(seen, nodes, nowMilliseconds: now) {
                    say(json ? try JSONOutput.line(change) : change.line)
                    left -= 1
                    if left == 0 { return }
                }
                seen = nodes
            }
        }
    }

    private func reading(_ path: String, _ body: (String) async throws -> Void) async throws {
        let absolute = try Self.absolute(path, root: root)
        do {
            try await body(absolute)
        } catch let error as ZooKeeperError where error.code == .noNode {
            throw CommandFailure("there is no znode \(absolute); paths without a slash in front are below \(root)")
        } catch let error as ZooKeeperError {
            throw CommandFailure("\(absolute): \(error)", exitCode: error.code == .noAuth ? 1 : 3)
        }
    }
}
