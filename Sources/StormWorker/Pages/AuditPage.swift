import StormCore
import StormRuntime

/// `/audit`: a `WorkerAudit`.
struct AuditPage: WorkerPage {
    static let path = "/audit"
    static let title = "emitted, acked, failed and in flight of each spout task, and what was dropped"

    func page(_ view: WorkerView, query: [String: String]) async -> Page {
        let ledgers = await view.engine.ledgers()
        return .json(
            WorkerAudit(
                topologyID: view.topologyID, host: view.host, port: view.port,
                timeMilliseconds: view.clock.epochMilliseconds(), spouts: ledgers,
                silentTasks: view.silentTasks(besides: ledgers.map(\.task)), dropped: view.dropped))
    }
}
