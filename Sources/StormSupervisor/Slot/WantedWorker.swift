package import StormCluster

/// What an assignment wants on one port: a worker that differs in any of these is another worker.
package struct WantedWorker: Hashable, Sendable, Codable {
    package var topologyID: String
    /// The code it runs, lower-case hexadecimal.
    package var codeSHA256: String
    package var executors: ExecutorList
    /// Counts the changes of this slot's executors.
    package var incarnation: Int

    package init(topologyID: String, codeSHA256: String, executors: ExecutorList, incarnation: Int) {
        self.topologyID = topologyID
        self.codeSHA256 = codeSHA256
        self.executors = executors
        self.incarnation = incarnation
    }

    enum CodingKeys: String, CodingKey {
        case executors, incarnation
        case topologyID = "topology_id"
        case codeSHA256 = "code_sha256"
    }
}
