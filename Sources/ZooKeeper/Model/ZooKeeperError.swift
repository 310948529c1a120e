import CZooKeeper

/// What went wrong with a ZooKeeper operation or session: a code to act on, the operation and path for the reader.
///
/// ```swift
/// do { try await client.set("/a", data) } catch let error as ZooKeeperError where error.code == .noNode { … }
/// ```
public struct ZooKeeperError: Error, Sendable, CustomStringConvertible {
    /// The reason, extensible: compare with the constants, keep a `default` branch.
    ///
    /// Values below zero are the server's and the C library's own codes (`ZOO_ERRORS` of zookeeper.h); this client's
    /// additions start at 1.
    public struct Code: Hashable, Sendable, RawRepresentable, CustomStringConvertible {
        public let rawValue: Int32
        public init(rawValue: Int32) { self.rawValue = rawValue }
    }

    public let code: Code
    /// The operation that failed, e.g. `create`.
    public let operation: String
    /// The node concerned, relative to the client's chroot; empty when the operation has none.
    public let path: String
    /// More about the cause; empty when the code says it all.
    public let detail: String
    /// Index of the operation that made a `multi` fail, `nil` elsewhere.
    public let failedIndex: Int?

    package init(_ code: Code, _ operation: String, path: String = "", detail: String = "", failedIndex: Int? = nil) {
        self.code = code
        self.operation = operation
        self.path = path
        self.detail = detail
        self.failedIndex = failedIndex
    }

    /// Whether the same call may succeed later without anything being changed. For a write, `connectionLoss` and
    /// `operationTimeout` also mean that the server may have carried it out: look before repeating it.
    public var isRetriable: Bool {
        switch code {
        case .connectionLoss, .operationTimeout, .overloaded, .throttled, .sessionMoved, .sessionExpired: true
        default: false
        }
    }

    /// Whether a failed write may have happened all the same.
    public var outcomeIsUnknown: Bool {
        code == .connectionLoss || code == .operationTimeout || code == .sessionExpired
    }

    public var description: String {
        var text = "ZooKeeper: \(operation)"
        if !path.isEmpty { text += " \(path)" }
        text += ": \(code)"
        if !detail.isEmpty { text += " (\(detail))" }
        if let failedIndex { text += " at operation \(failedIndex)" }
        return text
    }
}

extension ZooKeeperError.Code {
    public static let noNode = Self(rawValue: ZNONODE.rawValue)
    public static let nodeExists = Self(rawValue: ZNODEEXISTS.rawValue)
    public static let badVersion = Self(rawValue: ZBADVERSION.rawValue)
    public static let notEmpty = Self(rawValue: ZNOTEMPTY.rawValue)
    public static let noChildrenForEphemerals = Self(rawValue: ZNOCHILDRENFOREPHEMERALS.rawValue)
    public static let noAuth = Self(rawValue: ZNOAUTH.rawValue)
    public static let authFailed = Self(rawValue: ZAUTHFAILED.rawValue)
    public static let invalidACL = Self(rawValue: ZINVALIDACL.rawValue)
    /// The connection broke while the call was under way; a write may have happened.
    public static let connectionLoss = Self(rawValue: ZCONNECTIONLOSS.rawValue)
    /// The session the call belonged to is gone, with its ephemeral nodes and watches.
    public static let sessionExpired = Self(rawValue: ZSESSIONEXPIRED.rawValue)
    public static let sessionMoved = Self(rawValue: ZSESSIONMOVED.rawValue)
    /// No answer within the operation timeout; a write may have happened.
    public static let operationTimeout = Self(rawValue: ZOPERATIONTIMEOUT.rawValue)
    /// The client was closed before the answer came.
    public static let closed = Self(rawValue: ZCLOSING.rawValue)
    public static let badArguments = Self(rawValue: ZBADARGUMENTS.rawValue)
    public static let unimplemented = Self(rawValue: ZUNIMPLEMENTED.rawValue)
    public static let marshalling = Self(rawValue: ZMARSHALLINGERROR.rawValue)
    public static let readOnlyServer = Self(rawValue: ZNOTREADONLY.rawValue)
    public static let throttled = Self(rawValue: ZTHROTTLEDOP.rawValue)
    /// An operation of a `multi` that was not tried because another one failed.
    public static let runtimeInconsistency = Self(rawValue: ZRUNTIMEINCONSISTENCY.rawValue)
    /// The path is not a legal ZooKeeper path.
    public static let invalidPath = Self(rawValue: 1)
    /// The data exceeds what one znode may hold (see `ZooKeeperConfiguration.dataBytesMax`).
    public static let dataTooLarge = Self(rawValue: 2)
    /// More calls are waiting than the configuration allows.
    public static let overloaded = Self(rawValue: 3)
    /// No session within the connect timeout.
    public static let connectTimeout = Self(rawValue: 4)
    /// A recipe gave up waiting for a condition.
    public static let waitTimeout = Self(rawValue: 5)

    private static let names: [Self: String] = [
        .noNode: "no such node", .nodeExists: "node exists", .badVersion: "version conflict",
        .notEmpty: "node has children", .noChildrenForEphemerals: "ephemeral nodes have no children",
        .noAuth: "not authorised", .authFailed: "authentication failed", .invalidACL: "invalid ACL",
        .connectionLoss: "connection lost", .sessionExpired: "session expired", .sessionMoved: "session moved",
        .operationTimeout: "operation timed out", .closed: "client closed", .badArguments: "bad arguments",
        .unimplemented: "not known to the server", .marshalling: "marshalling error",
        .readOnlyServer: "server is read-only", .throttled: "throttled by the server",
        .runtimeInconsistency: "not tried", .invalidPath: "invalid path", .dataTooLarge: "data too large",
        .overloaded: "too many calls waiting", .connectTimeout: "no session within the connect timeout",
        .waitTimeout: "wait timed out",
    ]

    public var description: String { Self.names[self] ?? "error \(rawValue)" }
}
