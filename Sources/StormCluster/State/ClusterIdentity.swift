package import StormCore

/// `/cluster`: which cluster this is. Made once, by the first daemon; another id means that the tree was wiped and set up
/// again.
package struct ClusterIdentityRecord: ClusterRecord {
    package var version = 1
    /// 32 hexadecimal digits.
    package var clusterID: String
    package var unknownFields: [String: ConfigValue] = [:]

    package init(clusterID: String) { self.clusterID = clusterID }

    package enum CodingKeys: String, RecordKey {
        case version
        case clusterID = "cluster_id"

        package var note: FieldNote {
            switch self {
            case .version: .version
            case .clusterID: .text("32 hexadecimal digits")
            }
        }
    }
}

/// Tells a cluster whose memory was wiped from one in which something was removed on purpose.
///
/// Daemons remember the id of the cluster they work for. Something that has gone, such as an assignment, was removed on
/// purpose only if `read` still gives that id *after* it was seen to be gone. Who wipes a tree deletes the deepest nodes
/// first; so the mark that says that the tree is whole is deeper than anything else that daemons go by, and has gone
/// before the first of them goes.
package enum ClusterIdentity {
    /// What has become of the cluster that a daemon worked for.
    package enum Verdict: Hashable, Sendable {
        /// It is the same.
        case same
        /// The tree was wiped, or is being wiped: nothing that is missing says anything.
        case wiped
        /// The tree was wiped and has been set up again, under this id.
        case replaced(String)
    }

    private static let mark = Znode.clusterMark.path()

    /// The id; nil when there is none, or when the tree is not whole.
    /// - Throws: `CoordinationError`, `ClusterRecordError`.
    package static func read(_ store: any CoordinationStore) async throws -> String? {
        guard let data = try await store.get(ClusterPaths.cluster), !data.bytes.isEmpty,
            try await store.exists(mark)
        else { return nil }
        return try decode(data)
    }

    /// The id of the cluster that has a node. What a copy still shows may be of a cluster that was wiped since; so this asks
    /// for the id before and after it asks for the node.
    /// - Returns: nil when the node is not there, or the tree is not whole, or was wiped meanwhile.
    package static func read(_ store: any CoordinationStore, having path: String) async throws -> String? {
        guard let (id, there) = try await read(store, having: [path]) else { return nil }
        return there.isEmpty ? nil : id
    }

    /// The same for several nodes.
    /// - Returns: the id, and those of the nodes that are there; nil when the tree is not whole, or was wiped meanwhile.
    package static func read(
        _ store: any CoordinationStore, having paths: Set<String>
    ) async throws -> (id: String, there: Set<String>)? {
        guard let before = try await read(store) else { return nil }
        let paths = paths.sorted()
        let there = try await store.each(of: paths) { try await store.exists($0) }
        guard try await read(store) == before else { return nil }
        return (before, Set(zip(paths, there).filter(\.1).map(\.0)))
    }

    /// The id, which is made when there is none. Of several daemons that do it at once one wins.
    @discardableResult
    package static func establish(_ store: any CoordinationStore) async throws -> String {
        for _ in 0..<8 {
            let present = try await store.get(ClusterPaths.cluster)
            if let present, !present.bytes.isEmpty {
                let id = try decode(present)
                try await store.createDirectory(mark)
                return id
            }
            let digits = (0..<2).map { _ in hexadecimal(UInt64.random(in: 0...UInt64.max)) }.joined()
            let record = try RecordCodec.encode(ClusterIdentityRecord(clusterID: digits))
            do {
                if let present {
                    // A wipe took the record, and whoever made the mark then made its place without content.
                    _ = try await store.set(ClusterPaths.cluster, record, expectedVersion: present.version)
                } else {
                    try await store.create(ClusterPaths.cluster, record, mode: .persistent)
                }
            } catch let error as CoordinationError where [.nodeExists, .badVersion, .noNode].contains(error.code) {
                // Somebody else was quicker: theirs counts. Or it was wiped again.
            }
        }
        throw CoordinationError(.noNode, ClusterPaths.cluster, detail: "it is deleted all the time")
    }

    /// - Parameters:
    ///   - remembered: the id that the daemon works for; nil: it knows none yet.
    ///   - present: what `read` gives now.
    package static func verdict(remembered: String?, present: String?) -> Verdict {
        guard let present else { return .wiped }
        guard let remembered, remembered != present else { return .same }
        return .replaced(present)
    }

    private static func decode(_ data: VersionedData) throws -> String {
        try RecordCodec.decode(ClusterIdentityRecord.self, data.bytes, path: ClusterPaths.cluster).clusterID
    }

    /// Whether a text is such an id, as `establish` makes them: 32 hexadecimal digits in lower case.
    package static func isID(_ text: String) -> Bool {
        text.utf8.count == 32
            && text.utf8.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
    }

    private static func hexadecimal(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
