import StormCluster
import StormRuntime

/// `/readyz`: 200 while the worker's executors are at work; 503 while it starts and while it drains.
struct ReadyPage: WorkerPage {
    static let path = "/readyz"
    static let title = "whether its executors are at work"

    struct Content: Encodable {
        var ready: Bool
        var state: WorkerState
    }

    func page(_ view: WorkerView, query: [String: String]) async -> Page {
        let state = view.status.current
        let isReady = state == .running
        return .json(Content(ready: isReady, state: state), status: isReady ? 200 : 503)
    }
}
