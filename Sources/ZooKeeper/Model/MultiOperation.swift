/// One step of a `multi`: all of them happen, or none.
public struct MultiOperation: Sendable {
    enum Kind: Sendable {
        case create(data: [UInt8], mode: CreateMode, acl: [AccessControl])
        case set(data: [UInt8], version: Int32)
        case delete(version: Int32)
        case check(version: Int32)
    }

    public let path: String
    let kind: Kind

    /// Creates a node (no TTL modes: ZooKeeper has none in a `multi`).
    public static func create(
        _ path: String, _ data: [UInt8] = [], mode: CreateMode = .persistent, acl: [AccessControl] = .open
    ) -> MultiOperation {
        MultiOperation(path: path, kind: .create(data: data, mode: mode, acl: acl))
    }

    /// Replaces the data when the node has `version` (`nil`: any).
    public static func set(_ path: String, _ data: [UInt8], version: Int32? = nil) -> MultiOperation {
        MultiOperation(path: path, kind: .set(data: data, version: version ?? -1))
    }

    public static func delete(_ path: String, version: Int32? = nil) -> MultiOperation {
        MultiOperation(path: path, kind: .delete(version: version ?? -1))
    }

    /// Fails the whole `multi` unless the node exists and has `version` (`nil`: any).
    public static func check(_ path: String, version: Int32? = nil) -> MultiOperation {
        MultiOperation(path: path, kind: .check(version: version ?? -1))
    }

    var name: String {
        switch kind {
        case .create: "create"
        case .set: "set"
        case .delete: "delete"
        case .check: "check"
        }
    }

    var dataBytes: Int {
        switch kind {
        case .create(let data, _, _), .set(let data, _): data.count
        case .delete, .check: 0
        }
    }
}

/// What a step of a successful `multi` gave, in the order of the steps.
public enum MultiResult: Hashable, Sendable {
    /// The path made, with its number if sequential.
    case created(String)
    case set(NodeStat)
    case deleted
    case checked
}
