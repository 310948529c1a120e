package import StormWire

/// Batches to use again, for the executors of one loop. Not thread-safe: a loop owns it.
///
/// Bounded: at most 64 batches of each size are kept, the rest goes back to the allocator.
package final class BatchPool {
    private var free: [[Batch]] = Array(repeating: [], count: BatchPool.sizes.count)
    private static let keptPerSize = 64
    /// The sizes of batches, in bytes; larger ones are made to measure and not kept.
    package static let sizes = [2 << 10, 8 << 10, 32 << 10]

    package init() {}

    package func take(_ bytes: Int, _ schema: Schema) -> Batch {
        guard let index = Self.sizes.firstIndex(where: { $0 >= bytes }) else {
            return Batch(capacityBytes: bytes, schema: schema)
        }
        return free[index].popLast() ?? Batch(capacityBytes: Self.sizes[index], schema: schema)
    }

    /// Takes a batch back unless something still refers to it.
    package func recycle(_ batch: consuming Batch) {
        guard isKnownUniquelyReferenced(&batch) else { return }
        guard let index = Self.sizes.firstIndex(of: batch.capacityBytes), free[index].count < Self.keptPerSize else { return }
        batch.credit = nil
        free[index].append(batch)
    }
}
