/// Where everything is, relative to `storm.zookeeper.root`. The names are Storm's; what the nodes hold is ours.
package enum ClusterPaths {
    package static let storms = "/storms"
    package static let assignments = "/assignments"
    package static let supervisors = "/supervisors"
    package static let workerBeats = "/workerbeats"
    package static let errors = "/errors"
    package static let nimbuses = "/nimbuses"
    package static let leaderLock = "/leader-lock"
    package static let blobStore = "/blobstore"
    package static let credentials = "/credentials"
    package static let logConfigs = "/logconfigs"
    package static let deadLetters = "/deadletters"
    package static let deadLetterReplays = "/deadletter-replays"
    package static let leaving = "/leaving"
    /// Submits that wait for their code to be replicated.
    package static let submissions = "/submissions"
    /// Which cluster this is; see `ClusterIdentity`.
    package static let cluster = "/cluster"

    /// Created by every daemon at its start.
    package static let directories = [
        storms, assignments, supervisors, workerBeats, errors, nimbuses, leaderLock, blobStore, credentials, logConfigs,
        deadLetters, deadLetterReplays, leaving, submissions,
    ]

    package static func storm(_ topologyID: String) -> String { "\(storms)/\(escape(topologyID))" }
    package static func assignment(_ topologyID: String) -> String { "\(assignments)/\(escape(topologyID))" }
    package static func supervisor(_ supervisorID: String) -> String { "\(supervisors)/\(escape(supervisorID))" }
    package static func workerBeats(_ topologyID: String) -> String { "\(workerBeats)/\(escape(topologyID))" }
    package static func workerBeat(_ topologyID: String, _ slot: WorkerSlot) -> String {
        "\(workerBeats)/\(escape(topologyID))/\(escape(slot.description))"
    }
    package static func errors(_ topologyID: String) -> String { "\(errors)/\(escape(topologyID))" }
    package static func errors(_ topologyID: String, component: String) -> String {
        "\(errors)/\(escape(topologyID))/\(escape(component))"
    }
    package static func lastError(_ topologyID: String, component: String) -> String {
        "\(errors)/\(escape(topologyID))/\(escape(component))-last-error"
    }
    package static func nimbus(_ hostAndPort: String) -> String { "\(nimbuses)/\(escape(hostAndPort))" }
    package static func blob(_ key: String) -> String { "\(blobStore)/\(escape(key))" }
    package static func blobReplica(_ key: String, nimbus hostAndPort: String) -> String {
        "\(blobStore)/\(escape(key))/\(escape(hostAndPort))"
    }
    package static func credentials(_ topologyID: String) -> String { "\(credentials)/\(escape(topologyID))" }
    package static func deadLetters(_ topologyID: String) -> String { "\(deadLetters)/\(escape(topologyID))" }
    package static func deadLetterReplays(_ topologyID: String) -> String {
        "\(deadLetterReplays)/\(escape(topologyID))"
    }
    package static func leaving(_ topologyID: String, _ slot: WorkerSlot, incarnation: Int) -> String {
        "\(leaving)/\(escape("\(topologyID):\(slot):\(incarnation)"))"
    }
    package static func submission(_ topologyID: String) -> String { "\(submissions)/\(escape(topologyID))" }
    package static func logConfig(_ topologyID: String) -> String { "\(logConfigs)/\(escape(topologyID))" }

    /// A name as one path part: everything but letters, digits, `-`, `_`, `.`, `:` as `%XX` of its UTF-8 bytes; a name
    /// that consists of dots only gets them escaped too.
    package static func escape(_ name: String) -> String {
        let dotsOnly = name.utf8.allSatisfy { $0 == UInt8(ascii: ".") }
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

    /// The inverse of `escape`; a `%` that starts no escape stands for itself.
    package static func unescape(_ part: String) -> String {
        let bytes = Array(part.utf8)
        var out: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
                let value = UInt8(String(decoding: bytes[(index + 1)...(index + 2)], as: UTF8.self), radix: 16)
            {
                out.append(value)
                index += 3
            } else {
                out.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
