import StormCluster
import StormRuntime

/// `/livez`: 200 as long as the process answers.
struct LivePage: WorkerPage {
    static let path = "/livez"
    static let title = "whether the process answers"

    struct Content: Encodable {
        var topologyID: String
        var host: String
        var port: Int
        var pid: Int
        var uptimeSeconds: Int
        var state: WorkerState

        enum CodingKeys: String, CodingKey {
            case host, port, pid, state
            case topologyID = "topology_id"
            case uptimeSeconds = "uptime_secs"
        }
    }

    func page(_ view: WorkerView, query: [String: String]) async -> Page {
        .json(
            Content(
                topologyID: view.topologyID, host: view.host, port: view.port, pid: view.pid,
                uptimeSeconds: view.uptimeSeconds, state: view.status.current))
    }
}
