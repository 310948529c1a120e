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

        package enum CodingKeys: String, RecordKey {
            case reason, component, task, host, port, detail
            case timeMilliseconds = "time_ms"

            package var note: FieldNote {
                switch self {
                case .reason: .text("`explicit`, `timeout`, `worker_lost`, `threw` and others")
                case .component: .text("where, as far as it is known").optional
                case .task: .integer("where").optional
                case .host: .text("where").optional
                case .port: .integer("where").optional
                case .detail: .text("more about it").optional
                case .timeMilliseconds: .time("when it failed")
                }
            }
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
    /// What JSON has no form for is a map with one key: `$bytes` (base64), `$double` (text), `$int` (digits), `$map`.
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

    package enum CodingKeys: String, RecordKey {
        case version, component, task, stream, fields, values, attempts, history
        case topologyID = "topology_id"
        case messageID = "message_id"
        case directTask = "direct_task"
        case timeMilliseconds = "time_ms"

        package var note: FieldNote {
            switch self {
            case .version: .version
            case .component: .text("the spout")
            case .task: .integer("its task")
            case .stream: .text("the stream that the message was emitted to")
            case .fields: .list(of: "texts", "names of the values, in order")
            case .values:
                .list(
                    of: "any JSON",
                    "the values; what JSON has no form for is a map with one key: `$bytes` (base64), `$double` (text), `$int` (digits), `$map`"
                )
            case .attempts: .integer("how often it was emitted")
            case .history: .list(of: Failure.CodingKeys.self, "the first failure and the latest ones, oldest first")
            case .topologyID: .text("the topology's id")
            case .messageID: .text("the spout's id of the message, as text")
            case .directTask: .integer("the task that a direct emit named").optional
            case .timeMilliseconds: .time("when it was given up")
            }
        }
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

    package enum CodingKeys: String, RecordKey {
        case version, component, task, refusal
        case requestedAtMilliseconds = "requested_at_ms"

        package var note: FieldNote {
            switch self {
            case .version: .version
            case .component: .text("the letter's spout")
            case .task: .integer("the letter's task")
            case .refusal:
                .text("why the worker did not do it; then nothing happens until somebody asks again").optional
            case .requestedAtMilliseconds: .time("when it was asked")
            }
        }
    }
}
