package import Logging
package import StormCluster
import Synchronization

/// Tells each record that cannot be read once, whoever meets it: the rounds, the calls, or the election. One that changes,
/// or could be read in between, is told again. For any thread.
package final class RecordFaults: Sendable {
    private let logger: Logger
    /// Told already, by directory.
    private let told = Mutex<[String: Set<ClusterRecordError>]>([:])
    /// Directories of topologies that are gone are looked at no more; with so many, all are told anew.
    private static let directoriesMax = 1000

    package init(logger: Logger) { self.logger = logger }

    /// - Parameter faults: all that a look at this directory found.
    package func report(_ faults: [ClusterRecordError], below directory: String) {
        let now = Set(faults)
        let new = told.withLock { told in
            let before = told[directory] ?? []
            if now.isEmpty {
                told[directory] = nil
            } else {
                if told.count >= Self.directoriesMax { told = [:] }
                told[directory] = now
            }
            return now.subtracting(before)
        }
        for fault in new.sorted(by: { $0.path < $1.path }) { tell(fault) }
    }

    /// One that was met without a look at its directory.
    package func report(_ fault: ClusterRecordError) {
        let isNew = told.withLock { told in
            if told.count >= Self.directoriesMax { told = [:] }
            return told[NodePath.parent(of: fault.path), default: []].insert(fault).inserted
        }
        if isNew { tell(fault) }
    }

    private func tell(_ fault: ClusterRecordError) {
        logger.error("a record cannot be read and is left alone", metadata: ["error": "\(fault)"])
    }
}
