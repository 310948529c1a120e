import StormCluster
import StormCore

/// What the store knew when it lost its memory. The topologies of then are gone for whoever manages the cluster, while their
/// workers go on, until others need their slots.
struct Wipe: Sendable {
    private struct Place: Hashable {
        let topologyID: String
        let slot: WorkerSlot
        let incarnation: Int
    }

    /// Topologies that the store has forgotten.
    private(set) var forgotten: Set<String>
    private var places: Set<Place> = []
    /// Slots that were assigned anew since.
    private var retaken: Set<WorkerSlot> = []
    /// Topologies that were assigned since. One may have the id of a forgotten one, when a clock was set back: then the store
    /// knows that id again, as after a restored backup, and what it says of it counts.
    private var known: Set<String> = []

    /// - Parameters:
    ///   - tree: before it goes.
    ///   - present: topologies of which machines have something. One that was killed while a machine was away is among them:
    ///     that machine does not get to know it any more.
    init(_ tree: InMemoryTree, present: Set<String> = []) {
        forgotten = present.union(tree.nodes[ClusterPaths.storms]?.children.map(ClusterPaths.unescape) ?? [])
        for record in Self.assignments(tree) {
            forgotten.insert(record.topologyID)
            for worker in record.workers {
                places.insert(
                    Place(topologyID: record.topologyID, slot: worker.slot, incarnation: worker.incarnation))
            }
        }
    }

    /// Notes which slots are wanted again.
    mutating func note(_ tree: InMemoryTree) {
        for record in Self.assignments(tree) {
            retaken.formUnion(record.workers.map(\.slot))
            known.insert(record.topologyID)
        }
    }

    /// Whether a worker that ends by itself, in order, does what it must not: it was wanted where it was when the store
    /// forgot, and nobody else wants its slot.
    func mustGoOn(_ topologyID: String, _ slot: WorkerSlot, incarnation: Int) -> Bool {
        !retaken.contains(slot) && !known.contains(topologyID)
            && places.contains(Place(topologyID: topologyID, slot: slot, incarnation: incarnation))
    }

    /// Records that can be read.
    private static func assignments(_ tree: InMemoryTree) -> [AssignmentRecord] {
        (tree.nodes[ClusterPaths.assignments]?.children ?? []).sorted().compactMap { name in
            let path = NodePath.join(ClusterPaths.assignments, name)
            // One that cannot be read says nothing; that it cannot be is for another rule.
            return tree.nodes[path].flatMap { try? RecordCodec.decode(AssignmentRecord.self, $0.data, path: path) }
        }
    }
}
