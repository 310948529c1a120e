import FoundationEssentials
import StormCluster

/// What of many nodes' data matters to nimbus: beats and supervisors are written all the time, and nearly always say
/// nothing new.
struct NodeMarks: Sendable {
    /// What is kept of a node's data; depends on nothing else.
    let reduce: @Sendable ([UInt8]) -> [UInt8]

    /// Of a worker's beat: how far it is with a pause or a start.
    static let beat = NodeMarks { bytes in
        // Directories hold nothing, and what cannot be read says nothing.
        guard let beat = try? JSONDecoder().decode(BeatMark.self, from: Data(bytes)) else { return [] }
        return Array("\(beat.state.rawValue) \(beat.drained ?? 0) \(beat.generation ?? 0)".utf8)
    }

    /// Of a supervisor: whether it is about to stop.
    static let supervisor = NodeMarks { bytes in
        // As above.
        guard let supervisor = try? JSONDecoder().decode(SupervisorMark.self, from: Data(bytes)) else { return [] }
        return [supervisor.draining == true ? 1 : 0]
    }

    /// Of a node that says all by being there.
    static let existence = NodeMarks { _ in [] }

    private struct BeatMark: Decodable {
        let state: WorkerState
        let drained: Int?
        let generation: Int?
    }

    private struct SupervisorMark: Decodable {
        let draining: Bool?
    }
}
