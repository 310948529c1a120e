/// A record as it was read: with the version that a safe replacement needs.
package struct Stored<R: ClusterRecord>: Hashable, Sendable {
    package var record: R
    package let storeVersion: Int32

    package init(record: R, storeVersion: Int32) {
        self.record = record
        self.storeVersion = storeVersion
    }
}

/// The records directly below one node, by the node's name (escaped in the path where necessary).
package struct RecordCollection<R: ClusterRecord>: Sendable {
    package let store: any CoordinationStore
    package let parent: String

    package init(store: any CoordinationStore, parent: String) {
        self.store = store
        self.parent = parent
    }

    package func path(_ id: String) -> String { NodePath.join(parent, ClusterPaths.escape(id)) }

    /// Names, sorted; empty when the parent does not exist.
    package func ids() async throws -> [String] { try await names().map(ClusterPaths.unescape) }

    /// As `ids`, as they are in paths.
    package func names() async throws -> [String] {
        do {
            return try await store.children(parent)
        } catch let error as CoordinationError where error.code == .noNode {
            return []
        }
    }

    package func get(_ id: String) async throws -> Stored<R>? {
        let path = path(id)
        guard let data = try await store.get(path) else { return nil }
        return Stored(record: try RecordCodec.decode(R.self, data.bytes, path: path), storeVersion: data.version)
    }

    /// All records that are there; one that vanishes meanwhile is left out.
    /// - Throws: `ClusterRecordError` when there is a single one that cannot be read.
    package func all() async throws -> [String: Stored<R>] {
        let found = try await readable()
        if let fault = found.faults.min(by: { $0.key < $1.key }) { throw fault.value }
        return found.records
    }

    /// As `all`; what cannot be read is told, not thrown.
    package func readable() async throws -> ReadableRecords<R> {
        let ids = try await ids()
        var found = ReadableRecords<R>()
        for (id, data) in zip(ids, try await store.get(ids.map(path))) {
            guard let data else { continue }
            do {
                let record = try RecordCodec.decode(R.self, data.bytes, path: path(id))
                found.records[id] = Stored(record: record, storeVersion: data.version)
            } catch let fault as ClusterRecordError {
                found.faults[id] = fault
            }
        }
        return found
    }

    /// - Throws: `nodeExists`.
    package func create(_ id: String, _ record: R) async throws {
        try await store.create(path(id), try RecordCodec.encode(record), mode: .persistent)
    }

    /// Replaces exactly what was read.
    /// - Throws: `badVersion` when somebody wrote in between, `noNode` when it was deleted.
    package func replace(_ id: String, _ stored: Stored<R>) async throws {
        try await store.set(path(id), try RecordCodec.encode(stored.record), expectedVersion: stored.storeVersion)
    }

    /// Creates or replaces, whatever is there.
    package func put(_ id: String, _ record: R) async throws {
        let bytes = try RecordCodec.encode(record)
        for _ in 0..<Self.attemptsMax {
            do {
                try await store.set(path(id), bytes, expectedVersion: nil)
                return
            } catch let error as CoordinationError where error.code == .noNode {
                do {
                    try await store.create(path(id), bytes, mode: .persistent)
                    return
                } catch let error as CoordinationError where error.code == .nodeExists {
                    continue
                }
            }
        }
        throw CoordinationError(.badVersion, path(id), detail: "it is created and deleted all the time")
    }

    /// Reads, changes, replaces; again, a bounded number of times, when somebody else wrote in between, or when no reply
    /// came and the change is not there. `change` may run more than once and must have no other effect.
    /// - Returns: what is stored now; nil when there is no such record.
    @discardableResult
    package func update(_ id: String, _ change: (inout R) throws -> Void) async throws -> R? {
        for _ in 0..<Self.attemptsMax {
            guard var stored = try await get(id) else { return nil }
            let before = stored.record
            try change(&stored.record)
            if stored.record == before { return before }
            do {
                try await replace(id, stored)
                return stored.record
            } catch let error as CoordinationError where error.code == .badVersion {
                continue
            } catch let error as CoordinationError where error.code == .noNode {
                return nil
            } catch let error as CoordinationError where error.isRetriable && error.mayHaveHappened {
                // The reply was lost. What is stored tells whether the write was; otherwise it is made again.
                if let now = try await get(id), now.record == stored.record { return now.record }
            }
        }
        throw CoordinationError(.badVersion, path(id), detail: "changed by others \(Self.attemptsMax) times in a row")
    }

    /// Nothing there is fine.
    package func delete(_ id: String) async throws {
        do {
            try await store.delete(path(id), expectedVersion: nil)
        } catch let error as CoordinationError where error.code == .noNode {
            // Somebody did it before us, perhaps we ourselves before a crash.
        }
    }

    /// Reads records out of a live copy.
    /// - Returns: what could be read, by name, and what could not be, with the reason.
    package func decode(_ snapshot: SubtreeSnapshot) -> (records: [String: Stored<R>], faults: [ClusterRecordError]) {
        var records: [String: Stored<R>] = [:]
        var faults: [ClusterRecordError] = []
        for (path, data) in snapshot.nodes where path != parent && NodePath.parent(of: path) == parent {
            do {
                let record = try RecordCodec.decode(R.self, data.bytes, path: path)
                records[ClusterPaths.unescape(NodePath.name(of: path))] = Stored(
                    record: record, storeVersion: data.version)
            } catch let error as ClusterRecordError {
                faults.append(error)
            } catch {
                faults.append(ClusterRecordError(.malformed, path, String(describing: error)))
            }
        }
        return (records, faults.sorted { $0.path < $1.path })
    }

    private static var attemptsMax: Int { 16 }
}
