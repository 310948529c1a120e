import FoundationEssentials
package import StormLogs

/// A line of a worker, wherever it is from.
///
/// With `--json` one object per line: `time` (ISO 8601, UTC), `time_ms`, `level` (trace, debug, info, notice, warning,
/// error, critical), `worker` (`host:port`), `stream` (log, stdout, stderr), `message`, and where known `logger`,
/// `component`, `task`, `metadata` (an object of texts).
package struct LogLine: Hashable, Sendable {
    package var record: LogRecord
    /// Of the worker itself, not of who shows its log.
    package var worker: WorkerPlace
    package var stream: LogStream

    package init(record: LogRecord, worker: WorkerPlace, stream: LogStream) {
        self.record = record
        self.worker = worker
        self.stream = stream
    }

    /// `2026-11-21T01:07:58.123Z INFO  node1:6700 split[3]: message  key=value`
    package var text: String {
        let time = ReportJSON.time(milliseconds: record.timeMilliseconds)
        let content = record.name == nil && stream != .log ? "\(stream.rawValue): \(record.message)" : record.plainText
        return "\(time) \(record.levelColumn) \(worker) \(content)"
    }

    private struct Content: Encodable {
        var time: String
        var timeMilliseconds: Int64
        var level: String
        var worker: String
        var stream: LogStream
        var logger: String?
        var component: String?
        var task: String?
        var message: String
        var metadata: [String: String]?

        enum CodingKeys: String, CodingKey {
            case time, level, worker, stream, logger, component, task, message, metadata
            case timeMilliseconds = "time_ms"
        }
    }

    /// One line.
    package func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let content = Content(
            time: ReportJSON.time(milliseconds: record.timeMilliseconds), timeMilliseconds: record.timeMilliseconds,
            level: record.level, worker: "\(worker)", stream: stream, logger: record.logger,
            component: record.component, task: record.task, message: record.message, metadata: record.metadata)
        return String(decoding: try encoder.encode(content), as: UTF8.self)
    }
}
