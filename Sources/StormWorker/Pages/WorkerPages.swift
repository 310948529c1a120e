package import StormRuntime

/// One page of a worker. To add one: a file with a type like its neighbours, and a line in `WorkerPages`.
protocol WorkerPage: Sendable {
    /// `/audit`
    static var path: String { get }
    /// What it shows, in a line.
    static var title: String { get }
    func page(_ view: WorkerView, query: [String: String]) async -> Page
}

/// The pages that a worker answers with on its port; `/` lists them.
package struct WorkerPages: PageSource {
    private static let all: [any WorkerPage] = [
        LivePage(), ReadyPage(), MetricsPage(), AuditPage(), WhyPage(), FiguresPage(), TapPage(),
    ]

    private let view: WorkerView

    package init(_ view: WorkerView) { self.view = view }

    package var titles: [PageTitle] { Self.all.map { PageTitle(type(of: $0).path, type(of: $0).title) } }

    package func page(_ path: String, query: [String: String]) async -> Page? {
        if path == "/" {
            return .index("worker \(view.host):\(view.port) of topology \(view.topologyID)", titles)
        }
        return await Self.all.first { type(of: $0).path == path }?.page(view, query: query)
    }
}
