import StormRuntime
import Synchronization
import Testing

@testable import StormUI

/// Logs through `storm ui`, for a browser that reaches nothing else.
@Suite struct LogRelayTests {
    /// Machines that answer at some ports, and what they were asked.
    private final class Machines: Sendable {
        struct Silent: Error {}

        private let answers: [Int: (status: Int, body: String)]
        private let asked = Mutex<[String]>([])

        init(_ answers: [Int: (status: Int, body: String)]) { self.answers = answers }

        var questions: [String] { asked.withLock { $0 } }

        func get(_ path: String, _ host: String, _ port: Int) throws -> (status: Int, body: [UInt8]) {
            asked.withLock { $0.append("\(host):\(port)\(path)") }
            guard let answer = answers[port] else { throw Silent() }
            return (answer.status, Array(answer.body.utf8))
        }
    }

    private let file = "\(SmallCluster.id)/6700/worker.log"

    private func get(
        _ machines: Machines, _ query: [String: String], path: String = "/log"
    ) async throws -> Page {
        let ui = WebUI(try await SmallCluster(), UISettings(version: "1.2.3")) { try machines.get($0, $1, $2) }
        return try #require(await ui.page(path, query: query))
    }

    @Test func theLogViewerOfTheMachineIsAsked() async throws {
        let machines = Machines([8000: (200, "one\n")])
        let page = try await get(machines, ["host": "node1", "file": file, "grep": "a b", "callback": "f"])
        #expect(page.status == 200 && page.body == Array("one\n".utf8))
        #expect(
            machines.questions == [
                "node1:8000/api/v1/log?file=\(SmallCluster.id)%2F6700%2Fworker.log&grep=a%20b"
            ])
    }

    @Test func withoutALogViewerTheSupervisorIsAsked() async throws {
        let machines = Machines([6630: (200, "one\n")])
        let query = ["host": "node1", "file": "supervisor.log"]
        let page = try await get(machines, query, path: "/daemonlog")
        #expect(page.status == 200)
        let path = "/api/v1/daemonlog?file=supervisor.log"
        #expect(machines.questions == ["node1:8000\(path)", "node1:6630\(path)"])
    }

    @Test func aMachineThatIsNotOfTheClusterIsNotAsked() async throws {
        let machines = Machines([8000: (200, "secret\n")])
        let page = try await get(machines, ["host": "169.254.169.254", "file": file])
        #expect(page.status == 404 && machines.questions.isEmpty)
    }

    @Test func whatALogHoldsIsShownAsText() async throws {
        let page = try await get(Machines([8000: (200, "<script>")]), ["host": "node1", "file": file])
        #expect(page.contentType == "text/plain; charset=utf-8")
        #expect(page.headers["x-content-type-options"] == "nosniff")
    }

    @Test func aRefusalIsPassedOnAndSilenceIsExplained() async throws {
        let refused = try await get(Machines([6630: (404, "no such file\n")]), ["host": "node1", "file": file])
        #expect(refused.status == 404 && refused.body == Array("no such file\n".utf8))
        let silent = try await get(Machines([:]), ["host": "node1", "file": file])
        #expect(silent.status == 502 && String(decoding: silent.body, as: UTF8.self).contains("node1:6630"))
    }

    @Test func aLogViewerHasTheLastWord() async throws {
        let machines = Machines([8000: (404, "no such file\n"), 6630: (200, "of another cluster\n")])
        #expect(try await get(machines, ["host": "node1", "file": file]).status == 404)
        #expect(machines.questions.count == 1)
    }

    @Test func withoutLogViewersTheLinkToTheLogOfANimbusLeadsToTheNimbus() {
        var settings = UISettings(version: "1.2.3")
        #expect(settings.nimbusLogPort == 8000)
        settings.logviewerPort = 6630
        #expect(settings.nimbusLogPort == 6629)
    }

    @Test(arguments: [["host": "node1"], ["file": "supervisor.log"], ["host": "", "file": "supervisor.log"]])
    func hostAndFileMustBeNamed(query: [String: String]) async throws {
        let machines = Machines([8000: (200, "one\n")])
        #expect(try await get(machines, query).status == 400)
        #expect(machines.questions.isEmpty)
    }

    @Test func withoutALeaderItSaysSo() async {
        let ui = WebUI(NoNimbus(), UISettings(version: "1.2.3")) { _, _, _ in (200, []) }
        #expect(await ui.page("/log", query: ["host": "node1", "file": file])?.status == 502)
        let none = WebUI(NoNimbus(), UISettings(version: "1.2.3"))
        #expect(await none.page("/log", query: ["host": "node1", "file": file]) == nil)
    }
}
