import FoundationEssentials
import StormCluster

/// What of many nodes' data matters to nimbus, read again only when the data has changed: beats and supervisors are
/// written all the time, and nearly always say nothing new.
struct NodeMarks {
    private struct Known {
        let created: Int64
        let version: Int32
        let mark: [Int64]
    }

    private let read: @Sendable ([UInt8]) -> [Int64]
    private var known: [String: Known] = [:]

    /// - Parameter read: what matters of a node's data; must not depend on anything else.
    init(_ read: @escaping @Sendable ([UInt8]) -> [Int64]) { self.read = read }

    /// By path. O(nodes).
    mutating func marks(_ snapshot: SubtreeSnapshot) -> [String: [Int64]] {
        var current: [String: Known] = [:]
        for (path, data) in snapshot.nodes {
            if let last = known[path], last.created == data.createdTransaction, last.version == data.version {
                current[path] = last
            } else {
                current[path] = Known(
                    created: data.createdTransaction, version: data.version,
                    mark: [data.createdTransaction] + read(data.bytes))
            }
        }
        known = current
        return current.mapValues(\.mark)
    }

    /// Of a worker's beat: how far it is with a pause or a start.
    static let beat = NodeMarks { bytes in
        // Directories hold nothing, and what cannot be read says nothing.
        guard let beat = try? JSONDecoder().decode(BeatMark.self, from: Data(bytes)) else { return [] }
        return [beat.state == .starting ? 0 : 1, Int64(beat.drained ?? 0), Int64(beat.generation ?? 0)]
    }

    /// Of a supervisor: whether it is about to stop.
    static let supervisor = NodeMarks { bytes in
        // As above.
        guard let supervisor = try? JSONDecoder().decode(SupervisorMark.self, from: Data(bytes)) else { return [] }
        return [supervisor.draining == true ? 1 : 0]
    }

    private struct BeatMark: Decodable {
        let state: WorkerState
        let drained: Int?
        let generation: Int?
    }

    private struct SupervisorMark: Decodable {
        let draining: Bool?
    }
}

extension Nimbus {
    /// Wakes the reconciler when nodes below `root` come, go, or say something new that matters.
    func watch(_ root: String, depth: Int, marks: NodeMarks) async throws {
        let view = try await retrying("watching \(root)") { try await state.store.view(of: root, depth: depth) }
        defer { view.close() }
        var marks = marks
        var last = marks.marks(view.snapshot())
        kick()
        for await _ in view.changes {
            let current = marks.marks(view.snapshot())
            guard current != last else { continue }
            last = current
            kick()
        }
        try Task.checkCancellation()
    }
}
