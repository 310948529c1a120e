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
            records(.fail, roots.sorted(), to: ackers[index], from: batch.destinationTask, reason: reason, schema: schema)
        }
    }

    /// What the spout that sent a lost batch has to hear itself: the acker does not know whose trees they are if the
    /// records that start them were in it.
    /// - Returns: a batch of `failed` records to the batch's own sender, or nil when it starts no tree.
    static func unstarted(by batch: Batch, schema: Schema) -> Batch? {
        guard batch.kind == .records else { return nil }
        let roots = stride(from: 0, to: batch.count * AckRecord.byteCount, by: AckRecord.byteCount).compactMap {
            AckRecord(at: batch.payload + $0)
        }.filter { $0.kind == .start }.map(\.root)
        guard !roots.isEmpty else { return nil }
        return records(
            .failed, roots, to: TaskID(batch.sourceTask), from: batch.destinationTask, reason: .workerLost, schema: schema)
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
        _ kind: AckRecord.Kind, _ roots: [UInt64], to receiver: TaskID, from task: Int32, reason: FailureReason, schema: Schema
    ) -> Batch {
        let batch = Batch(
            capacityBytes: BatchLayout.headerBytes + roots.count * AckRecord.byteCount, schema: schema)
        var p = batch.payload
        for root in roots {
            AckRecord(kind, root: root, task: task, reason: reason).write(at: p)
            p += AckRecord.byteCount
        }
        batch.seal(.records, from: task, to: receiver.rawValue, count: roots.count, end: p, sequence: 0)
        return batch
    }
}
