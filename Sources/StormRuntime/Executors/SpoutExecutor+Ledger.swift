import StormCore
import StormTopology
import StormWire

// Read on the loop, between two slices: what is read belongs to one moment.
extension SpoutExecutor {
    /// Empty before the spouts are open.
    func ledgers() -> [SpoutLedger] {
        tasks.map { task in
            let tracking = task.collector.tracking
            var ledger = SpoutLedger(component: component, task: task.id)
            ledger.emitted = tracking.pointee.emitted
            ledger.acked = tracking.pointee.acked
            ledger.failed = task.failed
            ledger.inFlight = tracking.pointee.inFlight
            ledger.retrying = task.retry?.retrying ?? 0
            ledger.replayed = task.retry?.replayed ?? 0
            ledger.deadLettered = task.retry?.deadLettered ?? 0
            ledger.untracked = task.collector.state.pointee.emits - tracking.pointee.emitted
            for (reason, count) in [
                (DropReason.lateOutcome, tracking.pointee.lateOutcomes), (.unreadableRecord, task.unreadable),
                (.notOpen, task.id == range.first ? recordsBeforeOpen : 0),
            ] where count > 0 {
                ledger.droppedByReason[reason.rawValue] = count
            }
            return ledger
        }
    }

    /// Empty before the spouts are open.
    func journals() -> [TaskJournal] {
        tasks.map { task in
            TaskJournal(component: component, task: Int(task.id.rawValue), journal: task.journal.snapshot)
        }
    }
}
