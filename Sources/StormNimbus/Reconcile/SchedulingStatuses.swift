import Synchronization

/// The last round's scheduling status of each topology, for the answers of the Thrift service. Known on the leader only.
package final class SchedulingStatuses: Sendable {
    private let texts = Mutex<[String: String]>([:])

    package init() {}

    package func replace(_ new: [String: String]) { texts.withLock { $0 = new } }
    package func set(_ topologyID: String, _ text: String) { texts.withLock { $0[topologyID] = text } }
    package func forget(_ topologyID: String) { texts.withLock { $0[topologyID] = nil } }
    package subscript(topologyID: String) -> String? { texts.withLock { $0[topologyID] } }
}
