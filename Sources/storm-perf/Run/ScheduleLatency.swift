import StormCore
import Synchronization

/// Time from when a message was due to its ack, of all paced spouts of a process.
final class ScheduleLatency: Sendable {
    private let histogram = Mutex(LatencyHistogram())

    func record(_ nanoseconds: Int64) { histogram.withLock { $0.record(nanoseconds) } }
    var current: LatencyHistogram { histogram.withLock { $0 } }
}
