/// What is said about one tuple tree, 24 bytes: spout and bolts to the acker, the acker back to the spout.
///
/// ```
///  0  u64  root id of the tree
///  8  u64  XOR of edge ids (start, ack), or 0
/// 16  i32  task: the sender's (to an acker); where the tree failed, or was last heard of, 0 if unknown (failed)
/// 20  u8   kind
/// 21  u8   failure reason
/// 22  u16  reserved
/// ```
public struct AckRecord: Equatable, Sendable {
    public static let byteCount = 24
    public static let kindOffset = 20

    public enum Kind: UInt8, Sendable {
        /// Spout → acker: a new tree with these first edges.
        case start = 1
        /// Bolt → acker: edges consumed and created.
        case ack = 2
        /// Bolt → acker: the tree failed.
        case fail = 3
        /// Bolt → acker → spout: the tree needs more time.
        case resetTimeout = 4
        /// Acker → spout: every tuple of the tree was acked.
        case completed = 5
        /// Acker → spout.
        case failed = 6
        /// Spout → acker: the tree took too long. The acker forgets it and answers `failed`, with the task that it heard of
        /// last.
        case abandon = 7
    }

    public var root: UInt64
    public var value: UInt64
    public var task: Int32
    public var kind: Kind
    public var reason: FailureReason

    @inlinable
    public init(_ kind: Kind, root: UInt64, value: UInt64 = 0, task: Int32 = 0, reason: FailureReason = .none) {
        self.root = root
        self.value = value
        self.task = task
        self.kind = kind
        self.reason = reason
    }

    @inlinable
    public func write(at p: UnsafeMutableRawPointer) {
        p.put(root, 0)
        p.put(value, 8)
        p.put(UInt32(bitPattern: task), 16)
        p.put(UInt32(kind.rawValue) | UInt32(reason.rawValue) << 8, 20)
    }

    /// - Returns: nil when the kind or the reason is unknown.
    @inlinable
    public init?(at p: UnsafeRawPointer) {
        guard let kind = Kind(rawValue: p.u8(20)), let reason = FailureReason(rawValue: p.u8(21)) else { return nil }
        root = p.u64(0)
        value = p.u64(8)
        task = Int32(bitPattern: p.u32(16))
        self.kind = kind
        self.reason = reason
    }
}

/// Why a tuple tree failed.
public enum FailureReason: UInt8, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    case none = 0
    /// A bolt called `fail`.
    case explicit = 1
    /// Not complete within `topology.message.timeout.secs`.
    case timeout = 2
    /// A worker was lost with tuples of the tree that it had not confirmed.
    case workerLost = 3
    /// A bolt threw while it executed a tuple of the tree.
    case threw = 4
    /// A bolt asked a tuple of the tree for a field that it does not have, or that is of another type. A whole frame that
    /// cannot be decoded ends its connection: the trees within fail as those of a lost worker (`workerLost`).
    case badField = 6
    /// A tuple that could not be emitted: too large, with values that its stream does not have, or to nobody's stream.
    case badEmit = 7

    public var description: String {
        switch self {
        case .none: "none"
        case .explicit: "failed by a bolt"
        case .timeout: "timed out"
        case .workerLost: "worker lost"
        case .threw: "a bolt threw an error"
        case .badField: "a bolt read a field that is not there"
        case .badEmit: "a tuple could not be emitted"
        }
    }
}
