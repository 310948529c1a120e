package import StormWire
import Synchronization

/// Batches on their way between the pools of an engine's loops: where tuples flow from one loop to another, empty batches
/// flow back through here. Any thread; a lock per handful of batches.
///
/// Bounded: at most 64 batches of each size are kept, the rest goes back to the allocator.
package final class BatchDepot: Sendable {
    /// What pools hand over at once.
    package static let handful = 16
    private static let keptPerSize = 64

    private let free: Mutex<[[Batch]]>

    /// - Parameter sizes: number of batch sizes.
    package init(sizes: Int = BatchPool.sizes.count) { free = Mutex(Array(repeating: [], count: sizes)) }

    /// Up to a handful of batches of one size; they belong to the caller.
    package func take(_ size: Int) -> [Batch] {
        free.withLock { free in
            let taken = Array(free[size].suffix(Self.handful))
            free[size].removeLast(taken.count)
            return taken
        }
    }

    /// Takes batches that nobody refers to any more.
    package func put(_ batches: [Batch], _ size: Int) {
        free.withLock { free in
            free[size].append(contentsOf: batches.prefix(Self.keptPerSize - free[size].count))
        }
    }
}
