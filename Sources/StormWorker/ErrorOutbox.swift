import Logging
import StormCluster
import StormCore
import StormRuntime
import Synchronization

/// Errors of components on their way to the znodes. As many of each component wait as its znodes keep, the newest, and the
/// components are served in turns: a flood of one never displaces the single error of another.
final class ErrorOutbox: Sendable {
    private struct Waiting {
        /// By component; none is empty. No more of them than the topology has components.
        var errors: [String: [ComponentError]] = [:]
        /// The components that have some, the next one first.
        var turns: [String] = []
    }

    private let waiting = Mutex(Waiting())
    /// Has an element when something waits that has not been looked at.
    private let news: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (news, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Any thread; waits for nobody.
    func add(_ error: ComponentError, logger: Logger) {
        logger.error("\(error.message)", metadata: ["component.id": "\(error.component)", "task.id": "\(error.task)"])
        if !put(error) {
            logger.warning(
                "an older error is not written to the cluster state: too many at once",
                metadata: ["component.id": "\(error.component)"])
        }
        continuation.yield()
    }

    /// - Returns: false when an older one of the component gave way.
    func put(_ error: ComponentError) -> Bool {
        waiting.withLock { waiting in
            var errors = waiting.errors[error.component] ?? []
            if errors.isEmpty { waiting.turns.append(error.component) }
            let fits = errors.count < ErrorLog.keptPerComponent
            if !fits { errors.removeFirst() }
            errors.append(error)
            waiting.errors[error.component] = errors
            return fits
        }
    }

    /// The oldest error of the component whose turn it is; nil when none waits.
    func take() -> ComponentError? {
        waiting.withLock { waiting in
            guard let component = waiting.turns.first, var errors = waiting.errors[component] else { return nil }
            waiting.turns.removeFirst()
            let error = errors.removeFirst()
            waiting.errors[component] = errors.isEmpty ? nil : errors
            if !errors.isEmpty { waiting.turns.append(component) }
            return error
        }
    }

    func finish() { continuation.finish() }

    /// Writes errors until `finish`, and those that wait then. One that cannot be written is in the log all the same.
    func drain(to log: ErrorLog, topologyID: String, host: String, port: Int, logger: Logger) async {
        func writeAll() async {
            while let error = take() {
                let record = ErrorRecord(
                    component: error.component, host: host, port: port, task: Int(error.task.rawValue),
                    timeMilliseconds: error.epochMilliseconds, kind: "error", message: error.message)
                do {
                    try await log.report(record, topologyID: topologyID)
                } catch {
                    logger.warning("an error could not be written to the cluster state: \(error)")
                }
            }
        }
        for await _ in news { await writeAll() }
        await writeAll()
    }
}
