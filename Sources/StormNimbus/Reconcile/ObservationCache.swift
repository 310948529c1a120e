import StormCluster

/// What the last look at the cluster has read, so that the next one decodes only what has changed. Never a source of
/// truth: whether a record is there, and which version of it, is read from the store each time.
package struct ObservationCache: Sendable {
    var storms = RecordCache<StormBaseRecord>()
    var assignments = RecordCache<AssignmentRecord>()
    var supervisors = RecordCache<SupervisorRecord>()
    var leaving = RecordCache<LeavingRecord>()
    var submissions = RecordCache<SubmissionRecord>()
    /// Names of the beats of each topology, and the slots that they stand for.
    private var slots: [String: (names: [String], slots: Set<WorkerSlot>)] = [:]

    package init() {}

    /// The slots that these nodes stand for.
    mutating func slots(of topologyID: String, _ names: [String]) -> Set<WorkerSlot> {
        if let known = slots[topologyID], known.names == names { return known.slots }
        let found = Set(names.compactMap { WorkerSlot(pathName: ClusterPaths.unescape($0)) })
        slots[topologyID] = (names, found)
        return found
    }

    mutating func keepSlots(of topologyIDs: [String]) {
        let kept = Set(topologyIDs)
        slots = slots.filter { kept.contains($0.key) }
    }
}

/// Records of one directory as they were decoded last.
struct RecordCache<R: ClusterRecord>: Sendable {
    struct Found {
        /// By name; nil for one that cannot be read.
        var records: [String: Stored<R>?] = [:]
        var faults: [ClusterRecordError] = []
    }

    private struct Known: Sendable {
        let created: Int64
        let version: Int32
        let result: Result<R, ClusterRecordError>
    }

    private var known: [String: Known] = [:]

    /// All records that are there now.
    mutating func read(_ collection: RecordCollection<R>) async throws -> Found {
        let ids = try await collection.ids()
        let nodes = try await collection.store.get(ids.map(collection.path))
        var found = Found()
        var next: [String: Known] = [:]
        next.reserveCapacity(ids.count)
        for (id, data) in zip(ids, nodes) {
            guard let data else { continue }
            let entry = try decode(id, data, path: collection.path(id))
            next[id] = entry
            switch entry.result {
            case .success(let record):
                found.records.updateValue(Stored(record: record, storeVersion: data.version), forKey: id)
            case .failure(let fault):
                found.records.updateValue(nil, forKey: id)
                found.faults.append(fault)
            }
        }
        known = next
        return found
    }

    private func decode(_ id: String, _ data: VersionedData, path: String) throws -> Known {
        if let old = known[id], old.created == data.createdTransaction, old.version == data.version { return old }
        do {
            let record = try RecordCodec.decode(R.self, data.bytes, path: path)
            return Known(created: data.createdTransaction, version: data.version, result: .success(record))
        } catch let fault as ClusterRecordError {
            return Known(created: data.createdTransaction, version: data.version, result: .failure(fault))
        }
    }
}
