import StormCore

/// Where everything is, relative to `storm.zookeeper.root`. The names are Storm's; what the nodes hold is ours.
/// `Znode` declares them, with what is to be known of each.
package enum ClusterPaths {
    package static let storms = Znode.storms.path()
    package static let assignments = Znode.assignments.path()
    package static let supervisors = Znode.supervisors.path()
    package static let workerBeats = Znode.workerBeats.path()
    package static let errors = Znode.errors.path()
    package static let nimbuses = Znode.nimbuses.path()
    package static let leaderLock = Znode.leaderLock.path()
    package static let blobStore = Znode.blobStore.path()
    package static let credentials = Znode.credentials.path()
    package static let logConfigs = Znode.logConfigs.path()
    package static let deadLetters = Znode.deadLetters.path()
    package static let deadLetterReplays = Znode.deadLetterReplays.path()
    package static let leaving = Znode.leaving.path()
    /// Submits that wait for their code to be replicated.
    package static let submissions = Znode.submissions.path()
    /// Which cluster this is; see `ClusterIdentity`.
    package static let cluster = Znode.cluster.path()
    /// How often workers may write their numbers; see `WriteBudget`.
    package static let pace = Znode.pace.path()

    /// Created by every daemon at its start.
    package static let directories = Znode.allCases.filter(\.isPrepared).map { $0.path() }

    package static func storm(_ topologyID: String) -> String { Znode.storm.path(topologyID) }
    package static func assignment(_ topologyID: String) -> String { Znode.assignment.path(topologyID) }
    package static func supervisor(_ supervisorID: String) -> String { Znode.supervisor.path(supervisorID) }
    package static func workerBeats(_ topologyID: String) -> String { Znode.topologyBeats.path(topologyID) }
    package static func workerBeat(_ topologyID: String, _ slot: WorkerSlot) -> String {
        Znode.workerBeat.path(topologyID, slot.description)
    }
    package static func errors(_ topologyID: String) -> String { Znode.topologyErrors.path(topologyID) }
    package static func errors(_ topologyID: String, component: String) -> String {
        Znode.componentErrors.path(topologyID, component)
    }
    package static func lastError(_ topologyID: String, component: String) -> String {
        Znode.lastError.path(topologyID, component)
    }
    package static func nimbus(_ hostAndPort: String) -> String { Znode.nimbus.path(hostAndPort) }
    package static func blob(_ key: String) -> String { Znode.blob.path(key) }
    package static func blobReplica(_ key: String, nimbus hostAndPort: String) -> String {
        Znode.blobReplica.path(key, hostAndPort)
    }
    package static func credentials(_ topologyID: String) -> String { Znode.topologyCredentials.path(topologyID) }
    package static func deadLetters(_ topologyID: String) -> String { Znode.topologyDeadLetters.path(topologyID) }
    package static func deadLetterReplays(_ topologyID: String) -> String {
        Znode.topologyDeadLetterReplays.path(topologyID)
    }
    package static func leaving(_ topologyID: String, _ slot: WorkerSlot, incarnation: Int) -> String {
        Znode.leavingWorker.path(topologyID, slot.description, "\(incarnation)")
    }
    package static func submission(_ topologyID: String) -> String { Znode.submission.path(topologyID) }
    package static func logConfig(_ topologyID: String) -> String { Znode.logConfig.path(topologyID) }

    /// A name as one path part: everything but letters, digits, `-`, `_`, `.`, `:` as `%XX` of its UTF-8 bytes; a name
    /// that consists of dots only gets them escaped too.
    package static func escape(_ name: String) -> String {
        let dotsOnly = name.utf8.allSatisfy { $0 == UInt8(ascii: ".") }
        if !dotsOnly, name.utf8.allSatisfy(isPlain) { return name }
        return name.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ":"):
                return String(UnicodeScalar(byte))
            case UInt8(ascii: ".") where !dotsOnly:
                return "."
            default:
                let hex = String(byte, radix: 16, uppercase: true)
                return "%" + (hex.count == 1 ? "0" : "") + hex
            }
        }.joined()
    }

    /// Whether it stands for itself, in a name that is not dots only.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ":"),
            UInt8(ascii: "."):
            true
        default: false
        }
    }

    /// The inverse of `escape`; a `%` that starts no escape stands for itself.
    package static func unescape(_ part: String) -> String {
        part.utf8.contains(UInt8(ascii: "%")) ? PercentText.decoded(part.utf8) : part
    }
}
