import Synchronization

/// What the emitters of one worker could not deliver to anybody. Any thread.
package final class EmitDrops: Sendable {
    private let misdirectedCount = Atomic<Int>(0)
    private let unaddressedCount = Atomic<Int>(0)

    package init() {}

    /// Tuples emitted to a task that does not subscribe to their stream.
    package var misdirected: Int { misdirectedCount.load(ordering: .relaxed) }
    /// Ends of trees for a spout task that is not in the topology.
    package var unaddressed: Int { unaddressedCount.load(ordering: .relaxed) }

    package func countMisdirected() { misdirectedCount.wrappingAdd(1, ordering: .relaxed) }
    package func countUnaddressed() { unaddressedCount.wrappingAdd(1, ordering: .relaxed) }
}
