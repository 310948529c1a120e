/// What became of the tuples of one input stream of a bolt's task, and how many there were.
public struct InputCounts: Hashable, Sendable {
    public var executed = 0
    public var acked = 0
    public var failed = 0

    public init() {}
}

/// What became of the tuples of one output stream of a task, beside how many were emitted.
public struct OutputCounts: Hashable, Sendable {
    /// Copies handed to target tasks.
    public var transferred = 0
    /// Of a spout: messages whose trees completed, or failed.
    public var acked = 0
    public var failed = 0

    public init() {}
}

/// Acks and fails of one input stream, where the tuples' path counts them.
@frozen
public struct SettledCounts {
    @usableFromInline package var acked = 0
    @usableFromInline package var failed = 0

    init() {}
}
