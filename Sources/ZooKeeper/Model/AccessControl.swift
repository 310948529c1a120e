/// One entry of a node's access control list: what an identity may do.
public struct AccessControl: Hashable, Sendable {
    /// What may be done with a node (not with its children's contents).
    public struct Permissions: OptionSet, Hashable, Sendable {
        public let rawValue: Int32
        public init(rawValue: Int32) { self.rawValue = rawValue }

        public static let read = Permissions(rawValue: 1)
        public static let write = Permissions(rawValue: 2)
        /// Create children.
        public static let create = Permissions(rawValue: 4)
        /// Delete children.
        public static let delete = Permissions(rawValue: 8)
        /// Set the ACL.
        public static let admin = Permissions(rawValue: 16)
        public static let all: Permissions = [.read, .write, .create, .delete, .admin]
    }

    public var permissions: Permissions
    /// `world`, `auth`, `digest`, `ip`, …
    public var scheme: String
    public var id: String

    public init(_ permissions: Permissions, scheme: String, id: String) {
        self.permissions = permissions
        self.scheme = scheme
        self.id = id
    }
}

extension [AccessControl] {
    /// Anybody may do anything.
    public static let open: [AccessControl] = [AccessControl(.all, scheme: "world", id: "anyone")]
    /// Anybody may read.
    public static let readOnly: [AccessControl] = [AccessControl(.read, scheme: "world", id: "anyone")]
    /// Only the identities this client has authenticated as (`addAuth`) may do anything.
    public static let creatorAll: [AccessControl] = [AccessControl(.all, scheme: "auth", id: "")]
}
