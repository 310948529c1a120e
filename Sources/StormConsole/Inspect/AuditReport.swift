import StormCore
package import StormRuntime

/// The ledger of a running topology, as `storm audit` shows it. Pure.
package struct AuditReport: Sendable {
    /// The command's exit status.
    package enum Verdict: Int32, Sendable {
        case balanced = 0
        case unbalanced = 1
        /// A worker or a spout task could not be asked; what was seen balances.
        case incomplete = 3
    }

    private let survey: WorkerSurvey<WorkerAudit>

    package init(_ survey: WorkerSurvey<WorkerAudit>) { self.survey = survey }

    private var ledgers: [(place: WorkerPlace, ledger: SpoutLedger)] {
        survey.workers.flatMap { worker in worker.answer.spouts.map { (worker.place, $0) } }
            .sorted { ($0.1.component, $0.1.task) < ($1.1.component, $1.1.task) }
    }

    private var total: SpoutLedger {
        ledgers.reduce(into: SpoutLedger(component: "total", task: TaskID(0))) { $0.add($1.ledger) }
    }

    /// Everything thrown away, by reason: in workers and by spout tasks.
    private var dropped: [String: Int] {
        survey.workers.reduce(into: total.droppedByReason) { $0.merge($1.answer.dropped) { $0 + $1 } }
    }

    package var verdict: Verdict {
        if ledgers.contains(where: { !$0.ledger.isBalanced }) { return .unbalanced }
        return survey.gaps.isEmpty ? .balanced : .incomplete
    }

    /// Why the exit status is not 0.
    package var failure: CommandFailure? {
        let name = survey.topologyName
        switch verdict {
        case .balanced: return nil
        case .unbalanced:
            let broken = ledgers.filter { !$0.ledger.isBalanced }.map {
                "\($0.ledger.component) task \($0.ledger.task) on \($0.place) by \($0.ledger.balance)"
            }
            return CommandFailure(
                "\(name) does not balance: \(broken.joined(separator: ", "))", exitCode: Verdict.unbalanced.rawValue)
        case .incomplete:
            return CommandFailure(
                "\(name) could not be audited as a whole: \(survey.gaps.joined(separator: "; "))",
                exitCode: Verdict.incomplete.rawValue)
        }
    }

    // MARK: Text

    package var lines: [String] {
        var table = TextTable([
            .text("Spout"), .number("Task"), .text("Worker"), .number("Emitted"), .number("Acked"), .number("Failed"),
            .number("In_flight"), .number("Retrying"), .number("Dead"), .number("Replayed"), .number("Untracked"),
            .number("Balance"),
        ])
        for (place, ledger) in ledgers { table.add(row(ledger, "\(ledger.task)", "\(place)")) }
        table.add(row(total, "", ""))
        var lines = [
            "\(survey.topologyName) (\(survey.topologyID)), \(survey.workers.count) \(survey.workers.count == 1 ? "worker" : "workers")",
            "",
        ]
        lines += table.lines
        if !dropped.isEmpty { lines += [""] + dropTable.lines }
        return lines + ["", verdictLine]
    }

    private func row(_ ledger: SpoutLedger, _ task: String, _ worker: String) -> [String] {
        let numbers = [
            ledger.emitted, ledger.acked, ledger.failed, ledger.inFlight, ledger.retrying, ledger.deadLettered,
            ledger.replayed, ledger.untracked, ledger.balance,
        ]
        return [ledger.component, task, worker] + numbers.map { "\($0)" }
    }

    private var dropTable: TextTable {
        var table = TextTable([.text("Dropped"), .text("Where"), .number("Count")])
        for (place, ledger) in ledgers {
            for (reason, count) in ledger.droppedByReason.sorted(by: { $0.key < $1.key }) {
                table.add([reason, "\(ledger.component) task \(ledger.task) on \(place)", "\(count)"])
            }
        }
        for worker in survey.workers {
            for (reason, count) in worker.answer.dropped.sorted(by: { $0.key < $1.key }) {
                table.add([reason, "\(worker.place)", "\(count)"])
            }
        }
        return table
    }

    private var verdictLine: String {
        switch verdict {
        case .balanced: "balanced: each message emitted was acked, has failed, or is in flight"
        case .unbalanced: "NOT BALANCED: messages were lost, or ended more than once"
        case .incomplete: "incomplete: what was seen balances, but not everybody answered"
        }
    }

    // MARK: JSON

    private struct Content: Encodable {
        var topology: String
        var topologyID: String
        var verdict: String
        var totals: [String: Int]
        var dropped: [String: Int]
        var workers: [WorkerAudit]
        var unreachable: [WorkerSurvey<WorkerAudit>.Missing]

        enum CodingKeys: String, CodingKey {
            case topology, verdict, totals, dropped, workers, unreachable
            case topologyID = "topology_id"
        }
    }

    package func json() throws -> String {
        let total = total
        return try ReportJSON.text(
            Content(
                topology: survey.topologyName, topologyID: survey.topologyID, verdict: "\(verdict)",
                totals: [
                    "emitted": total.emitted, "acked": total.acked, "failed": total.failed,
                    "in_flight": total.inFlight, "retrying": total.retrying, "dead_lettered": total.deadLettered,
                    "replayed": total.replayed, "untracked": total.untracked, "balance": total.balance,
                ], dropped: dropped, workers: survey.workers.map(\.answer), unreachable: survey.missing))
    }
}
