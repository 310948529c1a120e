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
            records(
                .fail, roots.sorted(), to: ackers[index], from: batch.destinationTask, reason: reason, schema: schema)
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
            .failed, roots, to: TaskID(batch.sourceTask), from: batch.destinationTask, reason: .workerLost,
            schema: schema)
    }

    /// What an acker has to tell a spout again: it forgets a tree when it says how it ended, so nobody else could. A spout
    /// that heard it before ignores it.
    /// - Returns: a batch of the same outcomes to the same spout task, or nil when there are none within.
    static func outcomes(of batch: Batch, schema: Schema) -> Batch? {
        guard batch.kind == .records else { return nil }
        let outcomes = stride(from: 0, to: batch.count * AckRecord.byteCount, by: AckRecord.byteCount).compactMap {
            AckRecord(at: batch.payload + $0)
        }.filter { $0.kind == .completed || $0.kind == .failed }
        guard !outcomes.isEmpty else { return nil }
        return records(outcomes, to: TaskID(batch.destinationTask), from: batch.sourceTask, schema: schema)
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
                if let record = AckRecord(at: p), [.start, .ack, .fail].contains(record.kind) {
                    roots.append(record.root)
                }
                p += AckRecord.byteCount
            }
        }
        return roots
    }

    private static func records(
        _ kind: AckRecord.Kind, _ roots: [UInt64], to receiver: TaskID, from task: Int32, reason: FailureReason,
        schema: Schema
    ) -> Batch {
        records(
            roots.map { AckRecord(kind, root: $0, task: task, reason: reason) }, to: receiver, from: task,
            schema: schema)
    }

    private static func records(_ records: [AckRecord], to receiver: TaskID, from task: Int32, schema: Schema) -> Batch
    {
        let batch = Batch(
            capacityBytes: BatchLayout.headerBytes + records.count * AckRecord.byteCount, schema: schema)
        var p = batch.payload
        for record in records {
            record.write(at: p)
            p += AckRecord.byteCount
        }
        batch.seal(.records, from: task, to: receiver.rawValue, count: records.count, end: p, sequence: 0)
        return batch
    }
}
