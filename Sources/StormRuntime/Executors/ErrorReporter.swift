public import StormCore
import StormTopology

/// An error of a component, for the operator.
public struct ComponentError: Sendable {
    public let component: String
    public let task: TaskID
    /// The error and, where there is one, the tuple that caused it.
    public let message: String
    public let epochMilliseconds: Int64
}

/// Lets through a bounded number of errors per interval (`topology.max.error.report.per.interval`,
/// `topology.error.throttle.interval.secs`) and counts the rest; as many urgent ones besides. One per task; confined to its
/// executor.
final class ErrorReporter {
    /// What was let through in the current interval.
    private struct Budget {
        var intervalStart: Int64 = 0
        var shown = 0

        mutating func admits(now: Int64, limit: Int, intervalMilliseconds: Int64) -> Bool {
            if now - intervalStart >= intervalMilliseconds || now < intervalStart {
                intervalStart = now
                shown = 0
            }
            guard shown < limit else { return false }
            shown += 1
            return true
        }
    }

    private let component: String
    private let task: TaskID
    private let clock: any TimeSource
    private let limit: Int
    private let intervalMilliseconds: Int64
    private let sink: @Sendable (ComponentError) -> Void
    private var ordinary = Budget()
    private var urgent = Budget()
    private(set) var count = 0

    init(
        component: String, task: TaskID, clock: any TimeSource, limit: Int, intervalMilliseconds: Int64,
        sink: @escaping @Sendable (ComponentError) -> Void
    ) {
        self.component = component
        self.task = task
        self.clock = clock
        self.limit = limit
        self.intervalMilliseconds = intervalMilliseconds
        self.sink = sink
    }

    func report(_ error: any Error) { report("\(error)", isUrgent: error is any UrgentError) }

    func report(_ message: String, isUrgent: Bool = false) {
        count += 1
        let now = clock.epochMilliseconds()
        let isShown =
            isUrgent
            ? urgent.admits(now: now, limit: limit, intervalMilliseconds: intervalMilliseconds)
            : ordinary.admits(now: now, limit: limit, intervalMilliseconds: intervalMilliseconds)
        guard isShown else { return }
        sink(ComponentError(component: component, task: task, message: message, epochMilliseconds: now))
    }
}
