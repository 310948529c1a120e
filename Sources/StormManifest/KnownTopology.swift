package import StormCluster

/// What the coordination store held of a topology when it was last read: enough to run one of its workers while the
/// store is away.
package struct KnownTopology: Hashable, Sendable, Codable {
    package var base: StormBaseRecord
    package var assignment: AssignmentRecord
    /// The cluster that it is of; nil: not known.
    package var clusterID: String?

    package init(base: StormBaseRecord, assignment: AssignmentRecord, clusterID: String? = nil) {
        self.base = base
        self.assignment = assignment
        self.clusterID = clusterID
    }

    enum CodingKeys: String, CodingKey {
        case base, assignment
        case clusterID = "cluster_id"
    }
}
