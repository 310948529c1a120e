internal import CZooKeeper

/// A node's data and metadata.
public struct NodeContents: Hashable, Sendable {
    public let data: [UInt8]
    public let stat: NodeStat

    package init(data: [UInt8], stat: NodeStat) {
        self.data = data
        self.stat = stat
    }

    /// The data as UTF-8, with illegal bytes replaced.
    public var text: String { String(decoding: data, as: UTF8.self) }
}

/// A node's children, in no order, and the node's own metadata.
public struct NodeChildren: Hashable, Sendable {
    /// Names, not paths.
    public let names: [String]
    public let stat: NodeStat
}

/// A node that was made.
public struct CreatedNode: Hashable, Sendable {
    /// With the number that a sequential node got.
    public let path: String
    public let stat: NodeStat
}

extension ZooKeeperClient {
    /// Makes a node. Throws `nodeExists`, `noNode` when the parent is missing, and `connectionLoss` or
    /// `operationTimeout` when it is unknown whether it was made (see `createProtected`).
    @discardableResult
    public func create(
        _ path: String, _ data: [UInt8] = [], mode: CreateMode = .persistent, acl: [AccessControl] = .open
    ) async throws -> CreatedNode {
        try checkData(data.count, "create", path)
        let absolute = try absolutePath(path, "create", isSequential: mode.isSequential)
        let reply = try await perform("create", path) { pointer, call, _ in
            withNativeACL(acl) { acl in
                data.withUnsafeBufferPointer { data in
                    data.withMemoryRebound(to: CChar.self) { data in
                        if let milliseconds = mode.timeToLiveMilliseconds {
                            zoo_acreate2_ttl(
                                pointer, absolute, data.baseAddress, Int32(data.count), acl, mode.flags, milliseconds,
                                onNativePathAndStat, call)
                        } else {
                            zoo_acreate2(
                                pointer, absolute, data.baseAddress, Int32(data.count), acl, mode.flags,
                                onNativePathAndStat, call)
                        }
                    }
                }
            }
        }
        guard case .path(let made, let stat) = reply else { throw unexpected("create", path) }
        return CreatedNode(path: core.chroot.relative(made), stat: stat)
    }

    /// Data and metadata. Throws `noNode`.
    public func get(_ path: String) async throws -> NodeContents {
        try await contents(path, watch: nil)
    }

    /// Metadata; `nil` when there is no such node.
    public func exists(_ path: String) async throws -> NodeStat? {
        try await existence(path, watch: nil)
    }

    /// Children's names and the node's metadata. Throws `noNode`.
    public func children(_ path: String) async throws -> NodeChildren {
        try await childList(path, watch: nil)
    }

    /// Replaces the data. `version`: only if the node has that version, else `badVersion` is thrown.
    @discardableResult
    public func set(_ path: String, _ data: [UInt8], version: Int32? = nil) async throws -> NodeStat {
        try checkData(data.count, "set", path)
        let absolute = try absolutePath(path, "set")
        let reply = try await perform("set", path) { pointer, call, _ in
            data.withUnsafeBufferPointer { data in
                data.withMemoryRebound(to: CChar.self) { data in
                    zoo_aset(
                        pointer, absolute, data.baseAddress, Int32(data.count), version ?? -1, onNativeStat, call)
                }
            }
        }
        guard case .stat(let stat) = reply else { throw unexpected("set", path) }
        return stat
    }

    /// Deletes a node without children. Throws `noNode`, `notEmpty`, and `badVersion` unless it has `version`.
    public func delete(_ path: String, version: Int32? = nil) async throws {
        let absolute = try absolutePath(path, "delete")
        _ = try await perform("delete", path) { pointer, call, _ in
            zoo_adelete(pointer, absolute, version ?? -1, onNativeVoid, call)
        }
    }

    /// Carries out all operations or none; results are in their order. The error thrown names the operation that failed
    /// in `failedIndex`.
    @discardableResult
    public func multi(_ operations: [MultiOperation]) async throws -> [MultiResult] {
        if operations.isEmpty { return [] }
        try checkData(operations.reduce(0) { $0 + $1.dataBytes }, "multi", operations[0].path)
        for operation in operations {
            var isSequential = false
            if case .create(_, let mode, _) = operation.kind {
                isSequential = mode.isSequential
                if mode.timeToLiveMilliseconds != nil {
                    throw ZooKeeperError(.badArguments, "multi", path: operation.path, detail: "no TTL in a multi")
                }
            }
            _ = try absolutePath(operation.path, "multi", isSequential: isSequential)
        }
        let chroot = core.chroot
        let reply = try await perform("multi", operations[0].path) { pointer, call, _ in
            MultiRequest.send(operations, chroot: chroot, pointer, call)
        }
        guard case .multi(let results) = reply else { throw unexpected("multi", operations[0].path) }
        return results
    }

    /// Waits until the server we are connected to has caught up with the leader, for `path`.
    public func sync(_ path: String = "/") async throws {
        let absolute = try absolutePath(path, "sync")
        _ = try await perform("sync", path, isRead: true) { pointer, call, _ in
            zoo_async(pointer, absolute, onNativePath, call)
        }
    }

    /// A node's access control list. Throws `noNode`.
    public func getACL(_ path: String) async throws -> (acl: [AccessControl], stat: NodeStat) {
        let absolute = try absolutePath(path, "getACL")
        let reply = try await perform("getACL", path, isRead: true) { pointer, call, _ in
            zoo_aget_acl(pointer, absolute, onNativeACL, call)
        }
        guard case .acl(let acl, let stat) = reply else { throw unexpected("getACL", path) }
        return (acl, stat)
    }

    /// Replaces the access control list; `version` is compared with `NodeStat.aclVersion`.
    public func setACL(_ path: String, _ acl: [AccessControl], version: Int32? = nil) async throws {
        let absolute = try absolutePath(path, "setACL")
        _ = try await perform("setACL", path) { pointer, call, _ in
            withNativeACL(acl) { zoo_aset_acl(pointer, absolute, version ?? -1, $0, onNativeVoid, call) }
        }
    }

    /// Adds an identity to this session and all later ones. Throws `authFailed` when the server does not know the
    /// scheme; the session is then replaced, because the server ends it.
    public func addAuth(_ authentication: ZooKeeperAuthentication) async throws {
        try await core.addAuthentication(authentication)
    }

    // MARK: shared

    func contents(_ path: String, watch: WatchWaiter?) async throws -> NodeContents {
        let absolute = try absolutePath(path, "get")
        let request = watch.map {
            WatchRequest(key: WatchKey(path: absolute, kind: .data), waiter: $0, isSetWhenMissing: false)
        }
        let reply = try await perform("get", path, isRead: true, watch: request) { pointer, call, handle in
            request == nil
                ? zoo_aget(pointer, absolute, 0, onNativeData, call)
                : zoo_awget(pointer, absolute, onNativeEvent, handle, onNativeData, call)
        }
        guard case .data(let data, let stat) = reply else { throw unexpected("get", path) }
        return NodeContents(data: data, stat: stat)
    }

    func existence(_ path: String, watch: WatchWaiter?) async throws -> NodeStat? {
        let absolute = try absolutePath(path, "exists")
        let request = watch.map {
            WatchRequest(key: WatchKey(path: absolute, kind: .data), waiter: $0, isSetWhenMissing: true)
        }
        do {
            let reply = try await perform("exists", path, isRead: true, watch: request) { pointer, call, handle in
                request == nil
                    ? zoo_aexists(pointer, absolute, 0, onNativeStat, call)
                    : zoo_awexists(pointer, absolute, onNativeEvent, handle, onNativeStat, call)
            }
            guard case .stat(let stat) = reply else { throw unexpected("exists", path) }
            return stat
        } catch let error as ZooKeeperError where error.code == .noNode {
            return nil
        }
    }

    func childList(_ path: String, watch: WatchWaiter?) async throws -> NodeChildren {
        let absolute = try absolutePath(path, "children")
        let request = watch.map {
            WatchRequest(key: WatchKey(path: absolute, kind: .children), waiter: $0, isSetWhenMissing: false)
        }
        let reply = try await perform("children", path, isRead: true, watch: request) { pointer, call, handle in
            request == nil
                ? zoo_aget_children2(pointer, absolute, 0, onNativeChildren, call)
                : zoo_awget_children2(pointer, absolute, onNativeEvent, handle, onNativeChildren, call)
        }
        guard case .children(let names, let stat) = reply else { throw unexpected("children", path) }
        return NodeChildren(names: names, stat: stat)
    }

    private func perform(
        _ operation: String, _ path: String, isRead: Bool = false, watch: WatchRequest? = nil,
        send: @escaping Call.Send
    ) async throws -> Reply {
        try Task.checkCancellation()
        return try await core.perform(
            Call(
                operation: operation, path: path, isRead: isRead, deadline: .now + core.operationTimeout, watch: watch,
                send: send))
    }

    private func absolutePath(_ path: String, _ operation: String, isSequential: Bool = false) throws -> String {
        // The name of a sequential node may be just its number.
        let checked = isSequential && path.hasSuffix("/") ? path + "0" : path
        if let fault = ZNodePath.fault(in: checked) {
            throw ZooKeeperError(.invalidPath, operation, path: path, detail: fault)
        }
        if isSequential && path == "/" { return core.chroot.prefix + "/" }
        return core.chroot.absolute(path)
    }

    private func checkData(_ bytes: Int, _ operation: String, _ path: String) throws {
        let bytesMax = core.configuration.dataBytesMax
        if bytes > bytesMax {
            throw ZooKeeperError(.dataTooLarge, operation, path: path, detail: "\(bytes) bytes, at most \(bytesMax)")
        }
    }

    private func unexpected(_ operation: String, _ path: String) -> ZooKeeperError {
        ZooKeeperError(.marshalling, operation, path: path, detail: "unexpected reply")
    }
}
