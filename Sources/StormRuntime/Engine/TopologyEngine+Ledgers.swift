package import StormCore
import StormTopology
import Synchronization

/// The conservation law, looked at from outside.
extension TopologyEngine {
    /// Tasks of spouts that run here, in order.
    package var spoutTasks: [TaskID] { spouts.flatMap(\.range.tasks).sorted() }

    /// The ledgers of all spout tasks here, in task order, each of one moment. Those of an executor that has been in user
    /// code for seconds, or is not open yet, are missing: compare with `spoutTasks`.
    package func ledgers() async -> [SpoutLedger] {
        await ofSpouts { $0.ledgers() }.sorted { $0.task < $1.task }
    }

    /// Why messages failed, by spout task in order; missing as in `ledgers`.
    package func journals() async -> [TaskJournal] {
        await ofSpouts { $0.journals() }.sorted { $0.task < $1.task }
    }

    /// As `ledgers`, between two steps.
    package func steppedLedgers() -> [SpoutLedger] {
        spouts.flatMap { $0.ledgers() }.sorted { $0.task < $1.task }
    }

    /// As `journals`, between two steps.
    package func steppedJournals() -> [TaskJournal] {
        spouts.flatMap { $0.journals() }.sorted { $0.task < $1.task }
    }

    /// What this worker's share of the topology threw away, by `DropReason`, as far as no spout task counts it.
    package var dropped: [String: Int] {
        let all: [(DropReason, Int)] = [
            (.notHere, undeliverableTuples), (.misdirected, drops.misdirected),
            (.unaddressedOutcome, drops.unaddressed),
        ]
        return all.reduce(into: [:]) { if $1.1 > 0 { $0[$1.0.rawValue] = $1.1 } }
    }

    private var spouts: [SpoutExecutor] { executors.compactMap { $0 as? SpoutExecutor } }

    private func ofSpouts<Answer: Sendable>(
        _ question: @escaping @Sendable (SpoutExecutor) -> [Answer]
    ) async -> [Answer] {
        let spouts = spouts
        guard hasStarted.load(ordering: .acquiring), !spouts.isEmpty else { return [] }
        let round = ExecutorRound<[Answer]>(count: spouts.count)
        for (index, spout) in spouts.enumerated() {
            spout.ask({ _ in question(spout) }) { round.answer(index, $0) }
        }
        return await round.answers().sorted { $0.key < $1.key }.flatMap(\.value)
    }
}
