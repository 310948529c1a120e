public import StormCore
import Synchronization

/// Which loop (thread) runs which executor, and how busy each is: what `TopologyEngine.placement` saw.
public struct Placement: Sendable, Equatable {
    public struct Entry: Sendable, Equatable {
        public let executor: ExecutorRange
        public let component: String
        /// Number of the loop, from 0; executors with the same number share a thread.
        public let loop: Int
        /// Whether the thread is the executor's own: asked for by the component, or given because it blocked others.
        public let isDedicated: Bool
        /// Time in the executor's slices since the engine was made, in nanoseconds of the wall clock.
        public let busyNanoseconds: Int64
        /// Part of the time since the earlier placement that the executor was busy, 0...1.
        public let busyShare: Double
    }

    /// In the order of tasks.
    public let entries: [Entry]
    /// Monotonic nanoseconds.
    public let takenAt: Int64

    /// Busy share of each loop, by its number.
    public var loopShares: [Int: Double] { entries.reduce(into: [:]) { $0[$1.loop, default: 0] += $1.busyShare } }
}

extension TopologyEngine {
    /// Where the executors run at this moment. Any thread; O(executors).
    /// - Parameter earlier: start of the time that `busyShare` is taken over; nil: the making of the engine.
    public func placement(since earlier: Placement? = nil) -> Placement {
        let now = clock.monotonicNanoseconds()
        let elapsed = Double(max(1, now - (earlier?.takenAt ?? madeAt)))
        let before = Dictionary(
            uniqueKeysWithValues: (earlier?.entries ?? []).map { ($0.executor, $0.busyNanoseconds) })
        let entries = executors.map { executor in
            let busy = executor.busyNanoseconds
            let loop = executor.place.load(ordering: .relaxed)
            return Placement.Entry(
                executor: executor.range, component: executor.component, loop: loop,
                isDedicated: loop >= group.shared.count, busyNanoseconds: busy,
                busyShare: min(1, Double(busy - (before[executor.range] ?? 0)) / elapsed))
        }
        return Placement(entries: entries, takenAt: now)
    }
}
