/// What kind of node `create` makes.
public struct CreateMode: Hashable, Sendable {
    /// The C library's and server's number of the mode.
    let flags: Int32
    /// Milliseconds without children and change after which the server may delete the node.
    let timeToLiveMilliseconds: Int64?
    public let isEphemeral: Bool
    /// Whether the server appends a ten-digit number to the name.
    public let isSequential: Bool

    public static let persistent = CreateMode(flags: 0, isEphemeral: false, isSequential: false)
    public static let ephemeral = CreateMode(flags: 1, isEphemeral: true, isSequential: false)
    public static let persistentSequential = CreateMode(flags: 2, isEphemeral: false, isSequential: true)
    public static let ephemeralSequential = CreateMode(flags: 3, isEphemeral: true, isSequential: true)
    /// Deleted by the server some time after its last child is gone.
    public static let container = CreateMode(flags: 4, isEphemeral: false, isSequential: false)

    /// Deleted by the server when it had neither children nor a change for `timeToLive` (at least a millisecond). The
    /// server must have TTL nodes switched on (`zookeeper.extendedTypesEnabled`).
    public static func persistent(timeToLive: Duration) -> CreateMode {
        CreateMode(flags: 5, timeToLive: timeToLive, isSequential: false)
    }

    /// As `persistent(timeToLive:)`, with a number appended to the name.
    public static func persistentSequential(timeToLive: Duration) -> CreateMode {
        CreateMode(flags: 6, timeToLive: timeToLive, isSequential: true)
    }

    private init(flags: Int32, isEphemeral: Bool, isSequential: Bool) {
        self.flags = flags
        self.timeToLiveMilliseconds = nil
        self.isEphemeral = isEphemeral
        self.isSequential = isSequential
    }

    private init(flags: Int32, timeToLive: Duration, isSequential: Bool) {
        self.flags = flags
        self.timeToLiveMilliseconds = max(1, timeToLive.wholeMilliseconds)
        self.isEphemeral = false
        self.isSequential = isSequential
    }
}

extension Duration {
    /// Whole milliseconds, rounded down.
    var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }

    var nanosecondsClamped: Int {
        let (seconds, attoseconds) = components
        if seconds > 1_000_000_000 { return 1_000_000_000_000_000_000 }
        return max(0, Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000))
    }
}
