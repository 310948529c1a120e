extension ZooKeeperClient {
    /// Makes `path` and every missing parent, all persistent; does nothing where they exist.
    public func createPath(_ path: String, acl: [AccessControl] = .open) async throws {
        if path == "/" { return }
        do {
            try await create(path, acl: acl)
        } catch let error as ZooKeeperError where error.code == .nodeExists {
            return
        } catch let error as ZooKeeperError where error.code == .noNode {
            guard let parent = ZNodePath.parent(of: path) else { throw error }
            if parent == "/" {
                guard try await restoreChroot() else { throw error }
            } else {
                try await createPath(parent, acl: acl)
            }
            try await createIfMissing(path, acl)
        } catch let error as ZooKeeperError where error.outcomeIsUnknown {
            if try await exists(path) == nil { throw error }
        }
    }

    /// Makes a node as `create` does, after its missing parents.
    @discardableResult
    public func createWithParents(
        _ path: String, _ data: [UInt8] = [], mode: CreateMode = .persistent, acl: [AccessControl] = .open
    ) async throws -> CreatedNode {
        do {
            return try await create(path, data, mode: mode, acl: acl)
        } catch let error as ZooKeeperError where error.code == .noNode {
            guard let parent = ZNodePath.parent(of: path) else { throw error }
            if parent == "/" {
                guard try await restoreChroot() else { throw error }
            } else {
                try await createPath(parent, acl: acl)
            }
            return try await create(path, data, mode: mode, acl: acl)
        }
    }

    /// Deletes a node and everything below it; does nothing where there is none. Nodes that are made meanwhile are
    /// deleted too, but only so often: then `notEmpty` is thrown.
    public func deleteRecursively(_ path: String) async throws {
        let roundsMax = 8
        for round in 1... {
            do {
                for node in try await subtree(path).reversed() {
                    do {
                        try await delete(node)
                    } catch let error as ZooKeeperError where error.code == .noNode {
                        continue
                    }
                }
                return
            } catch let error as ZooKeeperError where error.code == .notEmpty && round < roundsMax {
                continue
            }
        }
    }

    /// `path` and all nodes below, parents first; empty when there is no such node.
    private func subtree(_ path: String) async throws -> [String] {
        var found: [String] = []
        var level = [path]
        while !level.isEmpty {
            var next: [String] = []
            for node in level {
                do {
                    let names = try await children(node).names
                    found.append(node)
                    next += names.map { ZNodePath.join(node, $0) }
                } catch let error as ZooKeeperError where error.code == .noNode {
                    continue
                }
            }
            level = next
        }
        return found
    }

    private func createIfMissing(_ path: String, _ acl: [AccessControl]) async throws {
        do {
            try await create(path, acl: acl)
        } catch let error as ZooKeeperError where error.code == .nodeExists {
            return
        }
    }

    /// Makes the chroot again when somebody deleted it after the client had connected: else nothing could be made below it
    /// until the next start.
    /// - Returns: false when the client is not to make it, or it was not missing.
    public func restoreChroot() async throws -> Bool {
        guard core.configuration.createsChroot, !core.chroot.prefix.isEmpty, try await exists("/") == nil else {
            return false
        }
        try await createChroot()
        return true
    }

    /// Makes the chroot's own nodes, through a client of its own that sees the real root.
    func createChroot() async throws {
        if core.chroot.prefix.isEmpty { return }
        if try await exists("/") != nil { return }
        var configuration = core.configuration
        configuration.chroot = "/"
        configuration.createsChroot = false
        let rootClient = try await ZooKeeperClient.connect(configuration, logger: logger)
        do {
            try await rootClient.createPath(core.chroot.prefix)
        } catch {
            await rootClient.close()
            throw error
        }
        await rootClient.close()
    }
}
