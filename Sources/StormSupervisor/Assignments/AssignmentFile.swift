internal import FoundationEssentials
internal import StormProcess

/// The last known assignments of this machine on its disk, for the time when the store cannot be reached.
struct AssignmentFile: Sendable {
    private struct Entry: Codable {
        let port: Int
        let worker: WantedWorker
    }

    private struct Content: Codable {
        var version = 1
        let slots: [Entry]
    }

    let path: String

    /// Empty when there is no file.
    /// - Throws: when it cannot be understood.
    func load() throws -> [Int: WantedWorker] {
        guard let bytes = SystemFile.read(path, bytesMax: 1 << 24) else { return [:] }
        let content = try JSONDecoder().decode(Content.self, from: Data(bytes))
        guard content.version == 1 else {
            throw SupervisorError(
                .badState, "\(path) has version \(content.version); it was written by a newer program")
        }
        return Dictionary(content.slots.map { ($0.port, $0.worker) }) { first, _ in first }
    }

    func save(_ wanted: [Int: WantedWorker]) throws {
        let entries = wanted.sorted { $0.key < $1.key }.map { Entry(port: $0.key, worker: $0.value) }
        try SystemFile.writeAtomically(path, Array(try StableJSON.encode(Content(slots: entries))))
    }
}

/// JSON for people: sorted, indented.
enum StableJSON {
    static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return try encoder.encode(value)
    }
}
