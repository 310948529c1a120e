public import StormCore
public import StormTopology

/// Counters of one task since it was opened. Exact, not sampled.
public struct TaskStatistics: Sendable, Equatable {
    public var task: TaskID
    public var component: String
    /// Emits by stream.
    public var emitted: [StreamID: Int] = [:]
    /// Copies handed to target tasks (ack traffic not counted).
    public var transferred = 0
    /// By own stream; of all of them.
    public var outputs: [StreamID: OutputCounts] = [:]
    /// Tuples executed, by source component.
    public var executed: [String: Int] = [:]
    /// Bolt and acker: by the streams subscribed to, without ticks.
    public var inputs: [GlobalStreamID: InputCounts] = [:]
    /// Bolt: tuples acked; spout: messages whose trees completed.
    public var acked = 0
    public var failed = 0
    /// Spout: messages neither acked nor failed. Acker: trees watched.
    public var pending = 0
    /// Spout with a retry policy: messages that wait for their next attempt, or to be stored as dead letters.
    public var retrying = 0
    /// Spout with a retry policy: emits after the first one of a message; they count as emitted too.
    public var replayed = 0
    /// Spout with a retry policy: messages stored as dead letters.
    public var deadLettered = 0
    /// Spout: sum of completion latencies of the acked messages.
    public var completeLatencyNanoseconds: Int64 = 0
    /// Spout: the same, spread: emit to the end of the tree, of every acked message.
    public var completeLatency: LatencyHistogram?
    /// Bolt: time in `execute`, of sampled tuples; of an async bolt, of every call.
    public var executeLatency: LatencyBuckets?
    /// Bolt: its tuples are worked on outside of its executor, by a child or in async calls: `executeLatency` is of every
    /// tuple, and the executor's own time says nothing of it.
    public var worksOutside = false
    /// Bolt: from the start of `execute` to an ack within it, of the same; of an async bolt, of every call that was acked.
    public var processLatency: LatencyBuckets?
    /// Sent and not executed by the receivers yet.
    public var unexecutedBytes = 0
    /// Receivers that have taken all that they grant this task; it waits for them.
    public var blockedEdges = 0
    /// What the component counts itself, by name.
    public var userMetrics: [UserMetric] = []
    /// Errors thrown or reported, whether shown or held back by the rate limit.
    public var errors = 0

    public init(task: TaskID, component: String) {
        self.task = task
        self.component = component
    }
}
