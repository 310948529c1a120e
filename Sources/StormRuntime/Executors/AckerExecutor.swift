import StormCore
import StormTopology
import StormWire

/// Runs acker tasks: takes records, watches trees, tells spouts. Its edges have no flow control (see `Edge`).
final class AckerExecutor: Executor, @unchecked Sendable {
    private static let batchesPerSlice = 16

    private let parts: [Part]
    private let sweepNanoseconds: Int64
    private var nextSweep = Int64.max
    private var backlog = BatchChain()
    private var ledgers: [LedgerBox]

    /// An acker task: its emitter, and the outbox that leads to each spout task.
    struct Part {
        let task: TaskID
        let emitter: Emitter
        let outboxBySpout: [Int32: Int32]
    }

    /// Gives a noncopyable ledger a place in an array.
    private final class LedgerBox {
        var ledger = AckLedger()
        var records = 0
    }

    /// - Parameter sweepSeconds: `topology.message.timeout.secs`.
    init(range: ExecutorRange, loop: ExecutorLoop, parts: [Part], sweepSeconds: Int) {
        self.parts = parts
        sweepNanoseconds = Int64(max(1, sweepSeconds)) * 1_000_000_000
        ledgers = parts.map { _ in LedgerBox() }
        super.init(range: range, component: TopologyPlan.ackerComponent, loop: loop)
    }

    override var emitters: [Emitter] { parts.map(\.emitter) }

    override func slice(now: Int64) -> SliceResult {
        if nextSweep == .max { nextSweep = now + sweepNanoseconds }
        if now >= nextSweep {
            nextSweep = now + sweepNanoseconds
            for box in ledgers { box.ledger.sweep() }
        }
        var batches = 0
        while batches < Self.batchesPerSlice {
            if backlog.isEmpty { backlog.append(mailbox.takeAll()) }
            guard let batch = backlog.popFirst() else {
                flush(force: false)
                // Without trees there is nothing to sweep: an idle acker sleeps until it is notified.
                return .idle(until: ledgers.contains { $0.ledger.count > 0 } ? nextSweep : .max)
            }
            apply(batch)
            batch.credit?.returnCredit(batch.byteCount, sequence: batch.sequence)
            loop.pool.recycle(consume batch)
            batches += 1
        }
        flush(force: false)
        return .more
    }

    private func apply(_ batch: Batch) {
        let index = Int(batch.destinationTask - range.first.rawValue)
        let box = ledgers[index]
        let part = parts[index]
        var p = UnsafeRawPointer(batch.payload)
        let end = UnsafeRawPointer(batch.end)
        while p < end {
            if let record = AckRecord(at: p), let outcome = box.ledger.apply(record),
                let outbox = part.outboxBySpout[outcome.spout]
            {
                part.emitter.append(outcome.record, to: part.emitter.state.pointee.outboxes + Int(outbox))
            }
            p += AckRecord.byteCount
        }
        box.records += batch.count
    }

    override func close() { flush(force: true) }

    override func statistics() -> [TaskStatistics] {
        zip(parts, ledgers).map { part, box in
            var statistics = TaskStatistics(task: part.task, component: component)
            statistics.executed["records"] = box.records
            statistics.pending = box.ledger.count
            return statistics
        }
    }
}
