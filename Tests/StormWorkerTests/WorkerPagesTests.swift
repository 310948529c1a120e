import FoundationEssentials
import StormCluster
import StormCore
import StormRuntime
import StormTestKit
import StormTestSupport
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
            for path in ["/livez", "/readyz", "/metrics", "/audit", "/why", "/figures", "/tap"] {
                #expect(text.contains("\n\(path) "), "\(path)")
            }
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

    @Test func metricsAreStrictAndAgreeWithTheLedgers() async throws {
        try await withPages { pages, engine in
            let page = try #require(await pages.page("/metrics", query: [:]))
            #expect(page.contentType == "text/plain; version=0.0.4; charset=utf-8")
            let metrics = try ExpositionParser.parse(String(decoding: page.body, as: UTF8.self))
            let source = ["topology": "wc", "component": "source"]
            let sink = ["topology": "wc", "component": "sink"]
            #expect(metrics.value("storm_acked_total", source) == 20)
            #expect(metrics.value("storm_emitted_total", source.merging(["stream": "default"]) { $1 }) == 20)
            #expect(metrics.value("storm_executed_total", sink.merging(["source": "source"]) { $1 }) == 20)
            #expect(metrics.value("storm_complete_latency_seconds_count", source) == 20)
            #expect(metrics.sum("storm_execute_latency_seconds_count", sink) >= 1)
            #expect(metrics.sum("storm_process_latency_seconds_count", sink) >= 1)
            #expect(metrics.value("storm_tasks", source) == 2 && metrics.value("storm_pending", source) == 0)
            #expect(metrics.sum("storm_failures_total", source) == 0)
            #expect(metrics.sum("storm_busy_seconds_total", sink) > 0)
            #expect(metrics.sum("storm_worker_dropped_tuples_total", ["reason": "connection_lost"]) == 2)
            #expect(metrics.sum("storm_worker_info", ["topology_id": "wc-1-1", "port": "6700"]) == 1)
            #expect(metrics.value("storm_unexecuted_bytes", sink) != nil)
        }
    }

    @Test func whatComponentsCountThemselvesIsShown() async throws {
        let check = DeliveryCheck()
        try await withEngine { topology in
            topology.spout("source") { CheckingSpout(check, count: 5) }
            topology.bolt("sink", parallelism: 2) { MeasuringSink(check) }.shuffle("source")
        } _: { engine in
            try await check.wait(acked: 5)
            let view = WorkerView(
                topologyID: "wc-1-1", host: "h", port: 6700, status: WorkerStatus(), engine: engine,
                clock: SystemClock(), startedNanoseconds: 0)
            let page = try #require(await WorkerPages(view).page("/metrics", query: [:]))
            let metrics = try ExpositionParser.parse(String(decoding: page.body, as: UTF8.self))
            func labels(_ name: String) -> [String: String] {
                ["topology": "wc", "component": "sink", "name": name]
            }
            #expect(metrics.value("storm_user_counter_total", labels("seen \"tuples\"")) == 5)
            #expect(metrics.value("storm_user_gauge", labels("open")) == 2)
            #expect(metrics.value("storm_user_timer_seconds_count", labels("work")) == 5)
            #expect(metrics.value("storm_user_histogram_sum", labels("size")) == 50)
        }
    }

    @Test(arguments: [
        ("wc-1-1700000000", "wc"), ("a-b-2-3", "a-b"), ("local", "local"), ("x-y", "x-y"), ("x-1-y", "x-1-y"),
    ])
    func theTopologysNameIsItsIdWithoutItsSubmission(_ id: String, _ name: String) async throws {
        try await withPages { _, engine in
            let view = WorkerView(
                topologyID: id, host: "h", port: 1, status: WorkerStatus(), engine: engine, clock: SystemClock(),
                startedNanoseconds: 0)
            #expect(view.topologyName == name)
        }
    }

    @Test func figuresCountWhatEachExecutorDid() async throws {
        try await withPages { pages, _ in
            let figures = try decoded(await pages.page("/figures", query: [:]), as: WorkerFigures.self)
            #expect(figures.topologyID == "wc-1-1" && figures.pid > 0 && figures.residentBytes > 0)
            #expect(figures.executors.map(\.component) == ["__acker", "sink", "source", "source"])
            #expect(figures.executors.map(\.kind) == [.acker, .bolt, .spout, .spout])
            #expect(figures.executors.filter { $0.kind == .spout }.reduce(0) { $0 + $1.acked } == 20)
            #expect(figures.executors[1].executed >= 20 && figures.executors[1].busyNanoseconds > 0)
            #expect(figures.machine?.cores ?? 0 > 0)
        }
    }

    @Test func tapAnswersAndRefuses() async throws {
        try await withPages { pages, _ in
            let answer = try decoded(
                await pages.page("/tap", query: ["component": "sink", "input": "1"]), as: TapAnswer.self)
            #expect(answer.topologyID == "wc-1-1" && answer.executors == 1 && answer.samples.isEmpty)
            #expect(await pages.page("/tap", query: [:])?.status == 400)
            #expect(await pages.page("/tap", query: ["component": "source", "where": "id~("])?.status == 400)
            for rate in 1...7 {
                #expect(await pages.page("/tap", query: ["component": "sink", "rate": "\(rate)"])?.status == 200)
            }
            #expect(await pages.page("/tap", query: ["component": "sink", "rate": "8"])?.status == 409)
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

/// A sink with metrics of its own.
private final class MeasuringSink: Bolt {
    private let sink: CheckingSink
    private var seen: MetricCounter?
    private var work: MetricTimer?
    private var size: MetricHistogram?

    init(_ check: DeliveryCheck) { sink = CheckingSink(check) }

    func prepare(_ context: TaskContext, _ out: Collector) throws {
        seen = context.counter("seen \"tuples\"")
        work = context.timer("work")
        size = context.histogram("size", bounds: [1, 100])
        context.gauge("open") { 1 }
        try sink.prepare(context, out)
    }

    func execute(_ tuple: Tuple, _ out: Collector) throws {
        seen?.increment()
        size?.record(10)
        try work?.time { try sink.execute(tuple, out) }
    }
}
