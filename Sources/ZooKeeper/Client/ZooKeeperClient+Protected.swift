internal import Logging

extension ZooKeeperClient {
    /// Makes a node whose name begins with a mark of its own, `_c_<32 hex digits>-`, so that it is found again when the
    /// reply to its creation was lost: in the end there is exactly one node, or none and an error. Parents are not made.
    ///
    /// The idea, and the form of the name, are Apache Curator's (protected creation). An ephemeral node that turns out
    /// to belong to a session that was lost meanwhile is deleted and made again.
    public func createProtected(
        _ path: String, _ data: [UInt8] = [], mode: CreateMode, acl: [AccessControl] = .open
    ) async throws -> CreatedNode {
        guard let parent = ZNodePath.parent(of: path) else {
            throw ZooKeeperError(.invalidPath, "createProtected", path: path, detail: "has no parent")
        }
        let mark = ProtectionMark()
        let marked = ZNodePath.join(parent, mark.prefix + ZNodePath.name(of: path))
        let deadline = ContinuousClock.now + core.operationTimeout * 3
        do {
            while true {
                do {
                    return try await create(marked, data, mode: mode, acl: acl)
                } catch let error as ZooKeeperError where error.outcomeIsUnknown && .now < deadline {
                    if let found = try await findProtected(mark, parent, mode, until: deadline) { return found }
                }
            }
        } catch let error as ZooKeeperError where !error.outcomeIsUnknown {
            throw error
        } catch {
            // It may have been made and nobody will know its name: the client looks for it later.
            deleteProtectedInBackground(mark, parent)
            throw error
        }
    }

    /// The marked node, if it was made and lives in the present session.
    private func findProtected(
        _ mark: ProtectionMark, _ parent: String, _ mode: CreateMode, until deadline: ContinuousClock.Instant
    ) async throws -> CreatedNode? {
        while true {
            do {
                guard let path = try await lookUp(mark, parent), let stat = try await exists(path) else { return nil }
                if !mode.isEphemeral || stat.ephemeralOwner == session.sessionID {
                    return CreatedNode(path: path, stat: stat)
                }
                try await delete(path)
                return nil
            } catch let error as ZooKeeperError where error.code == .noNode {
                return nil
            } catch let error as ZooKeeperError where error.isRetriable && .now < deadline {
                continue
            }
        }
    }

    private func lookUp(_ mark: ProtectionMark, _ parent: String) async throws -> String? {
        // We may be on another server now, which may lag behind the one that made the node.
        try await sync(parent)
        return try await children(parent).names.first { $0.hasPrefix(mark.prefix) }.map { ZNodePath.join(parent, $0) }
    }

    private func deleteProtectedInBackground(_ mark: ProtectionMark, _ parent: String) {
        let attemptsMax = 10
        Task { [weak self] in
            for _ in 0..<attemptsMax {
                guard let self else { return }
                do {
                    if let path = try await self.lookUp(mark, parent) { try await self.delete(path) }
                    return
                } catch let error as ZooKeeperError where error.isRetriable {
                    continue
                } catch {
                    self.logger.debug(
                        "no orphan cleared away",
                        metadata: [ZooKeeperLogKey.path: "\(parent)", ZooKeeperLogKey.error: "\(error)"])
                    return
                }
            }
        }
    }
}

/// What a protected node's name begins with.
struct ProtectionMark: Hashable, Sendable {
    let prefix: String

    init() {
        func hex(_ number: UInt64) -> String {
            let digits = String(number, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        prefix = "_c_" + hex(.random(in: .min ... .max)) + hex(.random(in: .min ... .max)) + "-"
    }
}
