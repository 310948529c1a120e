internal import FoundationEssentials
internal import StormCluster
internal import StormManifest
internal import StormProcess

/// The last known assignments of this machine on its disk, for the time when the store cannot be reached.
struct AssignmentFile: Sendable {
    struct Content: Hashable, Sendable {
        /// By port.
        var wanted: [Int: WantedWorker] = [:]
        /// The topologies of these workers, by id.
        var topologies: [String: KnownTopology] = [:]
        /// The cluster that they are of; nil: not known.
        var clusterID: String?

        /// Takes over what workers were started for, where that is newer: a disk that was full leaves the file as it was.
        /// - Parameters:
        ///   - started: by port, of the newest worker there, whether it runs or not.
        ///   - running: ports whose worker runs.
        mutating func mend(started: [Int: WantedWorker], running: Set<Int>) {
            for (port, worker) in started {
                guard let noted = wanted[port] else {
                    if running.contains(port) { wanted[port] = worker }
                    continue
                }
                if noted.topologyID == worker.topologyID, noted.incarnation < worker.incarnation {
                    wanted[port] = worker
                }
            }
        }
    }

    private struct Entry: Codable {
        let port: Int
        let worker: WantedWorker
    }

    private struct Stored: Codable {
        var version = 1
        let slots: [Entry]
        /// Nil in files of older programs.
        let topologies: [KnownTopology]?
        let clusterID: String?

        enum CodingKeys: String, CodingKey {
            case version, slots, topologies
            case clusterID = "cluster_id"
        }
    }

    let path: String

    /// - Returns: nil when there is no file.
    /// - Throws: when it cannot be read or understood.
    func load() throws -> Content? {
        guard SystemFile.exists(path) else { return nil }
        guard let bytes = SystemFile.read(path, bytesMax: 1 << 26) else {
            throw SupervisorError(.badState, "\(path) cannot be read")
        }
        let stored = try JSONDecoder().decode(Stored.self, from: Data(bytes))
        guard stored.version == 1 else {
            throw SupervisorError(
                .badState, "\(path) has version \(stored.version); it was written by a newer program")
        }
        return Content(
            wanted: Dictionary(stored.slots.map { ($0.port, $0.worker) }) { first, _ in first },
            topologies: Dictionary((stored.topologies ?? []).map { ($0.base.id, $0) }) { first, _ in first },
            clusterID: stored.clusterID)
    }

    func save(_ content: Content) throws {
        let slots = content.wanted.sorted { $0.key < $1.key }.map { Entry(port: $0.key, worker: $0.value) }
        let topologies = content.topologies.sorted { $0.key < $1.key }.map(\.value)
        try SystemFile.writeAtomically(
            path,
            Array(
                try StableJSON.encode(Stored(slots: slots, topologies: topologies, clusterID: content.clusterID))))
    }

    /// Keeps a file that cannot be understood for people to look at, out of the way.
    func setAside() { DamagedFile.setAside(path) }
}

/// JSON for people: sorted, indented.
enum StableJSON {
    static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return try encoder.encode(value)
    }
}
