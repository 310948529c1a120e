import StormCluster

/// Something in the store whose topology is gone.
package enum Leftover: Hashable, Sendable {
    case assignment(String)
    case credentials(String)
    case logConfig(String)
    case errors(String)
    case workerBeats(String)
    /// A topology's blob, by key.
    case blob(String)
}

/// Keys of a topology's three blobs.
package enum TopologyBlobs {
    package static let suffixes = ["-stormjar.jar", "-stormcode.ser", "-stormconf.ser"]

    package static func code(_ topologyID: String) -> String { topologyID + suffixes[0] }
    package static func topology(_ topologyID: String) -> String { topologyID + suffixes[1] }
    package static func configuration(_ topologyID: String) -> String { topologyID + suffixes[2] }

    package static func keys(_ topologyID: String) -> [String] { suffixes.map { topologyID + $0 } }

    /// The topology that a blob belongs to; nil for any other blob.
    package static func topologyID(of key: String) -> String? {
        suffixes.first { key.hasSuffix($0) }.map { String(key.dropLast($0.count)) }
    }
}

/// Finds leftovers and says when each may go. Everything that a removed topology leaves is cleaned up from here alone, so
/// a crash in the middle of a removal is nothing special.
package struct LeftoverTracker: Sendable {
    private let blobDelayMilliseconds: Int64
    /// Beats of workers that are still running vanish by themselves when these have stopped.
    private static let beatsDelayMilliseconds: Int64 = 60_000
    private var firstSeen: [Leftover: Int64] = [:]

    package init(blobDelayMilliseconds: Int64) { self.blobDelayMilliseconds = blobDelayMilliseconds }

    /// - Parameter nowMilliseconds: of a clock that never goes back.
    /// - Returns: what to delete now, in a fixed order, and when to look again (nil: nothing waits).
    package mutating func due(
        _ seen: ClusterObservation, nowMilliseconds now: Int64
    ) -> (due: [Leftover], nextMilliseconds: Int64?) {
        let found = Self.find(seen)
        firstSeen = firstSeen.filter { found.contains($0.key) }
        var due: [Leftover] = []
        var next: Int64?
        for leftover in found {
            let since = firstSeen[leftover] ?? now
            firstSeen[leftover] = since
            let time = since + delay(leftover, seen)
            if time <= now { due.append(leftover) } else { next = min(next ?? time, time) }
        }
        return (due.sorted { $0.order < $1.order }, next)
    }

    private func delay(_ leftover: Leftover, _ seen: ClusterObservation) -> Int64 {
        switch leftover {
        case .assignment, .credentials, .logConfig, .errors: 0
        case .workerBeats(let id): seen.beats[id, default: []].isEmpty ? 0 : Self.beatsDelayMilliseconds
        case .blob: blobDelayMilliseconds
        }
    }

    private static func find(_ seen: ClusterObservation) -> Set<Leftover> {
        // What is being submitted is not there yet; when its leader has died, `AbandonedSubmits` undoes it.
        func isGone(_ id: String) -> Bool {
            seen.storms[id] == nil && seen.submissions[id] == nil && !seen.mayExistUnread(id)
        }
        var found: Set<Leftover> = []
        found.formUnion(seen.assignments.keys.filter(isGone).map(Leftover.assignment))
        // Whatever it says: supervisors keep the workers of one that they cannot read.
        found.formUnion(seen.unreadableAssignments.filter(isGone).map(Leftover.assignment))
        found.formUnion(seen.credentials.filter(isGone).map(Leftover.credentials))
        found.formUnion(seen.logConfigs.filter(isGone).map(Leftover.logConfig))
        found.formUnion(seen.errorDirectories.filter(isGone).map(Leftover.errors))
        found.formUnion(seen.beats.keys.filter(isGone).map(Leftover.workerBeats))
        for key in seen.blobKeys {
            if let id = TopologyBlobs.topologyID(of: key), isGone(id) { found.insert(.blob(key)) }
        }
        return found
    }
}

extension Leftover {
    fileprivate var order: String { "\(self)" }

    /// The node to delete with everything below it.
    package var path: String {
        switch self {
        case .assignment(let id): ClusterPaths.assignment(id)
        case .credentials(let id): ClusterPaths.credentials(id)
        case .logConfig(let id): ClusterPaths.logConfig(id)
        case .errors(let id): ClusterPaths.errors(id)
        case .workerBeats(let id): ClusterPaths.workerBeats(id)
        case .blob(let key): ClusterPaths.blob(key)
        }
    }
}
