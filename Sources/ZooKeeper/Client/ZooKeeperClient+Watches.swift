extension ZooKeeperClient {
    /// As `get`, and a watch for the node's next change of data or deletion. Throws `noNode` (and sets no watch).
    public func getAndWatch(_ path: String) async throws -> (node: NodeContents, watch: NodeWatch) {
        let watch = NodeWatch(path: path)
        return (try await contents(path, watch: watch.waiter), watch)
    }

    /// As `exists`, and a watch for the node's creation, next change of data, or deletion.
    public func existsAndWatch(_ path: String) async throws -> (stat: NodeStat?, watch: NodeWatch) {
        let watch = NodeWatch(path: path)
        return (try await existence(path, watch: watch.waiter), watch)
    }

    /// As `children`, and a watch for the next change of the list, or the node's deletion. Throws `noNode`.
    public func childrenAndWatch(_ path: String) async throws -> (children: NodeChildren, watch: NodeWatch) {
        let watch = NodeWatch(path: path)
        return (try await childList(path, watch: watch.waiter), watch)
    }

    /// Watches that the current session has on the server, and those who wait for them here. For tests and gauges.
    package var watchCounts: (keys: Int, waiters: Int) { core.currentHandle?.watchCounts ?? (0, 0) }
}
