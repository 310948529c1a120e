package import StormWire

/// Batches to use again, for the executors of one loop, or the connections of an event loop. Not thread-safe: a loop
/// owns it.
///
/// Bounded: at most `keptPerSize` batches of each size are kept, the rest goes to the depot, or back to the allocator.
package final class BatchPool {
    private var free: [[Batch]] = Array(repeating: [], count: BatchPool.sizes.count)
    private let keptPerSize: Int
    /// The sizes of batches, in bytes; larger ones are made to measure and not kept.
    package static let sizes = [2 << 10, 8 << 10, 32 << 10, 64 << 10]

    /// Batches that came from the allocator.
    package private(set) var made = 0
    /// Batches that were used again.
    package private(set) var reused = 0

    private let depot: BatchDepot?

    /// - Parameters:
    ///   - depot: where loops exchange batches; nil for one that is alone.
    ///   - keptPerSize: at least a handful.
    package init(depot: BatchDepot? = nil, keptPerSize: Int = 64) {
        precondition(keptPerSize >= BatchDepot.handful, "fewer batches than a pool hands over at once")
        self.depot = depot
        self.keptPerSize = keptPerSize
    }

    package func take(_ bytes: Int, _ schema: Schema) -> Batch {
        let index = Self.sizes.firstIndex { $0 >= bytes }
        if let index, free[index].isEmpty, let depot { free[index] = depot.take(index) }
        if let index, let batch = free[index].popLast() {
            reused += 1
            return batch
        }
        made += 1
        return Batch(capacityBytes: index.map { Self.sizes[$0] } ?? bytes, schema: schema)
    }

    /// Takes a batch back unless something still refers to it: a kept tuple, or a caller who did not `consume` its own
    /// reference.
    package func recycle(_ batch: consuming Batch) {
        guard isKnownUniquelyReferenced(&batch) else { return }
        guard let index = Self.sizes.firstIndex(of: batch.capacityBytes) else { return }
        if free[index].count == keptPerSize {
            guard let depot else { return }
            depot.put(Array(free[index].suffix(BatchDepot.handful)), index)
            free[index].removeLast(BatchDepot.handful)
        }
        batch.credit = nil
        batch.reader = nil
        free[index].append(batch)
    }
}
