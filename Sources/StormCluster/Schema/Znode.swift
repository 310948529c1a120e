/// Every sort of node that this system has in the coordination store, by its path below `storm.zookeeper.root`. A part in
/// angle brackets is a name, escaped as `ClusterPaths.escape` says.
///
/// The one list of paths: `ClusterPaths` is made from it, and so is the article on znodes (see `ZnodeDocument`).
package enum Znode: String, CaseIterable, Sendable {
    case cluster = "/cluster"
    case clusterMark = "/cluster/mark/of/the/whole/tree"
    case pace = "/pace"
    case storms = "/storms"
    case storm = "/storms/<topology>"
    case assignments = "/assignments"
    case assignment = "/assignments/<topology>"
    case supervisors = "/supervisors"
    case supervisor = "/supervisors/<supervisor>"
    case workerBeats = "/workerbeats"
    case topologyBeats = "/workerbeats/<topology>"
    case workerBeat = "/workerbeats/<topology>/<node-port>"
    case leaving = "/leaving"
    case leavingWorker = "/leaving/<topology>:<node-port>:<incarnation>"
    case nimbuses = "/nimbuses"
    case nimbus = "/nimbuses/<host:port>"
    case leaderLock = "/leader-lock"
    case candidate = "/leader-lock/<candidate>"
    case blobStore = "/blobstore"
    case blob = "/blobstore/<key>"
    case blobReplica = "/blobstore/<key>/<host:port>"
    case submissions = "/submissions"
    case submission = "/submissions/<topology>"
    case credentials = "/credentials"
    case topologyCredentials = "/credentials/<topology>"
    case logConfigs = "/logconfigs"
    case logConfig = "/logconfigs/<topology>"
    case errors = "/errors"
    case topologyErrors = "/errors/<topology>"
    case componentErrors = "/errors/<topology>/<component>"
    case error = "/errors/<topology>/<component>/e<counter>"
    case lastError = "/errors/<topology>/<component>-last-error"
    case deadLetters = "/deadletters"
    case topologyDeadLetters = "/deadletters/<topology>"
    case deadLetter = "/deadletters/<topology>/<letter>"
    case deadLetterReplays = "/deadletter-replays"
    case topologyDeadLetterReplays = "/deadletter-replays/<topology>"
    case deadLetterReplay = "/deadletter-replays/<topology>/<letter>"

    package var pattern: String { rawValue }

    /// The path with these names, one for each part in angle brackets, in order.
    package func path(_ names: String...) -> String {
        var path = ""
        path.reserveCapacity(rawValue.utf8.count + 64)
        var next = names.startIndex
        var isInName = false
        for character in rawValue.utf8 {
            switch character {
            case UInt8(ascii: "<"):
                precondition(next < names.endIndex, "\(rawValue) has more names")
                isInName = true
                path += ClusterPaths.escape(names[next])
                next += 1
            case UInt8(ascii: ">"): isInName = false
            default: if !isInName { path.unicodeScalars.append(UnicodeScalar(character)) }
            }
        }
        precondition(next == names.endIndex, "\(rawValue) has fewer names")
        return path
    }

    /// What sort of node has this path; nil: none of ours.
    package init?(path: String) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: true)
        let found = Self.allCases.filter { Self.matches($0.parts, parts) }
        // `…/<component>-last-error` is more than `…/<component>`.
        guard let best = found.max(by: { $0.fixedCount < $1.fixedCount }) else { return nil }
        self = best
    }

    private var parts: [Substring] { rawValue.split(separator: "/") }
    /// Characters outside of names.
    private var fixedCount: Int {
        rawValue.split(separator: "<").enumerated().reduce(0) { count, piece in
            count
                + (piece.offset == 0
                    ? piece.element.count : piece.element.split(separator: ">").dropFirst().joined().count)
        }
    }

    private static func matches(_ pattern: [Substring], _ parts: [Substring]) -> Bool {
        guard pattern.count == parts.count else { return false }
        return zip(pattern, parts).allSatisfy { pattern, part in
            guard let open = pattern.firstIndex(of: "<"), let close = pattern.lastIndex(of: ">") else {
                return pattern == part
            }
            let (prefix, suffix) = (pattern[..<open], pattern[pattern.index(after: close)...])
            return part.count > prefix.count + suffix.count && part.hasPrefix(prefix) && part.hasSuffix(suffix)
        }
    }
}
