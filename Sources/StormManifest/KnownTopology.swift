package import StormCluster

/// What the coordination store held of a topology when it was last read: enough to run one of its workers while the
/// store is away.
package struct KnownTopology: Hashable, Sendable, Codable {
    package var base: StormBaseRecord
    package var assignment: AssignmentRecord

    package init(base: StormBaseRecord, assignment: AssignmentRecord) {
        self.base = base
        self.assignment = assignment
    }
}
