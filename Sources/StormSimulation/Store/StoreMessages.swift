import StormCluster

/// What a client asks of the simulated ensemble.
enum StoreCall: Sendable {
    case get(String)
    case children(String)
    case exists(String)
    case write([CoordinationOperation])
    /// Begins a live copy under the client's number for it.
    case view(number: Int, root: String, depth: Int)
    /// Creates an ephemeral node; one that another session left is replaced.
    case register(path: String, data: [UInt8])
    /// Sets the data of an ephemeral node that this session owns.
    case refresh(path: String, data: [UInt8])
    /// Deletes an ephemeral node if this session owns it.
    case unregister(path: String)
    case closeSession

    var path: String {
        switch self {
        case .get(let path), .children(let path), .exists(let path), .register(let path, _), .refresh(let path, _),
            .unregister(let path):
            path
        case .view(_, let root, _): root
        case .write(let operations): operations.first?.path ?? "/"
        case .closeSession: "/"
        }
    }

    var isWrite: Bool {
        switch self {
        case .get, .children, .exists, .view: false
        case .write, .register, .refresh, .unregister, .closeSession: true
        }
    }

    var name: String {
        switch self {
        case .get: "get"
        case .children: "children"
        case .exists: "exists"
        case .write(let operations):
            operations.map {
                switch $0 {
                case .create: "create"
                case .set: "set"
                case .delete: "delete"
                case .check: "check"
                }
            }.joined(separator: "+")
        case .view: "view"
        case .register: "register"
        case .refresh: "refresh"
        case .unregister: "unregister"
        case .closeSession: "close"
        }
    }
}

enum StoreReply: Sendable {
    case data(VersionedData?)
    case names([String])
    case isThere(Bool)
    case written([CoordinationResult])
    case snapshot(SubtreeSnapshot)
    case done
}

/// A write that took effect, for whoever watches over the rules.
struct AcceptedWrite: Sendable {
    /// The process that wrote.
    let process: SimulatedProcess
    let session: Int64
    let operations: [CoordinationOperation]
}
