package import StormCluster
import Synchronization

/// What a worker tells the cluster of itself, besides its numbers.
package struct WorkerReport: Hashable, Sendable {
    package var state = WorkerState.starting
    /// The pause for which nothing is under way here any more.
    package var drained: Int?
    /// Of the assignment that it acts by.
    package var generation: Int?
}

/// The worker's report on its way to its node: the newest one only, and never in the way of the worker itself, however
/// long the store takes.
package final class WorkerReports: Sendable {
    private let place: WorkerPlace
    private let newest = Mutex(WorkerReport())
    private let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    package init(_ place: WorkerPlace) {
        self.place = place
        (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    package var current: WorkerReport { newest.withLock { $0 } }

    /// Shows the report with this change, and with the numbers of the moment, as soon as that is possible. Any thread.
    package func add(_ change: (inout WorkerReport) -> Void = { _ in }) {
        newest.withLock { change(&$0) }
        signal.yield()
    }

    /// As `add`, for what nobody waits for: it is shown with the next report.
    func change(_ change: (inout WorkerReport) -> Void) { newest.withLock { change(&$0) } }

    /// Until cancelled.
    package func send(_ record: @Sendable (WorkerReport) async -> WorkerBeatRecord) async {
        for await _ in signals {
            do {
                await place.show(try RecordCodec.encode(await record(current)))
            } catch {
                // Only a number that is not finite cannot be encoded; the next record has others.
            }
        }
    }
}
