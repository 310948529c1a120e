/// The answer of a worker's `/why`: why messages of its spout tasks failed.
package struct WorkerCauses: Codable, Hashable, Sendable {
    package var topologyID: String
    package var host: String
    package var port: Int
    /// Epoch milliseconds.
    package var timeMilliseconds: Int64
    /// In task order.
    package var spouts: [TaskJournal]
    /// Spout tasks of this worker that did not answer.
    package var silentTasks: [Int]

    package init(
        topologyID: String, host: String, port: Int, timeMilliseconds: Int64, spouts: [TaskJournal],
        silentTasks: [Int]
    ) {
        self.topologyID = topologyID
        self.host = host
        self.port = port
        self.timeMilliseconds = timeMilliseconds
        self.spouts = spouts
        self.silentTasks = silentTasks
    }

    enum CodingKeys: String, CodingKey {
        case host, port, spouts
        case topologyID = "topology_id"
        case timeMilliseconds = "time_ms"
        case silentTasks = "silent_tasks"
    }
}

/// The journal of one spout task.
package struct TaskJournal: Codable, Hashable, Sendable {
    package var component: String
    package var task: Int
    package var journal: FailureJournal.Snapshot

    package init(component: String, task: Int, journal: FailureJournal.Snapshot) {
        self.component = component
        self.task = task
        self.journal = journal
    }
}
