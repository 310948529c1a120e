import FoundationEssentials

/// Topologies that were killed at this nimbus, in a file on its disk, as Storm's nimbuses keep them. Bounded.
actor TopologyHistory {
    struct Entry: Hashable, Codable, Sendable {
        var id: String
        var owner: String
        /// Epoch milliseconds.
        var killedAtMilliseconds: Int64

        enum CodingKeys: String, CodingKey {
            case id, owner
            case killedAtMilliseconds = "killed_at_ms"
        }
    }

    private let directory: BlobDirectory
    private var known: [Entry]?
    /// The newest ones are kept.
    private static let entriesMax = 500

    init(_ directory: BlobDirectory) { self.directory = directory }

    /// Oldest first. A file that cannot be read counts as none: nothing depends on it.
    func entries() async -> [Entry] {
        if let known { return known }
        // No file, or the disk fails: none.
        let bytes = (try? await directory.loadHistory()) ?? []
        // Damaged: none, and the next entry makes a new one.
        let read = (try? JSONDecoder().decode([Entry].self, from: Data(bytes))) ?? []
        if let known { return known }
        known = read
        return read
    }

    /// Once per topology.
    /// - Throws: when it cannot be written.
    func add(_ entry: Entry) async throws {
        let old = await entries()
        guard !old.contains(where: { $0.id == entry.id }) else { return }
        let new = Array((old + [entry]).suffix(Self.entriesMax))
        known = new
        try await directory.storeHistory(Array(try JSONEncoder().encode(new)))
    }
}
