import StormCore
import StormMetrics
import StormProcess
package import StormRuntime
import StormThrift

/// Everything that `storm ui` serves: Storm's REST interface below `/api/v1`, and a page for people. It remembers nothing;
/// each request asks the leading nimbus.
package struct WebUI: PageSource {
    private let nimbus: any NimbusSource
    private let settings: UISettings
    private let fetch: PageFetch?
    private let site: Page

    /// - Parameter fetch: how the machines that have logs are reached; nil: logs are not shown.
    package init(_ nimbus: any NimbusSource, _ settings: UISettings, fetch: PageFetch? = nil) {
        self.nimbus = nimbus
        self.settings = settings
        self.fetch = fetch
        site = SitePage.page(title: settings.title)
    }

    package var titles: [PageTitle] {
        [
            PageTitle("/", "the cluster, for people"),
            PageTitle("/livez", "whether the process answers"),
            PageTitle("/readyz", "whether it reaches a nimbus that leads"),
            PageTitle("/metrics", "for Prometheus"),
        ]
    }
    package var takesPosts: Bool { true }

    private static let base = "/api/v1/"
    /// Below the time that a connection for a page has.
    private static let answerLimit = Duration.seconds(8)

    package func page(_ path: String, query: [String: String]) async -> Page? {
        switch path {
        case "/", "/index.html": return site
        case "/livez": return .text("alive: ui\n")
        case "/readyz": return await readiness.page
        case "/metrics": return await metrics()
        case let path where LogRelay.paths.contains(path): return await log(path, query: query)
        default:
            let page = await answer(path, query: query) { nimbus, parts in
                try await RestQueries(nimbus: nimbus, settings: settings, query: query).answer(parts)
            }
            return page ?? Self.refusal(path)
        }
    }

    package func post(_ path: String, query: [String: String], body: [UInt8]) async -> Page? {
        await answer(path, query: query) { nimbus, parts in
            try await RestOperations(nimbus: nimbus, body: body).answer(parts)
        }
    }

    /// - Returns: the path below `/api/v1/`; nil for one that is elsewhere.
    private static func parts(_ path: String) -> [String]? {
        guard path.hasPrefix(base) else { return nil }
        return path.dropFirst(base.count).split(separator: "/", omittingEmptySubsequences: false)
            .map(RestText.decoded)
    }

    /// What GET is told where only POST does something; nil elsewhere.
    private static func refusal(_ path: String) -> Page? {
        guard let parts = Self.parts(path), RestOperations.takes(parts) else { return nil }
        var page = Page.text("only POST\n", status: 405)
        page.headers = ["allow": "POST"]
        return page
    }

    /// - Returns: nil for a path that is not of the interface.
    private func answer(
        _ path: String, query: [String: String],
        _ body: @escaping @Sendable (any NimbusService, [String]) async throws -> ConfigValue?
    ) async -> Page? {
        guard let parts = Self.parts(path) else { return nil }
        let result: Result<ConfigValue?, any Error>
        do {
            result = .success(
                try await within(Self.answerLimit) {
                    try await nimbus.withLeader { try await body($0, parts) }
                })
        } catch {
            result = .failure(error)
        }
        return RestAnswer(callback: query["callback"]).page(result)
    }

    /// - Returns: nil when logs are not shown.
    private func log(_ path: String, query: [String: String]) async -> Page? {
        guard let fetch else { return nil }
        let relay = LogRelay(nimbus: nimbus, settings: settings, fetch: fetch)
        do {
            return try await within(Self.answerLimit) { try await relay.page(path, query: query) }
        } catch RestError.tooSlow {
            return .text("the machine that has the log did not answer in time\n", status: 504)
        } catch {
            return .text("\(RestAnswer.text(error))\n", status: 502)
        }
    }

    private func metrics() async -> Page {
        var sheet = MetricSheet()
        sheet.addProcess(
            .read(), daemon: "ui", version: settings.version, isReady: await readiness.isReady,
            epochMilliseconds: SystemClock().epochMilliseconds())
        return Page(contentType: MetricSheet.contentType, body: Array(sheet.text().utf8))
    }

    private var readiness: Readiness {
        get async {
            do {
                let leader = try await within(.seconds(5)) { try await nimbus.withLeader { try await $0.getLeader() } }
                guard let leader else { return .notReady("no nimbus leads") }
                return .ready("nimbus \(leader.host):\(leader.port) leads")
            } catch {
                return .notReady(RestAnswer.text(error))
            }
        }
    }

    /// - Throws: `RestError.tooSlow` when the time is up.
    private func within<Value: Sendable>(
        _ limit: Duration, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await ContinuousClock().sleep(for: limit)
                throw RestError.tooSlow
            }
            defer { group.cancelAll() }
            guard let first = try await group.next() else { throw RestError.tooSlow }
            return first
        }
    }
}
