import StormCore
import StormRuntime

/// `/why`: a `WorkerCauses`.
struct WhyPage: WorkerPage {
    static let path = "/why"
    static let title = "why messages failed, by cause, and the newest examples"

    func page(_ view: WorkerView, query: [String: String]) async -> Page {
        let journals = await view.engine.journals()
        return .json(
            WorkerCauses(
                topologyID: view.topologyID, host: view.host, port: view.port,
                timeMilliseconds: view.clock.epochMilliseconds(), spouts: journals,
                silentTasks: view.silentTasks(besides: journals.map(\.task))))
    }
}
