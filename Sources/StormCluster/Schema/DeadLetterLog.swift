/// The dead letters of topologies, and who asked for which to be emitted again.
///
/// They stay when their topology is killed, until somebody drops them.
package struct DeadLetterLog: Sendable {
    package let store: any CoordinationStore
    /// A letter is one znode; this is far below ZooKeeper's limit.
    package static let letterBytesMax = 256 << 10

    /// Why a letter was not taken.
    package enum Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        case full(max: Int)
        case tooLarge(bytes: Int)

        package var description: String {
            switch self {
            case .full(let max):
                "the topology has \(max) dead letters already (topology.dead.letters.max); see storm dlq"
            case .tooLarge(let bytes):
                "it has \(bytes) bytes as JSON, and a dead letter may have \(DeadLetterLog.letterBytesMax)"
            }
        }
    }

    package init(_ store: any CoordinationStore) { self.store = store }

    package func letters(_ topologyID: String) -> RecordCollection<DeadLetterRecord> {
        .init(store: store, parent: ClusterPaths.deadLetters(topologyID))
    }

    package func replays(_ topologyID: String) -> RecordCollection<DeadLetterReplayRecord> {
        .init(store: store, parent: ClusterPaths.deadLetterReplays(topologyID))
    }

    // MARK: Letters

    /// Keeps a letter, in place of one with the same id. When several workers write at once there may be a few more
    /// than `lettersMax`.
    /// - Throws: `Refusal`, or `CoordinationError`.
    package func add(_ id: String, _ letter: DeadLetterRecord, lettersMax: Int) async throws {
        let bytes = try RecordCodec.encode(letter)
        guard bytes.count <= Self.letterBytesMax else { throw Refusal.tooLarge(bytes: bytes.count) }
        let collection = letters(letter.topologyID)
        let known = try await collection.ids()
        guard known.count < lettersMax || known.contains(id) else { throw Refusal.full(max: lettersMax) }
        try await putCreatingParent(collection, id, letter)
    }

    /// Ids of topologies that have letters, sorted.
    package func topologies() async throws -> [String] {
        var found: [String] = []
        for name in try await children(ClusterPaths.deadLetters) {
            let id = ClusterPaths.unescape(name)
            if try await !letters(id).ids().isEmpty { found.append(id) }
        }
        return found
    }

    /// The letter, and the wish to have it emitted again. Nothing there is fine.
    package func remove(_ id: String, topologyID: String) async throws {
        let (wishes, kept) = (replays(topologyID), letters(topologyID))
        do {
            // Together: a worker that was killed between the two would leave the letter of a message that is done, and nobody
            // who removes it.
            try await store.multi([
                .delete(path: wishes.path(id), expectedVersion: nil),
                .delete(path: kept.path(id), expectedVersion: nil),
            ])
        } catch let error as CoordinationError where error.code == .noNode {
            // At most one of them is there.
            try await wishes.delete(id)
            try await kept.delete(id)
        }
        try await removeEmpty(wishes.parent)
        try await removeEmpty(kept.parent)
    }

    // MARK: Replays

    /// Asks for a letter to be emitted again, in place of an earlier wish.
    package func requestReplay(_ id: String, _ letter: DeadLetterRecord, now: Int64) async throws {
        let wish = DeadLetterReplayRecord(
            component: letter.component, task: letter.task, requestedAtMilliseconds: now)
        try await putCreatingParent(replays(letter.topologyID), id, wish)
    }

    /// The wish was carried out. The letter stays.
    package func removeReplay(_ id: String, topologyID: String) async throws {
        try await replays(topologyID).delete(id)
        try await removeEmpty(ClusterPaths.deadLetterReplays(topologyID))
    }

    // MARK: Folders

    private func putCreatingParent<R: ClusterRecord>(
        _ collection: RecordCollection<R>, _ id: String, _ record: R
    ) async throws {
        // Whoever removes the last record removes the folder as well, perhaps just now.
        for _ in 0..<8 {
            do {
                return try await collection.put(id, record)
            } catch let error as CoordinationError where error.code == .noNode {
                try await store.createDirectory(collection.parent)
            }
        }
        throw CoordinationError(.noNode, collection.parent, detail: "it is removed all the time")
    }

    private func removeEmpty(_ folder: String) async throws {
        do {
            try await store.delete(folder, expectedVersion: nil)
        } catch let error as CoordinationError where error.code == .notEmpty || error.code == .noNode {
            // In use, or gone already.
        }
    }

    private func children(_ path: String) async throws -> [String] {
        do {
            return try await store.children(path)
        } catch let error as CoordinationError where error.code == .noNode {
            return []
        }
    }
}
