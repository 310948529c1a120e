import FoundationEssentials
import StormCluster
import StormCore
import StormRuntime
import StormTestKit
import StormTopology
import Testing

@testable import StormWorker

@Suite struct WorkerPagesTests {
    /// The pages of a worker at work that has acked 20 messages.
    private func withPages(
        _ status: WorkerStatus = WorkerStatus(), _ body: (WorkerPages, TopologyEngine) async throws -> Void
    ) async throws {
        let check = DeliveryCheck()
        try await withEngine { topology in
            topology.spout("source", parallelism: 2) { CheckingSpout(check, count: 20) }
            topology.bolt("sink") { CheckingSink(check) }.shuffle("source")
        } _: { engine in
            try await check.wait(acked: 20)
            let view = WorkerView(
                topologyID: "wc-1-1", host: "h", port: 6700, status: status, engine: engine, clock: SystemClock(),
                startedNanoseconds: 0, networkDrops: { ["connection_lost": 2] })
            try await body(WorkerPages(view), engine)
        }
    }

    private func decoded<T: Decodable>(_ page: Page?, as type: T.Type) throws -> T {
        let page = try #require(page)
        #expect(page.status == 200 && page.contentType == "application/json")
        return try JSONDecoder().decode(type, from: Data(page.body))
    }

    @Test func theIndexListsAllPages() async throws {
        try await withPages { pages, _ in
            let page = try #require(await pages.page("/", query: [:]))
            let text = String(decoding: page.body, as: UTF8.self)
            for path in ["/livez", "/readyz", "/audit", "/why"] { #expect(text.contains("\n\(path) "), "\(path)") }
            #expect(await pages.page("/nothing", query: [:]) == nil)
        }
    }

    @Test func auditShowsTheLedgersAndWhatWasDropped() async throws {
        try await withPages { pages, engine in
            let audit = try decoded(await pages.page("/audit", query: [:]), as: WorkerAudit.self)
            #expect(audit.topologyID == "wc-1-1" && audit.host == "h" && audit.port == 6700)
            #expect(audit.spouts.map(\.task) == engine.spoutTasks.map { Int($0.rawValue) })
            #expect(audit.spouts.reduce(0) { $0 + $1.acked } == 20)
            #expect(audit.isBalanced && audit.silentTasks.isEmpty)
            #expect(audit.dropped == ["connection_lost": 2])
        }
    }

    @Test func whyShowsTheJournals() async throws {
        try await withPages { pages, engine in
            let causes = try decoded(await pages.page("/why", query: [:]), as: WorkerCauses.self)
            #expect(causes.spouts.map(\.task) == engine.spoutTasks.map { Int($0.rawValue) })
            #expect(causes.spouts.allSatisfy { $0.journal.causes.isEmpty && $0.journal.examples.isEmpty })
        }
    }

    @Test func readyFollowsTheWorkersLifeAndLiveDoesNot() async throws {
        let status = WorkerStatus()
        try await withPages(status) { pages, _ in
            #expect(await pages.page("/readyz", query: [:])?.status == 503)
            status.set(.running)
            let ready = try #require(await pages.page("/readyz", query: [:]))
            #expect(ready.status == 200)
            #expect(String(decoding: ready.body, as: UTF8.self) == "{\"ready\":true,\"state\":\"running\"}\n")
            status.set(.draining)
            #expect(await pages.page("/readyz", query: [:])?.status == 503)
            #expect(await pages.page("/livez", query: [:])?.status == 200)
        }
    }

    /// An engine that is not started has nothing to say: its spout tasks are named as silent.
    @Test func spoutTasksThatAreNotOpenAreNamed() async throws {
        let topology = try makeTopology { topology in
            topology.spout("source", parallelism: 2) { CheckingSpout(DeliveryCheck(), count: 1) }
        }
        let engine = TopologyEngine(
            topology, plan: try TopologyPlan(topology.description, ackers: 1),
            configuration: EngineConfiguration(topologyID: "t"), logger: .silent, onError: { _ in })
        let view = WorkerView(
            topologyID: "t", host: "h", port: 1, status: WorkerStatus(), engine: engine, clock: SystemClock(),
            startedNanoseconds: 0)
        let audit = try decoded(await WorkerPages(view).page("/audit", query: [:]), as: WorkerAudit.self)
        #expect(audit.spouts.isEmpty && audit.silentTasks == engine.spoutTasks.map { Int($0.rawValue) })
    }
}
