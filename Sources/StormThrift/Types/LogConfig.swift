extension Thrift {
    /// Log levels set while a topology runs, by logger name. Field id 1 is gone.
    package struct LogConfig: ThriftStruct {
        package var namedLoggerLevel: [String: LogLevel]?

        package init() {}

        package init(namedLoggerLevel: [String: LogLevel]? = nil) {
            self.namedLoggerLevel = namedLoggerLevel
        }

        package static let fields: [ThriftField<Self>] = [
            .optional(2, "named_logger_level", \.namedLoggerLevel)
        ]
    }

    /// A change of one logger's level, perhaps for a limited time.
    package struct LogLevel: ThriftStruct {
        package var action: LogLevelAction = .unchanged
        package var targetLogLevel: String?
        package var resetLogLevelTimeoutSecs: Int32?
        /// Milliseconds since 1970, in spite of the name's neighbours.
        package var resetLogLevelTimeoutEpoch: Int64?
        package var resetLogLevel: String?

        package init() {}

        package init(
            action: LogLevelAction, targetLogLevel: String? = nil, resetLogLevelTimeoutSecs: Int32? = nil,
            resetLogLevelTimeoutEpoch: Int64? = nil, resetLogLevel: String? = nil
        ) {
            self.action = action
            self.targetLogLevel = targetLogLevel
            self.resetLogLevelTimeoutSecs = resetLogLevelTimeoutSecs
            self.resetLogLevelTimeoutEpoch = resetLogLevelTimeoutEpoch
            self.resetLogLevel = resetLogLevel
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "action", \.action),
            .optional(2, "target_log_level", \.targetLogLevel),
            .optional(3, "reset_log_level_timeout_secs", \.resetLogLevelTimeoutSecs),
            .optional(4, "reset_log_level_timeout_epoch", \.resetLogLevelTimeoutEpoch),
            .optional(5, "reset_log_level", \.resetLogLevel),
        ]
    }

    /// What to do with a logger's level.
    package enum LogLevelAction: Int32, ThriftEnum {
        case unchanged = 1
        case update = 2
        case remove = 3
    }

    /// Sampling of tuples to the event logger.
    package struct DebugOptions: ThriftStruct {
        package var enable: Bool?
        /// 0 to 100.
        package var samplingPercent: Double?

        package init() {}

        package init(enable: Bool? = nil, samplingPercent: Double? = nil) {
            self.enable = enable
            self.samplingPercent = samplingPercent
        }

        package static let fields: [ThriftField<Self>] = [
            .optional(1, "enable", \.enable),
            .optional(2, "samplingpct", \.samplingPercent),
        ]
    }
}
