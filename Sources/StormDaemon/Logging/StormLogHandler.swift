public import Logging

/// The one log handler of all programs: a line per record into a sink.
public struct StormLogHandler: LogHandler {
    public var logLevel: Logger.Level
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?

    private let label: String
    private let format: LogFormat
    private let sink: any LogSink
    private let time: @Sendable () -> LogTime

    public init(
        label: String, level: Logger.Level, format: LogFormat, sink: any LogSink,
        time: @escaping @Sendable () -> LogTime = { LogTime.now() }
    ) {
        self.label = label
        logLevel = level
        self.format = format
        self.sink = sink
        self.time = time
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { $1 } }
        if let own = event.metadata { all.merge(own) { $1 } }
        if let error = event.error { all[LogMetadataKey.error.rawValue] = "\(error)" }
        sink.write(
            LogLine.make(
                format, time: time(), level: event.level, label: label, message: event.message.description,
                metadata: all))
    }
}
