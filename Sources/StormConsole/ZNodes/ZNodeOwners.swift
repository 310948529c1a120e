import StormCluster
import StormCore
import ZooKeeper

/// Which process a session belongs to, told by the ephemeral znodes that daemons and workers have.
enum ZNodeOwners {
    /// Znodes that are looked at; in a cluster with more, the rest stays without a name.
    static let nodesMax = 5000

    /// A znode that its process keeps.
    private struct Sign: Sendable {
        enum Kind: Sendable {
            case supervisor, nimbus
            case worker(topology: String)
        }

        let path: String
        let kind: Kind
    }

    /// - Parameter root: `storm.zookeeper.root`; `client` has no chroot.
    /// - Returns: by session.
    static func read(_ client: ZooKeeperClient, root: String) async throws -> [Int64: String] {
        func absolute(_ path: String) -> String { root == "/" ? path : root + path }
        let (supervisors, nimbuses) = (absolute(ClusterPaths.supervisors), absolute(ClusterPaths.nimbuses))
        var signs = try await children(client, supervisors).map { Sign(path: $0, kind: .supervisor) }
        signs += try await children(client, nimbuses).map { Sign(path: $0, kind: .nimbus) }
        for folder in try await children(client, absolute(ClusterPaths.workerBeats)) {
            let topology = ClusterPaths.unescape(ZNodePath.name(of: folder))
            signs += try await children(client, folder).map { Sign(path: $0, kind: .worker(topology: topology)) }
            if signs.count > nodesMax { break }
        }
        var owners: [Int64: String] = [:]
        for (owner, name) in try await Concurrently.map(Array(signs.prefix(nodesMax)), { try await look(client, $0) }) {
            if owner != .none { owners[owner.rawValue] = name }
        }
        return owners
    }

    /// The session and the name of its process; `none` for a znode that has gone.
    private static func look(_ client: ZooKeeperClient, _ sign: Sign) async throws -> (SessionID, String) {
        do {
            let node = try await client.get(sign.path)
            return (node.stat.ephemeralOwner, name(sign, ZNodeData(node.data)))
        } catch let error as ZooKeeperError where error.code == .noNode {
            return (.none, "")
        }
    }

    private static func name(_ sign: Sign, _ data: ZNodeData) -> String {
        let id = ClusterPaths.unescape(ZNodePath.name(of: sign.path))
        var fields: [String: ConfigValue] = [:]
        if case .json(.map(let known)) = data { fields = known }
        guard case .string(let host)? = fields["host"], case .int(let port) = fields["port"] ?? 0 else {
            return "the owner of \(id)"
        }
        return switch sign.kind {
        case .supervisor: "supervisor on \(host)"
        case .nimbus: "nimbus \(id)"
        case .worker(let topology): "worker \(host):\(port) of \(topology)"
        }
    }

    /// Paths; none when there is no such node.
    private static func children(_ client: ZooKeeperClient, _ path: String) async throws -> [String] {
        do {
            return try await client.children(path).names.sorted().map { ZNodePath.join(path, $0) }
        } catch let error as ZooKeeperError where error.code == .noNode {
            return []
        }
    }
}
