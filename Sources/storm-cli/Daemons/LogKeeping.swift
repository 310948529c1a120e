import Logging
import StormCore
import StormDaemon
import StormLogs
import StormRuntime

/// The logs of this machine's workers, as a supervisor and a log viewer keep and show them.
struct LogKeeping: Sendable {
    private let cleaner: LogCleaner
    private let outputs: OutputRotation
    let pages: LogPages
    let links: LogLinkPages

    init(_ config: Config) {
        let logs = LocalPath.absolute(LogSetup.folder(config))
        let folder = LogFolder(logs: logs)
        pages = LogPages(folder)
        links = LogLinkPages(logs: logs)
        outputs = OutputRotation(folder, bytesMax: config[.stormLogFileSizeMaxMb] << 20)
        let limits = LogCleanup.Limits(
            ageMilliseconds: Int64(config[.logviewerCleanupAgeMins]) * 60_000,
            workerBytesMax: Int(config[.logviewerMaxPerWorkerLogsSizeMb] * 1_048_576),
            sumBytesMax: Int(config[.logviewerMaxSumWorkerLogsSizeMb] * 1_048_576))
        cleaner = LogCleaner(
            folder, workers: "\(LocalPath.absolute(config[.stormLocalDir]))/workers", limits: limits,
            interval: config.duration(.logviewerCleanupIntervalSecs) ?? .seconds(600), clock: SystemClock())
    }

    /// Deletes old logs and rotates what workers print, until cancelled. For the machine's supervisor alone.
    func keep(_ logger: Logger) async {
        async let _ = clean(logger)
        while !Task.isCancelled {
            for failure in outputs.run() { logger.warning("what a worker prints cannot be rotated: \(failure)") }
            // Cancelled: the loop ends.
            try? await Task.sleep(for: Self.outputInterval)
        }
    }

    private static let outputInterval = Duration.seconds(30)

    /// Deletes old logs, until cancelled.
    func clean(_ logger: Logger) async {
        await cleaner.run { deleted, failed in
            if !deleted.isEmpty {
                logger.info("deleted old logs of workers", metadata: .of([.count: "\(deleted.count)"]))
            }
            for failure in failed { logger.warning("an old log cannot be deleted: \(failure)") }
        }
    }
}
