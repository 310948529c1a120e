public import Logging

/// The one log handler of all programs: a line per record into a sink.
public struct StormLogHandler: LogHandler {
    /// What was set while the program runs wins over what is set here.
    public var logLevel: Logger.Level {
        get { cell?.level ?? ownLevel }
        set { ownLevel = newValue }
    }
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?

    private let label: String
    private let format: LogFormat
    private let sink: any LogSink
    private let time: @Sendable () -> LogTime
    private var ownLevel: Logger.Level
    private let levels: RuntimeLogLevels?
    private var cell: RuntimeLogLevels.Cell?

    public init(
        label: String, level: Logger.Level, format: LogFormat, sink: any LogSink,
        time: @escaping @Sendable () -> LogTime = { LogTime.now() }
    ) {
        self.init(label: label, level: level, format: format, sink: sink, levels: nil, time: time)
    }

    /// - Parameter levels: what sets levels while the program runs; nil: nothing does.
    package init(
        label: String, level: Logger.Level, format: LogFormat, sink: any LogSink, levels: RuntimeLogLevels?,
        time: @escaping @Sendable () -> LogTime = { LogTime.now() }
    ) {
        self.label = label
        ownLevel = level
        self.format = format
        self.sink = sink
        self.time = time
        self.levels = levels
        cell = levels?.cell(label: label, component: nil)
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set {
            metadata[key] = newValue
            if key == LogMetadataKey.componentID.rawValue {
                cell = levels?.cell(label: label, component: newValue?.description)
            }
        }
    }

    public func log(event: LogEvent) {
        if let cell, cell.isOff { return }
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
