public import Logging
import Synchronization

/// Keeps log records for tests to look at, the newest `recordsMax` of them.
public final class RecordingLog: Sendable {
    public struct Record: Sendable {
        public let label: String
        public let level: Logger.Level
        public let message: String
        public let metadata: [String: String]
    }

    private struct State {
        var records: [Record] = []
        var waiters: [(id: Int, matches: @Sendable (Record) -> Bool, resume: CheckedContinuation<Record?, Never>)] = []
        var nextID = 0
    }

    private let recordsMax: Int
    private let state = Mutex(State())

    public init(recordsMax: Int = 10_000) { self.recordsMax = recordsMax }

    public var records: [Record] { state.withLock { $0.records } }

    public func messages(atLeast level: Logger.Level = .trace) -> [String] {
        records.filter { $0.level >= level }.map(\.message)
    }

    /// A logger that records everything from `level` on.
    public func logger(_ label: String = "test", level: Logger.Level = .trace) -> Logger {
        Logger(label: label) { RecordingLogHandler(label: $0, logLevel: level, log: self) }
    }

    /// The first record, past or future, that matches; nil when `timeout` is over.
    public func first(
        within timeout: Duration = .seconds(10), where matches: @escaping @Sendable (Record) -> Bool
    ) async -> Record? {
        await withTaskGroup(of: Record?.self) { group in
            group.addTask { await self.next(where: matches) }
            group.addTask {
                // Cancelled when the record came first.
                try? await ContinuousClock().sleep(for: timeout)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }

    func add(_ record: Record) {
        let resumed = state.withLock { state -> [CheckedContinuation<Record?, Never>] in
            state.records.append(record)
            if state.records.count > recordsMax { state.records.removeFirst() }
            let matching = state.waiters.filter { $0.matches(record) }
            state.waiters.removeAll { waiter in matching.contains { $0.id == waiter.id } }
            return matching.map(\.resume)
        }
        for continuation in resumed { continuation.resume(returning: record) }
    }

    private func next(where matches: @escaping @Sendable (Record) -> Bool) async -> Record? {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let known = state.withLock { state -> Record? in
                    if let record = state.records.first(where: matches) { return record }
                    state.waiters.append((id, matches, continuation))
                    return nil
                }
                if let known { continuation.resume(returning: known) }
                if Task.isCancelled { cancel(id) }
            }
        } onCancel: {
            cancel(id)
        }
    }

    private func cancel(_ id: Int) {
        let continuation = state.withLock { state -> CheckedContinuation<Record?, Never>? in
            guard let index = state.waiters.firstIndex(where: { $0.id == id }) else { return nil }
            return state.waiters.remove(at: index).resume
        }
        continuation?.resume(returning: nil)
    }
}

struct RecordingLogHandler: LogHandler {
    let label: String
    var logLevel: Logger.Level
    let log: RecordingLog
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    init(label: String, logLevel: Logger.Level, log: RecordingLog) {
        self.label = label
        self.logLevel = logLevel
        self.log = log
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var all = metadata
        if let own = event.metadata { all.merge(own) { $1 } }
        if let error = event.error { all["error"] = "\(error)" }
        log.add(
            .init(
                label: label, level: event.level, message: event.message.description,
                metadata: all.mapValues(\.description)))
    }
}
