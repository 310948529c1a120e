import Logging
import StormCluster
import StormCore
import StormRuntime

/// Errors of components on their way to the znodes: bounded, oldest first; what does not fit is counted.
struct ErrorOutbox: Sendable {
    static let capacity = 128

    let stream: AsyncStream<ComponentError>
    private let continuation: AsyncStream<ComponentError>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.capacity))
    }

    /// Any thread; never blocks.
    func add(_ error: ComponentError, logger: Logger) {
        logger.error("\(error.message)", metadata: ["component.id": "\(error.component)", "task.id": "\(error.task)"])
        if case .dropped = continuation.yield(error) {
            logger.warning("an error was not written to the cluster state: too many at once")
        }
    }

    func finish() { continuation.finish() }

    /// Writes errors until `finish`. One that cannot be written is in the log all the same.
    func drain(to log: ErrorLog, topologyID: String, host: String, port: Int, logger: Logger) async {
        for await error in stream {
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
}
