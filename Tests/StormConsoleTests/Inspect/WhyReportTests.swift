import FoundationEssentials
import StormConsole
import StormRuntime
import StormThrift
import StormTopology
import StormWire
import Testing

@Suite struct WhyReportTests {
    private func survey(_ add: (inout FailureJournal, inout FailureJournal) -> Void) -> WorkerSurvey<WorkerCauses> {
        var journals = (FailureJournal(), FailureJournal())
        add(&journals.0, &journals.1)
        let workers = [(Inspected.first, journals.0), (Inspected.second, journals.1)].map { place, journal in
            WorkerSurvey<WorkerCauses>.Worker(
                place: place,
                answer: WorkerCauses(
                    topologyID: "wc-1-1", host: place.host, port: place.port, timeMilliseconds: 1,
                    spouts: [TaskJournal(component: "lines", task: 4, journal: journal.snapshot)], silentTasks: []))
        }
        return WorkerSurvey(topologyName: "wc", topologyID: "wc-1-1", workers: workers, missing: [])
    }

    private let lost = FailureCause(reason: .workerLost, component: "count", task: 7, host: "h2", port: 6701)
    private let broken = FailureCause(reason: .threw, component: "split", task: 9, detail: "no\nnumber")

    @Test func nothingFailedIsSaid() {
        let report = WhyReport(survey { _, _ in })
        #expect(report.lines == ["wc (wc-1-1): no message has failed in its running workers"])
        #expect(report.failure == nil)
    }

    @Test func causesOfAllWorkersAreAddedUpTheMostFrequentFirst() {
        let report = WhyReport(
            survey { a, b in
                a.add("x", broken, timeMilliseconds: 1_700_000_000_000)
                a.add("y", lost, timeMilliseconds: 1_700_000_001_000)
                b.add("z", lost, timeMilliseconds: 1_700_000_002_500, attempts: 2)
            })
        let lines = report.lines
        #expect(lines[0] == "wc (wc-1-1): 3 failed, by cause")
        #expect(
            Array(lines[2...4]) == [
                "Count  Reason                 Component  Task  Worker   Detail",
                "    2  worker lost            count      7     h2:6701",
                "    1  a bolt threw an error  split      9              no number",
            ])
        #expect(lines[9].hasPrefix("2023-11-14T22:13:22.500Z  lines     4  z               2  worker lost"))
        #expect(lines[11].hasPrefix("2023-11-14T22:13:20.000Z  lines     4  x               1  a bolt threw an error"))
    }

    @Test func jsonNamesCausesAndExamples() throws {
        struct Seen: Decodable {
            struct Cause: Decodable {
                var cause: FailureCause
                var count: Int
            }
            struct Example: Decodable {
                var spout: String
                var spout_task: Int
                var message_id: String
                var cause: FailureCause
                var time_ms: Int64
                var attempts: Int
            }
            var failed: Int
            var causes: [Cause]
            var other: Int
            var examples: [Example]
        }
        let report = WhyReport(survey { a, _ in a.add("x", lost, timeMilliseconds: 5) })
        let seen = try JSONDecoder().decode(Seen.self, from: Data(try report.json().utf8))
        #expect(seen.failed == 1 && seen.other == 0)
        #expect(seen.causes.map(\.cause) == [lost] && seen.causes.map(\.count) == [1])
        let example = try #require(seen.examples.first)
        #expect(example.spout == "lines" && example.spout_task == 4 && example.message_id == "x")
        #expect(example.cause == lost && example.time_ms == 5 && example.attempts == 1)
    }
}

@Suite struct ErrorReportTests {
    private var info: Thrift.TopologyInfo {
        var info = Inspected.info()
        info.errors = [
            "count": [],
            "split": [
                Thrift.ErrorInfo(error: "error: no number", errorTimeSecs: 1_700_000_000, host: "h1", port: 6700),
                Thrift.ErrorInfo(error: "error: older", errorTimeSecs: 1_600_000_000, host: "h1", port: 6700),
            ],
            "__system": [
                Thrift.ErrorInfo(
                    error: "signal: the worker ended: signal 9\nlast line", errorTimeSecs: 1_700_000_001, host: "h2",
                    port: 6701)
            ],
        ]
        return info
    }

    @Test func theNewestErrorsOfEachComponentAreShown() {
        #expect(
            ErrorReport(info, newest: 1).lines == [
                "wc (wc-1-1)", "", "__system", "  2023-11-14T22:13:21.000Z  h2:6701",
                "    signal: the worker ended: signal 9", "    last line", "", "split",
                "  2023-11-14T22:13:20.000Z  h1:6700", "    error: no number",
            ])
        #expect(ErrorReport(info, newest: 2).lines.contains("    error: older"))
        #expect(ErrorReport(Inspected.info(), newest: 3).lines == ["wc (wc-1-1): no errors"])
    }

    @Test func stormsFormHasTheNewestErrorOfEachComponentWithErrors() throws {
        #expect(
            try ErrorReport(info, newest: 1).stormJSON() == """
                {
                  "Comp-Errors" : {
                    "__system" : "signal: the worker ended: signal 9\\nlast line",
                    "split" : "error: no number"
                  },
                  "Topology Name" : "wc"
                }
                """)
    }
}
