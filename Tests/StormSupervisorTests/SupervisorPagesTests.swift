import StormCluster
import StormRuntime
import StormSupervisor
import StormTestSupport
import Testing

@Suite(.timeLimit(.minutes(2)))
struct SupervisorPagesTests {
    private func text(_ page: Page?) -> String { String(decoding: page?.body ?? [], as: UTF8.self) }

    @Test
    func aSupervisorIsReadyOnceItIsRegistered() async throws {
        let cluster = try await TestCluster()
        let supervisor = try cluster.supervisor(cluster.server.connect(), launcher: FakeLauncher())
        let pages = SupervisorPages(supervisor)
        let early = await pages.page("/readyz", query: [:])
        #expect(early?.status == 503 && text(early) == "not ready: not registered yet\n")
        try await running(supervisor) {
            try await eventually("not ready") { await pages.page("/readyz", query: [:])?.status == 200 }
            let ready = await pages.page("/readyz", query: [:])
            #expect(text(ready) == "ready: registered as \(supervisor.id)\n")
        }
        let late = await pages.page("/readyz", query: [:])
        #expect(late?.status == 503 && text(late) == "not ready: stopping\n")
    }

    @Test
    func metricsAreStrictAndCountWorkers() async throws {
        let cluster = try await TestCluster()
        let supervisor = try cluster.supervisor(cluster.server.connect(), launcher: FakeLauncher())
        let pages = SupervisorPages(supervisor)
        let code = try await cluster.submit("t", code: "#!/bin/sh\n")
        try await running(supervisor) {
            try await eventually("not registered") { try await cluster.record(supervisor.id) != nil }
            try await cluster.assign("t", code, to: supervisor.id, ports: [6701])
            try await eventually("no worker on the page") {
                let page = try ExpositionParser.parse(text(await pages.page("/metrics", query: [:])))
                return page.value("storm_supervisor_workers", ["state": "running"]) == 1
            }
            let page = try ExpositionParser.parse(text(await pages.page("/metrics", query: [:])))
            #expect(page.value("storm_supervisor_slots") == 2 && page.value("storm_supervisor_slots_used") == 1)
            #expect(page.value("storm_supervisor_worker_starts_total") == 1)
            #expect(page.value("storm_supervisor_downloads_total") == 1)
            #expect(page.value("storm_supervisor_worker_exits_total", ["kind": "signal"]) == 0)
            #expect(page.value("storm_ready") == 1 && page.sum("process_open_fds") > 0)
        }
    }
}
