/// The answer of a worker's `/audit`: the ledgers of its spout tasks and what the worker itself threw away.
package struct WorkerAudit: Codable, Hashable, Sendable {
    package var topologyID: String
    package var host: String
    package var port: Int
    /// Epoch milliseconds.
    package var timeMilliseconds: Int64
    /// In task order.
    package var spouts: [SpoutLedger]
    /// Spout tasks of this worker that did not answer: not opened yet, or held up in their own code for seconds.
    package var silentTasks: [Int]
    /// By `DropReason`; without those that are 0.
    package var dropped: [String: Int]

    package init(
        topologyID: String, host: String, port: Int, timeMilliseconds: Int64, spouts: [SpoutLedger],
        silentTasks: [Int], dropped: [String: Int]
    ) {
        self.topologyID = topologyID
        self.host = host
        self.port = port
        self.timeMilliseconds = timeMilliseconds
        self.spouts = spouts
        self.silentTasks = silentTasks
        self.dropped = dropped
    }

    package var isBalanced: Bool { spouts.allSatisfy(\.isBalanced) }

    enum CodingKeys: String, CodingKey {
        case host, port, spouts, dropped
        case topologyID = "topology_id"
        case timeMilliseconds = "time_ms"
        case silentTasks = "silent_tasks"
    }

    private enum DerivedKeys: String, CodingKey { case isBalanced = "balanced" }

    package func encode(to encoder: any Encoder) throws {
        var all = encoder.container(keyedBy: CodingKeys.self)
        try all.encode(topologyID, forKey: .topologyID)
        try all.encode(host, forKey: .host)
        try all.encode(port, forKey: .port)
        try all.encode(timeMilliseconds, forKey: .timeMilliseconds)
        try all.encode(spouts, forKey: .spouts)
        try all.encode(silentTasks, forKey: .silentTasks)
        try all.encode(dropped, forKey: .dropped)
        var derived = encoder.container(keyedBy: DerivedKeys.self)
        try derived.encode(isBalanced, forKey: .isBalanced)
    }
}
