import FoundationEssentials
public import Logging
public import StormCore

/// Makes the loggers of one program from its configuration.
public struct LogSetup: Sendable {
    public let level: Logger.Level
    public let format: LogFormat
    public let sink: any LogSink
    /// What sets levels while the program runs; nil: nothing does.
    package var levels: RuntimeLogLevels?

    public init(level: Logger.Level, format: LogFormat, sink: any LogSink) {
        self.level = level
        self.format = format
        self.sink = sink
    }

    /// Where a program logs to.
    public enum Target: Sendable {
        case standardError
        case standardOutput
        /// A rotated file in the folder of `storm.log.dir`, made if need be; standard output, too, with `storm.log.console`.
        case file(name: String)
    }

    /// - Throws: a folder that cannot be made or a file that cannot be opened.
    public init(config: Config, target: Target) throws {
        level = Logger.Level(rawValue: config[.stormLogLevel]) ?? .info
        format = LogFormat(rawValue: config[.stormLogFormat]) ?? .text
        switch target {
        case .standardError: sink = DescriptorSink.standardError
        case .standardOutput: sink = DescriptorSink.standardOutput
        case .file(let name):
            let folder = Self.folder(config)
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let file = try RotatingFileSink(
                path: "\(folder)/\(name)", bytesMax: config[.stormLogFileSizeMaxMb] << 20,
                filesMax: config[.stormLogFilesMax])
            sink = Self.sink(file, withConsole: config[.stormLogConsole])
        }
    }

    static func sink(_ file: any LogSink, withConsole: Bool) -> any LogSink {
        guard withConsole else { return file }
        return DoubleSink(first: file, second: DescriptorSink.standardOutput)
    }

    /// The folder of log files: `storm.log.dir`, else `logs` under `storm.local.dir`.
    public static func folder(_ config: Config) -> String {
        config[.stormLogDir] ?? "\(config[.stormLocalDir])/logs"
    }

    public func logger(_ label: String) -> Logger {
        let (level, format, sink, levels) = (level, format, sink, levels)
        return Logger(label: label) {
            StormLogHandler(label: $0, level: level, format: format, sink: sink, levels: levels)
        }
    }
}

extension Logger {
    /// Tells what a configuration has to say: warnings about unknown keys, information about keys without meaning.
    public func tell(_ notices: [ConfigNotice]) {
        for notice in notices {
            log(
                level: notice.isWarning ? .warning : .info, "\(notice.description)",
                metadata: .of([.configKey: "\(notice.key)"]))
        }
    }
}
