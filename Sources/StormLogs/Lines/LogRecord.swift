package import StormCore

/// One line of a worker's log, understood as far as it can be. The form in which pages carry it and `storm logs --json`
/// is made from it.
package struct LogRecord: Codable, Hashable, Sendable {
    /// Epoch milliseconds. A line without a time of its own has that of the line before it; one that the process printed
    /// has that of the file's last change.
    package var timeMilliseconds: Int64
    /// swift-log's name: trace, debug, info, notice, warning, error, critical. What was printed is info on standard output,
    /// error on standard error.
    package var level: String
    /// The logger's label; nil for a line that no logger wrote.
    package var logger: String?
    package var component: String?
    package var task: String?
    package var message: String
    /// Further metadata, by key.
    package var metadata: [String: String]?

    package init(
        timeMilliseconds: Int64, level: String, logger: String? = nil, component: String? = nil, task: String? = nil,
        message: String, metadata: [String: String]? = nil
    ) {
        self.timeMilliseconds = timeMilliseconds
        self.level = level
        self.logger = logger
        self.component = component
        self.task = task
        self.message = message
        self.metadata = metadata
    }

    enum CodingKeys: String, CodingKey {
        case level, logger, component, task, message, metadata
        case timeMilliseconds = "time_ms"
    }

    /// What the metadata of a worker's records says on its own, besides `metadata`.
    mutating func take(metadata all: [String: String]) {
        var rest = all
        component = rest.removeValue(forKey: "component.id")
        task = rest.removeValue(forKey: "task.id")
        // The file says it.
        rest["topology.id"] = nil
        rest["worker"] = nil
        metadata = rest.isEmpty ? nil : rest
    }

    package var threshold: LogThreshold? { LogThreshold(name: level) }
}
