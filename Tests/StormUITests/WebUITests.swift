import StormThrift
import StormCore
import StormRuntime
import StormThrift
import Testing

@testable import StormUI

@Suite struct WebUITests {
    private func text(_ page: Page?) -> String { String(decoding: page?.body ?? [], as: UTF8.self) }
    private let settings = UISettings(version: "1.2.3")

    @Test func errorsHaveStormsForm() async throws {
        let cluster = try await SmallCluster()
        let (status, body) = try await cluster.get("topology/nobody")
        #expect(status == 500)
        #expect(body == ["error": "500 Internal Server Error", "errorMessage": "nobody is not alive"])
        let component = try await cluster.get("topology/\(SmallCluster.id)/component/nobody")
        #expect(component.status == 500 && component.body["errorMessage"] != .null)
        #expect(try await cluster.get("nonsense").status == 404)
        #expect(try await cluster.get("topology/\(SmallCluster.id)/nonsense").status == 404)
    }

    @Test func aPathThatOnlyPostHasSaysSo() async throws {
        let ui = WebUI(try await SmallCluster(), settings)
        for path in ["activate", "kill/0", "component/split/debug/enable/10", "profiling/dumpjstack/h:1"] {
            let page = await ui.page("/api/v1/topology/\(SmallCluster.id)/\(path)", query: [:])
            #expect(page?.status == 405 && page?.headers["allow"] == "POST", "\(path)")
        }
        #expect(await ui.page("/api/v1/topology/\(SmallCluster.id)/kill", query: [:]) == nil)
    }

    @Test func aCallbackWrapsTheAnswer() async throws {
        let ui = WebUI(try await SmallCluster(), settings)
        let page = await ui.page("/api/v1/history/summary", query: ["callback": "a.b"])
        #expect(page?.contentType == "application/javascript;charset=utf-8")
        #expect(text(page) == #"a.b({"topo-history":["\#(SmallCluster.id)"]});"#)
        let plain = await ui.page("/api/v1/history/summary", query: ["callback": "alert(1)"])
        #expect(plain?.contentType == "application/json;charset=utf-8")
        #expect(plain?.headers["access-control-allow-origin"] == "*")
    }

    @Test func withoutALeaderItSaysSo() async throws {
        let ui = WebUI(NoNimbus(), settings)
        let page = await ui.page("/api/v1/cluster/summary", query: [:])
        #expect(page?.status == 500 && text(page).contains("nobody leads"))
        #expect(await ui.page("/readyz", query: [:])?.status == 503)
        #expect(await ui.page("/livez", query: [:])?.status == 200)
    }

    @Test func itsMetricsAreThoseOfEveryProcess() async throws {
        let ui = WebUI(NoNimbus(), settings)
        let page = await ui.page("/metrics", query: [:])
        #expect(page?.status == 200 && page?.contentType.hasPrefix("text/plain; version=0.0.4") == true)
        let lines = Set(text(page).split(separator: "\n").map(String.init))
        #expect(lines.contains(#"storm_build_info{version="1.2.3",daemon="ui"} 1"#) && lines.contains("storm_ready 0"))
        #expect(text(page).contains("\nprocess_resident_memory_bytes "))
    }

    @Test func thePageForPeopleNeedsNothingFromElsewhere() async throws {
        var settings = settings
        settings.title = "My <cluster>"
        let page = await WebUI(NoNimbus(), settings).page("/", query: [:])
        #expect(page?.contentType == "text/html; charset=utf-8")
        let html = text(page)
        #expect(html.hasPrefix("<!DOCTYPE html>") && html.contains("<title>My cluster</title>"))
        #expect(!html.contains("http://") && !html.contains("https://") && !html.contains("innerHTML"))
    }

    @Test func whatIsPostedIsChecked() async throws {
        let ui = WebUI(try await SmallCluster(), settings)
        let path = "/api/v1/topology/\(SmallCluster.id)/"
        func post(_ rest: String, body: String = "") async -> Page? {
            await ui.post(path + rest, query: [:], body: Array(body.utf8))
        }
        // This nimbus does not lead.
        let kill = await post("kill/5")
        #expect(kill?.status == 500 && text(kill).contains("not a leader"))
        #expect(await post("kill/soon")?.status == 400)
        #expect(await post("debug/sometimes/10")?.status == 400)
        #expect(await post("logconfig", body: "{}")?.status == 400)
        let profile = await post("profiling/dumpheap/node1%3A6700")
        #expect(profile?.status == 500 && text(profile).contains("no JVMs"))
        #expect(await post("fly") == nil)
        #expect(await ui.post("/elsewhere", query: [:], body: []) == nil)
    }

    @Test func levelsOfLoggersAreRead() throws {
        let body =
            #"{"namedLoggerLevels": {"a": {"target_level": "DEBUG", "timeout": 60}, "b": {"target_level": null}}}"#
        let config = try LogConfigBodies.change(Array(body.utf8))
        #expect(config.namedLoggerLevel?["a"]?.action == .update)
        #expect(config.namedLoggerLevel?["a"]?.resetLogLevelTimeoutSecs == 60)
        #expect(config.namedLoggerLevel?["b"]?.action == .remove)
    }
}
