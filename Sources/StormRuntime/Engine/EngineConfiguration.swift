public import StormCore

/// What the engine has to know of a topology's configuration.
public struct EngineConfiguration: Sendable {
    /// `name-number-epochsecs`, or the bare name in local mode.
    public var topologyID: String
    /// This worker's port; 0 in local mode.
    public var workerPort: Int
    /// Loops (threads) that run the executors; nil: as many as cores, at most as many as executors.
    public var loops: Int?
    /// `topology.max.spout.pending`, per spout task; nil: bounded by memory only (`PendingTrees.maxSlots`).
    public var maxSpoutPending: Int?
    /// `topology.message.timeout.secs`.
    public var messageTimeoutSeconds: Int
    /// `topology.enable.message.timeouts`.
    public var messageTimeoutsEnabled: Bool
    /// `topology.tick.tuple.freq.secs` for all bolts.
    public var tickSeconds: Int?
    /// `topology.max.error.report.per.interval`.
    public var errorsPerInterval: Int
    /// `topology.error.throttle.interval.secs`.
    public var errorIntervalSeconds: Int
    /// Not `topology.disable.loadaware.messaging`: whether shuffle groupings pass over loaded targets.
    public var isLoadAware: Bool
    /// The topology's whole configuration, for the components.
    public var values: [String: ConfigValue]
    /// Seed of all random choices; nil: from the system.
    public var seed: UInt64?
    /// This worker, as people call it: where the tasks here run, for who reads of failures. Nil in local mode.
    package var place: TaskPlace?
    /// Where spouts with a retry policy leave what failed each time.
    package var deadLetters: any DeadLetterSink = InMemoryDeadLetterStore()
    /// Called when a component says that the topology has done its work (`TaskContext.finish`). On a loop's thread.
    public var onFinish: @Sendable () -> Void = {}
    /// Called when a tuple made a bolt throw and `topology.bolt.exception` is `crash`, after the error was reported. On a
    /// loop's thread.
    public var onCrash: @Sendable (ComponentError) -> Void = { endProcess(because: $0) }

    public init(
        topologyID: String, workerPort: Int = 0, loops: Int? = nil, maxSpoutPending: Int? = nil,
        messageTimeoutSeconds: Int = 30, messageTimeoutsEnabled: Bool = true, tickSeconds: Int? = nil,
        errorsPerInterval: Int = 5, errorIntervalSeconds: Int = 10, isLoadAware: Bool = true,
        values: [String: ConfigValue] = [:], seed: UInt64? = nil
    ) {
        self.topologyID = topologyID
        self.workerPort = workerPort
        self.loops = loops
        self.maxSpoutPending = maxSpoutPending
        self.messageTimeoutSeconds = messageTimeoutSeconds
        self.messageTimeoutsEnabled = messageTimeoutsEnabled
        self.tickSeconds = tickSeconds
        self.errorsPerInterval = errorsPerInterval
        self.errorIntervalSeconds = errorIntervalSeconds
        self.isLoadAware = isLoadAware
        self.values = values
        self.seed = seed
    }

    /// As long as a timeout can be, 68 years: a point in time behind it still has a number.
    private static let timeoutSecondsMax = 1 << 31

    var messageTimeoutNanoseconds: Int64 {
        Int64(min(max(1, messageTimeoutSeconds), Self.timeoutSecondsMax)) * 1_000_000_000
    }
}

/// A component that could not be made or opened. The worker cannot run without it.
public struct ComponentStartError: Error, CustomStringConvertible {
    public let component: String
    public let cause: any Error

    public var description: String { "component '\(component)' could not start: \(cause)" }
}
