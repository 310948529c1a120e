import StormCore
import StormTopology
import StormWire

/// Runs acker tasks: takes records, watches trees, tells spouts. Its own edges have no flow control (see `Edge`): it never
/// waits.
final class AckerExecutor: Executor, @unchecked Sendable {
    private static let batchesPerSlice = 16

    private let parts: [Part]
    private let ownEmitters: [Emitter]
    private let sweepNanoseconds: Int64
    private let treesTakeAnyTime: Bool
    private var nextSweep = Int64.max
    private var backlog = BatchChain()
    private var ledgers: [LedgerBox]

    /// An acker task: its emitter, and the outbox that leads to each spout task.
    struct Part {
        let task: TaskID
        let emitter: Emitter
        /// Outbox number by spout task; -1 for other tasks.
        let outboxBySpout: [Int32]
    }

    /// Gives a noncopyable ledger a place in an array.
    private final class LedgerBox {
        var ledger = AckLedger()
        /// By source task.
        var heard: [Int32: Heard] = [:]
    }

    /// Tasks of the topology; they are numbered from 1 on.
    private let taskCount: Int32

    /// Records of one task, by kind.
    private struct Heard {
        var records = 0
        var rare = AckLedger.RareRecords()

        /// Under the names that Storm has for the streams between tasks and ackers; abandoned trees have no other.
        func byStream(isSpout: Bool) -> [(StreamID, Int)] {
            let usual = records - rare.fails - rare.resets - rare.abandons
            let all: [(StreamID, Int)] = [
                (isSpout ? "__ack_init" : "__ack_ack", usual), ("__ack_fail", rare.fails),
                ("__ack_reset_timeout", rare.resets), ("__ack_abandon", rare.abandons),
            ]
            return all.filter { $0.1 > 0 }
        }
    }

    /// - Parameters:
    ///   - sweepNanoseconds: `topology.message.timeout.secs`.
    ///   - treesTakeAnyTime: `topology.enable.message.timeouts: false`.
    init(range: ExecutorRange, loop: ExecutorLoop, parts: [Part], sweepNanoseconds: Int64, treesTakeAnyTime: Bool) {
        self.parts = parts
        ownEmitters = parts.map(\.emitter)
        self.sweepNanoseconds = sweepNanoseconds
        self.treesTakeAnyTime = treesTakeAnyTime
        ledgers = parts.map { _ in LedgerBox() }
        taskCount = Int32(parts.first?.emitter.schema.plan.taskCount ?? 0)
        super.init(range: range, component: TopologyPlan.ackerComponent, loop: loop)
    }

    override var emitters: [Emitter] { ownEmitters }

    override func slice(now: Int64) -> SliceResult {
        if nextSweep == .max { nextSweep = now + sweepNanoseconds }
        if now >= nextSweep {
            nextSweep = now + sweepNanoseconds
            for box in ledgers { box.ledger.sweep(keepingStarted: treesTakeAnyTime) }
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
            pool.recycle(consume batch)
            batches += 1
        }
        flush(force: false)
        return .more
    }

    private func apply(_ batch: Batch) {
        let index = Int(batch.destinationTask - range.first.rawValue)
        let box = ledgers[index]
        let emitter = parts[index].emitter
        let outboxes = emitter.state.pointee.outboxes
        let before = box.ledger.rare
        parts[index].outboxBySpout.withUnsafeBufferPointer { outboxBySpout in
            box.ledger.apply(UnsafeRawPointer(batch.payload), UnsafeRawPointer(batch.end)) { spout, record in
                let position = Int(spout)
                guard position < outboxBySpout.count, outboxBySpout[position] >= 0 else {
                    emitter.drops?.countUnaddressed()
                    return
                }
                emitter.append(record, to: outboxes + Int(outboxBySpout[position]))
            }
        }
        // What a peer says of itself must not make the table grow.
        let source = batch.sourceTask > 0 && batch.sourceTask <= taskCount ? batch.sourceTask : 0
        var heard = box.heard[source] ?? Heard()
        heard.records += batch.count
        heard.rare.fails += box.ledger.rare.fails - before.fails
        heard.rare.resets += box.ledger.rare.resets - before.resets
        heard.rare.abandons += box.ledger.rare.abandons - before.abandons
        box.heard[source] = heard
    }

    override func close() { flush(force: true) }

    override func statistics() -> [TaskStatistics] {
        zip(parts, ledgers).map { part, box in
            var statistics = TaskStatistics(task: part.task, component: component)
            let plan = part.emitter.schema.plan
            for (source, heard) in box.heard {
                let component = part.emitter.schema.component(ofTask: source)
                statistics.executed[component, default: 0] += heard.records
                for (stream, count) in heard.byStream(isSpout: plan[component]?.role == .spout) {
                    statistics.inputs[GlobalStreamID(component, stream), default: InputCounts()].executed += count
                }
            }
            statistics.pending = box.ledger.count
            return statistics
        }
    }
}
