internal import Logging
internal import StormCluster

/// Writes error records to the store one after the other, and again when it cannot be reached: never in the way of
/// restarting a worker.
actor ErrorReporter {
    private struct Report {
        let topologyID: String
        let record: ErrorRecord
    }

    static let queuedMax = 64

    private let errors: ErrorLog
    private let logger: Logger
    private let retryDelay: Duration
    private var queue: [Report] = []
    private var isWriting = false
    /// Reports that fell out of the full queue, the oldest first.
    private(set) var dropped = 0

    init(errors: ErrorLog, logger: Logger, retryDelay: Duration) {
        self.errors = errors
        self.logger = logger
        self.retryDelay = retryDelay
    }

    /// Returns when the report is queued.
    func report(_ record: ErrorRecord, topologyID: String) {
        if queue.count >= Self.queuedMax {
            queue.removeFirst()
            dropped += 1
        }
        queue.append(Report(topologyID: topologyID, record: record))
        guard !isWriting else { return }
        isWriting = true
        Task { await self.write() }
    }

    private func write() async {
        while !queue.isEmpty {
            // Out of the queue before it is written: a full one drops another.
            await write(queue.removeFirst())
        }
        isWriting = false
    }

    private func write(_ report: Report) async {
        while true {
            do {
                return try await errors.report(report.record, topologyID: report.topologyID)
            } catch let error as CoordinationError where error.isRetriable {
                // The cancellation of a sleep ends nothing here: this task has no owner that cancels it.
                try? await Task.sleep(for: retryDelay)
            } catch {
                logger.warning("an error of topology \(report.topologyID) cannot be recorded: \(error)")
                if (error as? CoordinationError)?.code == .closed { queue = [] }
                return
            }
        }
    }
}
