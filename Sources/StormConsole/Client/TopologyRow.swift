package import StormThrift

/// A topology in `storm list --json`; the names are stable.
package struct TopologyRow: Encodable, Equatable, Sendable {
    package let name: String
    package let id: String
    package let status: String
    package let tasks: Int
    package let executors: Int
    package let workers: Int
    package let uptimeSeconds: Int
    package let owner: String?

    private enum CodingKeys: String, CodingKey {
        case name, id, status, tasks, executors, workers, owner
        case uptimeSeconds = "uptime_secs"
    }

    package init(_ summary: Thrift.TopologySummary) {
        name = summary.name
        id = summary.id
        status = summary.status
        tasks = Int(summary.numTasks)
        executors = Int(summary.numExecutors)
        workers = Int(summary.numWorkers)
        uptimeSeconds = Int(summary.uptimeSecs)
        owner = summary.owner
    }
}
