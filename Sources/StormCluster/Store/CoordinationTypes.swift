/// How long a node lives and how it gets its name.
package enum NodeMode: Hashable, Sendable {
    case persistent
    /// Dies with the session that created it.
    case ephemeral
    /// The store appends a ten-digit counter of the parent to the name.
    case persistentSequential
    case ephemeralSequential

    package var isEphemeral: Bool { self == .ephemeral || self == .ephemeralSequential }
    package var isSequential: Bool { self == .persistentSequential || self == .ephemeralSequential }
}

/// A node's bytes with what is needed to replace them safely.
package struct VersionedData: Hashable, Sendable {
    package var bytes: [UInt8]
    /// 0 when created, one more with every `set`.
    package var version: Int32
    /// The store's transaction number of the node's creation: another number means it was deleted and created again.
    package var createdTransaction: Int64
    /// The session that owns an ephemeral node, 0 for a persistent one.
    package var ephemeralOwner: Int64

    package init(bytes: [UInt8], version: Int32, createdTransaction: Int64 = 0, ephemeralOwner: Int64 = 0) {
        self.bytes = bytes
        self.version = version
        self.createdTransaction = createdTransaction
        self.ephemeralOwner = ephemeralOwner
    }
}

/// One step of a `multi`.
package enum CoordinationOperation: Hashable, Sendable {
    case create(path: String, data: [UInt8], mode: NodeMode)
    /// `expectedVersion` nil: whatever is there.
    case set(path: String, data: [UInt8], expectedVersion: Int32?)
    case delete(path: String, expectedVersion: Int32?)
    /// Changes nothing; makes the whole `multi` fail unless the node exists with this version (nil: any).
    case check(path: String, expectedVersion: Int32?)

    package var isCheck: Bool {
        if case .check = self { true } else { false }
    }

    package var path: String {
        switch self {
        case .create(let path, _, _), .set(let path, _, _), .delete(let path, _), .check(let path, _): path
        }
    }
}

/// What a step of a `multi` gave, in the order of the steps.
package enum CoordinationResult: Hashable, Sendable {
    /// The actual path: with the counter when sequential.
    case created(String)
    /// The new version.
    case set(Int32)
    case deleted
    case checked
}

/// What becomes of the client's session, in order.
package enum SessionEvent: String, Hashable, Sendable {
    /// A session was opened: the first one.
    case connected
    /// No contact; nothing is known of the world, the session may live on.
    case suspended
    /// In contact again, with the same session (after `suspended`) or a new one (after `lost`).
    case reconnected
    /// The session is gone with all its ephemeral nodes, by the store's word or by our own clock.
    case lost
}
