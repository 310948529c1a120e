import Testing

@testable import StormConsole

@Suite struct HealthTests {
    private func check(_ status: HealthReport.Status) -> HealthReport.Check {
        .init(daemon: "nimbus", address: "127.0.0.1:6629", status: status, reason: "because")
    }

    @Test(
        arguments: [
            ([HealthReport.Status.ready], false, nil), ([.ready, .ready], false, nil), ([.notReady], false, 1),
            ([.ready, .notReady], false, 1), ([.ready, .unreachable], false, 1), ([.unreachable], false, 3),
            ([.unreachable, .unreachable], true, 3), ([.ready, .ready, .unreachable], true, nil),
            ([.ready, .unreachable, .unreachable], true, 1), ([], false, 3),
        ] as [([HealthReport.Status], Bool, Int32?)])
    func theExitCodeSaysHowItIs(_ statuses: [HealthReport.Status], _ isEnsemble: Bool, _ code: Int32?) {
        let report = HealthReport(statuses.map(check), isEnsemble: isEnsemble)
        #expect(report.failure?.exitCode == code && report.isHealthy == (code == nil))
    }

    @Test func aReportIsALineForEachAndOneObject() throws {
        let report = HealthReport([check(.ready), check(.notReady)])
        #expect(
            report.lines == [
                "nimbus 127.0.0.1:6629: ready: because", "nimbus 127.0.0.1:6629: not ready: because",
            ])
        let json = try report.json()
        #expect(json.contains(#""healthy" : false"#) && json.contains(#""status" : "not_ready""#))
    }

    @Test(arguments: [
        ("Zookeeper version: 3.8.0\nMode: leader\nNode count: 5\n", HealthReport.Status.ready, "leader"),
        (
            "srvr is not executed because it is not in the whitelist.\n", .ready,
            "it answers; srvr is not in its 4lw.commands.whitelist"
        ),
        (
            "This ZooKeeper instance is not currently serving requests\n", .notReady,
            "This ZooKeeper instance is not currently serving requests"
        ),
        ("", .notReady, "an empty answer"),
    ])
    func aZooKeeperServersAnswerIsJudged(_ answer: String, _ status: HealthReport.Status, _ reason: String) {
        let judged = HealthQuestions.judge(answer)
        #expect(judged.0 == status && judged.1 == reason)
    }

    @Test func nobodyAtAPortIsUnreachable() async {
        let report = await HealthQuestions.ask([.init(name: "nimbus", port: 1)], within: .seconds(5))
        #expect(report.checks.map(\.status) == [.unreachable] && report.failure?.exitCode == 3)
        let servers = await HealthQuestions.askZooKeeper(["127.0.0.1:1", "nonsense"], within: .seconds(5))
        #expect(servers.checks.map(\.status) == [.unreachable, .unreachable])
    }
}
