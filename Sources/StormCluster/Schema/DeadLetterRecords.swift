package import StormCore

/// `/deadletters/<topology>/<letter>`: a message of a spout whose every attempt failed.
package struct DeadLetterRecord: ClusterRecord {
    /// One failed attempt: when, why, and where, as far as it is known.
    package struct Failure: Hashable, Sendable, Codable {
        /// Epoch milliseconds.
        package var timeMilliseconds: Int64
        /// A short stable name: `explicit`, `timeout`, `worker_lost`, `threw`, …
        package var reason: String
        package var component: String?
        package var task: Int?
        package var host: String?
        package var port: Int?
        package var detail: String?

        package init(
            timeMilliseconds: Int64, reason: String, component: String? = nil, task: Int? = nil, host: String? = nil,
            port: Int? = nil, detail: String? = nil
        ) {
            self.timeMilliseconds = timeMilliseconds
            self.reason = reason
            self.component = component
            self.task = task
            self.host = host
            self.port = port
            self.detail = detail
        }

        enum CodingKeys: String, CodingKey {
            case reason, component, task, host, port, detail
            case timeMilliseconds = "time_ms"
        }
    }

    package var version = 1
    package var topologyID: String
    /// The spout, and its task.
    package var component: String
    package var task: Int
    package var messageID: String
    package var stream: String
    /// Names of the values, in order.
    package var fields: [String]
    /// What JSON has no form for is a map with one key: `$bytes` (base64), `$double` (text), `$map`.
    package var values: [ConfigValue]
    /// The task that a direct emit named.
    package var directTask: Int?
    package var attempts: Int
    /// The first failure and the latest ones, oldest first.
    package var history: [Failure]
    /// When it was given up, in epoch milliseconds.
    package var timeMilliseconds: Int64
    package var unknownFields: [String: ConfigValue] = [:]

    package init(
        topologyID: String, component: String, task: Int, messageID: String, stream: String, fields: [String],
        values: [ConfigValue], directTask: Int? = nil, attempts: Int, history: [Failure], timeMilliseconds: Int64
    ) {
        self.topologyID = topologyID
        self.component = component
        self.task = task
        self.messageID = messageID
        self.stream = stream
        self.fields = fields
        self.values = values
        self.directTask = directTask
        self.attempts = attempts
        self.history = history
        self.timeMilliseconds = timeMilliseconds
    }

    enum CodingKeys: String, CodingKey {
        case version, component, task, stream, fields, values, attempts, history
        case topologyID = "topology_id"
        case messageID = "message_id"
        case directTask = "direct_task"
        case timeMilliseconds = "time_ms"
    }
}

/// `/deadletter-replays/<topology>/<letter>`: somebody asked that the letter is emitted again. Small and apart from the
/// letters, so that a worker can watch for what it has to do without reading them.
package struct DeadLetterReplayRecord: ClusterRecord {
    package var version = 1
    /// Those of the letter.
    package var component: String
    package var task: Int
    /// Epoch milliseconds.
    package var requestedAtMilliseconds: Int64
    /// Why the worker did not do it; then nothing happens until somebody asks again.
    package var refusal: String?
    package var unknownFields: [String: ConfigValue] = [:]

    package init(component: String, task: Int, requestedAtMilliseconds: Int64, refusal: String? = nil) {
        self.component = component
        self.task = task
        self.requestedAtMilliseconds = requestedAtMilliseconds
        self.refusal = refusal
    }

    enum CodingKeys: String, CodingKey {
        case version, component, task, refusal
        case requestedAtMilliseconds = "requested_at_ms"
    }
}
