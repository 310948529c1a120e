package import StormCore
package import StormTopology
package import StormWire

/// A message of a spout whose every attempt failed, with all that is needed to understand it and to emit it again.
package struct DeadLetter: Hashable, Sendable {
    /// One failed attempt.
    package struct Failure: Hashable, Sendable {
        package var cause: FailureCause
        /// Epoch milliseconds.
        package var timeMilliseconds: Int64

        package init(cause: FailureCause, timeMilliseconds: Int64) {
            self.cause = cause
            self.timeMilliseconds = timeMilliseconds
        }
    }

    /// Unique in its topology; a letter that is stored again under its id replaces the former one.
    package var id: String
    package var topologyID: String
    package var component: String
    package var task: TaskID
    /// The spout's id of the message, as text.
    package var messageID: String
    package var stream: StreamID
    /// Names of the values, in order.
    package var fields: [String]
    package var values: [Value]
    /// The task that a direct emit named.
    package var only: TaskID?
    /// Emits, all of which failed.
    package var attempts: Int
    /// The first failure and the latest, at most `historyMax`, oldest first.
    package var history: [Failure]
    /// When it was given up, in epoch milliseconds.
    package var timeMilliseconds: Int64

    package static let historyMax = 20

    package init(
        id: String, topologyID: String, component: String, task: TaskID, messageID: String, stream: StreamID,
        fields: [String], values: [Value], only: TaskID? = nil, attempts: Int, history: [Failure],
        timeMilliseconds: Int64
    ) {
        self.id = id
        self.topologyID = topologyID
        self.component = component
        self.task = task
        self.messageID = messageID
        self.stream = stream
        self.fields = fields
        self.values = values
        self.only = only
        self.attempts = attempts
        self.history = history
        self.timeMilliseconds = timeMilliseconds
    }
}

extension [DeadLetter.Failure] {
    /// Adds the newest; the first one stays and the oldest of the others goes when there are too many.
    mutating func note(_ failure: DeadLetter.Failure) {
        append(failure)
        if count > DeadLetter.historyMax { remove(at: 1) }
    }
}

/// Ids of the dead letters of one task: `TASK-TIME`, the time in base 36 and never the same twice. The store need not
/// count, and a write that is repeated because its answer was lost finds itself.
struct DeadLetterIDs {
    private var last: Int64 = 0

    mutating func next(task: TaskID, epochMilliseconds now: Int64) -> String {
        last = Swift.max(now, last + 1)
        return "\(task)-\(String(last, radix: 36))"
    }
}
