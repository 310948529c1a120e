import FoundationEssentials
import StormConsole
import StormRuntime
import Testing

@Suite struct AuditReportTests {
    private var balanced: [WorkerAudit] {
        var ledger = Inspected.ledger(4, emitted: 100, acked: 90, failed: 4, inFlight: 6)
        ledger.droppedByReason = ["late_outcome": 2]
        return [
            Inspected.audit(Inspected.first, [ledger], dropped: ["connection_lost": 12]),
            Inspected.audit(Inspected.second, [Inspected.ledger(5, emitted: 1000, acked: 1000)]),
        ]
    }

    @Test func aBalancedTopologyIsShownAndSucceeds() {
        let report = AuditReport(Inspected.survey(balanced))
        #expect(report.verdict == .balanced && report.failure == nil)
        #expect(
            report.lines == [
                "wc (wc-1-1), 2 workers", "",
                "Spout  Task  Worker   Emitted  Acked  Failed  In_flight  Retrying  Dead  Replayed  Untracked  Balance",
                "lines     4  h1:6700      100     90       4          6         0     0         0          0        0",
                "lines     5  h2:6701     1000   1000       0          0         0     0         0          0        0",
                "total                    1100   1090       4          6         0     0         0          0        0",
                "", "Dropped          Where                    Count",
                "late_outcome     lines task 4 on h1:6700      2",
                "connection_lost  h1:6700                     12", "",
                "balanced: each message emitted was acked, has failed, or is in flight",
            ])
    }

    @Test(arguments: [89, 91]) func aLedgerThatDoesNotBalanceFailsWithStatus1AndNamesTheTask(_ acked: Int) {
        var audits = balanced
        audits[0].spouts[0].acked = acked
        let report = AuditReport(Inspected.survey(audits, missing: [(Inspected.second, "x")]))
        #expect(report.verdict == .unbalanced)
        #expect(report.failure?.exitCode == 1)
        #expect(report.failure?.message == "wc does not balance: lines task 4 on h1:6700 by \(90 - acked)")
        #expect(report.lines.last?.hasPrefix("NOT BALANCED") == true)
    }

    /// Two tasks whose faults cancel each other in the total.
    @Test func theTotalDoesNotHideFaults() {
        var audits = balanced
        audits[0].spouts[0].acked += 1
        audits[1].spouts[0].acked -= 1
        #expect(AuditReport(Inspected.survey(audits)).verdict == .unbalanced)
    }

    @Test func aWorkerThatCannotBeReachedIsNamedWithStatus3() {
        let report = AuditReport(
            Inspected.survey([balanced[0]], missing: [(Inspected.second, "Connection refused")]))
        #expect(report.verdict == .incomplete && report.failure?.exitCode == 3)
        #expect(
            report.failure?.message
                == "wc could not be audited as a whole: worker h2:6701 cannot be reached: Connection refused")
    }

    @Test func aSpoutTaskThatDoesNotAnswerIsNamedWithStatus3() {
        let report = AuditReport(Inspected.survey([Inspected.audit(Inspected.first, silent: [4, 5])]))
        #expect(report.failure?.exitCode == 3)
        #expect(report.failure?.message.contains("spout tasks [4, 5] of worker h1:6700 do not answer") == true)
    }

    @Test func aTopologyWithoutWorkersCannotBeAudited() {
        let report = AuditReport(Inspected.survey([]))
        #expect(report.failure?.exitCode == 3)
        #expect(report.failure?.message.contains("no worker is assigned") == true)
    }

    @Test func jsonHasTotalsDropsAndTheWorkersOwnAnswers() throws {
        struct Seen: Decodable {
            var topology: String
            var topology_id: String
            var verdict: String
            var totals: [String: Int]
            var dropped: [String: Int]
            var workers: [WorkerAudit]
            var unreachable: [[String: String]]
        }
        let text = try AuditReport(Inspected.survey(balanced)).json()
        let seen = try JSONDecoder().decode(Seen.self, from: Data(text.utf8))
        #expect(seen.topology == "wc" && seen.topology_id == "wc-1-1" && seen.verdict == "balanced")
        #expect(seen.totals["emitted"] == 1100 && seen.totals["balance"] == 0 && seen.totals.count == 9)
        #expect(seen.dropped == ["late_outcome": 2, "connection_lost": 12])
        #expect(seen.workers == balanced && seen.unreachable.isEmpty)
    }
}

@Suite struct TextTableTests {
    @Test func textIsAlignedLeftAndNumbersRight() {
        var table = TextTable([.text("A"), .number("Number"), .text("B")])
        table.add(["long text", "1", "x"])
        table.add(["t", "10000000", ""])
        #expect(table.lines == ["A            Number  B", "long text         1  x", "t          10000000"])
    }
}
