import StormCore
import StormTopology
import StormWire

/// What must be said to the ackers when a batch is lost on its way: the trees of all its tuples failed. Pure.
enum LostTuples {
    /// - Returns: a batch of fail records per acker task concerned; none for what nobody tracks.
    static func failures(of batch: Batch, ackers: [TaskID], reason: FailureReason, schema: Schema) -> [Batch] {
        guard !ackers.isEmpty else { return [] }
        var byAcker: [Int: Set<UInt64>] = [:]
        for root in roots(of: batch) { byAcker[Emitter.acker(of: root, of: ackers.count), default: []].insert(root) }
        return byAcker.sorted { $0.key < $1.key }.map { index, roots in
            records(roots.sorted(), to: ackers[index], from: batch.destinationTask, reason: reason, schema: schema)
        }
    }

    /// Roots of all trees that need what the batch carried: the anchors of tuples; what starts, acks and fails were about.
    static func roots(of batch: Batch) -> [UInt64] {
        var roots: [UInt64] = []
        var p = batch.payload
        while p < batch.end {
            if batch.kind == .tuples {
                let tuple = Tuple(batch, p)
                for index in 0..<tuple.anchorCount { roots.append(tuple.anchor(index).reading.u64(0)) }
                p += tuple.byteCount
            } else {
                if let record = AckRecord(at: p), [.start, .ack, .fail].contains(record.kind) { roots.append(record.root) }
                p += AckRecord.byteCount
            }
        }
        return roots
    }

    private static func records(
        _ roots: [UInt64], to acker: TaskID, from task: Int32, reason: FailureReason, schema: Schema
    ) -> Batch {
        let batch = Batch(
            capacityBytes: BatchLayout.headerBytes + roots.count * AckRecord.byteCount, schema: schema)
        var p = batch.payload
        for root in roots {
            AckRecord(.fail, root: root, task: task, reason: reason).write(at: p)
            p += AckRecord.byteCount
        }
        batch.seal(.records, from: task, to: acker.rawValue, count: roots.count, end: p, sequence: 0)
        return batch
    }
}
