import Logging
import StormCluster
import StormCore
import StormThrift

/// A topology that is ready to be taken into the cluster; its contents are on this nimbus' disk.
struct SubmissionDraft {
    let base: StormBaseRecord
    let credentials: [String: String]
    let replication: ReplicationGoal

    var id: String { base.id }
    var keys: [String] { base.blobs.map(\.key) }
}

/// Takes a topology into the cluster, so that whatever happens it is in it completely or not at all.
///
/// Alone, a nimbus creates everything in one `multi`. Where code has to be replicated first it takes two: the first
/// creates the blobs together with `/submissions/<id>`, the second, when enough nimbuses hold them, replaces that by
/// everything else. A leader that dies in between leaves `/submissions/<id>`, by which the next one knows what to undo.
/// Contents on disk that nothing refers to in the end are collected later.
struct SubmissionCommit {
    /// Of one leadership.
    let store: FencedStore
    let catalog: BlobCatalog
    let pending: PendingSubmits
    let clock: any Clock<Duration>
    let logger: Logger

    private var state: ClusterState { ClusterState(store) }
    private static let attemptsMax = 8

    /// - Throws: `Thrift.AlreadyAliveException`.
    func checkFree(_ name: String) async throws {
        try Self.checkFree(name, try await state.storms.readable())
    }

    /// A record that cannot be read counts as what its id says.
    private static func checkFree(_ name: String, _ storms: ReadableRecords<StormBaseRecord>) throws {
        if storms.records.values.contains(where: { $0.record.name == name }) { throw taken(name) }
        if let fault = storms.fault(named: name) { throw taken(name, fault) }
    }

    /// - Throws: `CoordinationError` (`nodeExists`: the id is taken; `fenced`: this nimbus does not lead any more),
    ///   `Thrift.AlreadyAliveException`, `TransferError` (the code was damaged on the disk since its
    ///   upload). Nothing of the topology stays then, now or after the next round.
    func run(_ draft: SubmissionDraft) async throws {
        try await checkCode(draft)
        let replication = ReplicationWait(store: store, clock: clock, logger: logger)
        let target = try await replication.target(draft.replication)
        guard target > 1 else {
            try await commit(draft, isReserved: false)
            return await announceLate(draft)
        }
        pending.insert(draft.id)
        // From here on the reconciler undoes what is left of it.
        defer { pending.remove(draft.id) }
        try await reserve(draft)
        for blob in draft.base.blobs { try await announce(blob) }
        try await replication.wait(for: draft, target: target)
        try await commit(draft, isReserved: true)
    }

    /// The topology exists already; what fails here the exchange of blobs repairs.
    private func announceLate(_ draft: SubmissionDraft) async {
        for blob in draft.base.blobs {
            do {
                try await announce(blob)
            } catch {
                logger.warning("a blob is announced later", metadata: ["blob": "\(blob.key)", "error": "\(error)"])
            }
        }
    }

    /// An upload may wait for hours, and over many submits: what was hashed on its way here is looked at again.
    private func checkCode(_ draft: SubmissionDraft) async throws {
        let key = TopologyBlobs.code(draft.id)
        for blob in draft.base.blobs where blob.key == key {
            do {
                try await catalog.ensureSound(record(blob, draft))
            } catch let error as TransferError {
                throw TransferError(description: "the uploaded program cannot be used, upload it again: \(error)")
            }
        }
    }

    private func announce(_ blob: BlobReference) async throws { try await catalog.announce(blob.key, blob.sha256) }

    private func reserve(_ draft: SubmissionDraft) async throws {
        let record = SubmissionRecord(
            topologyID: draft.id, name: draft.base.name, nimbus: await catalog.name, blobs: draft.keys,
            startedAtMilliseconds: draft.base.submittedAtMilliseconds)
        let marker = CoordinationOperation.create(
            path: ClusterPaths.submission(draft.id), data: try RecordCodec.encode(record), mode: .persistent)
        for _ in 0..<Self.attemptsMax {
            do {
                try await store.multi([marker] + blobSteps(draft))
                return
            } catch let error as CoordinationError where error.code == .nodeExists {
                // Ours when the reply of an earlier attempt was lost.
                guard try await state.submissions.get(draft.id)?.record == record else { throw error }
                return
            } catch let error as CoordinationError where error.isRetriable && error.mayHaveHappened {
                continue
            }
        }
        throw CoordinationError(
            .unavailable, ClusterPaths.submission(draft.id), detail: "no reply", mayHaveHappened: true)
    }

    /// The step after which the topology exists.
    private func commit(_ draft: SubmissionDraft, isReserved: Bool) async throws {
        // Somebody else may submit or remove at the same moment: the version of /storms tells, and we look again.
        for _ in 0..<Self.attemptsMax {
            guard let storms = try await store.get(ClusterPaths.storms) else {
                throw CoordinationError(.noNode, ClusterPaths.storms)
            }
            let living = try await state.storms.readable()
            // There already: the reply of an earlier attempt was lost.
            if living.records[draft.id]?.record.blobs == draft.base.blobs { return }
            try Self.checkFree(draft.base.name, living)
            do {
                try await store.multi(steps(draft, stormsVersion: storms.version, isReserved: isReserved))
                return
            } catch let error as CoordinationError where error.code == .badVersion {
                continue
            } catch let error as CoordinationError where error.isRetriable && error.mayHaveHappened {
                continue
            }
        }
        throw CoordinationError(.badVersion, ClusterPaths.storms, detail: "too many submits at the same time")
    }

    private func steps(
        _ draft: SubmissionDraft, stormsVersion: Int32, isReserved: Bool
    ) throws -> [CoordinationOperation] {
        let id = draft.id
        var steps: [CoordinationOperation] = [
            .set(path: ClusterPaths.storms, data: [], expectedVersion: stormsVersion)
        ]
        if isReserved {
            steps.append(.delete(path: ClusterPaths.submission(id), expectedVersion: nil))
        } else {
            steps += try blobSteps(draft)
        }
        for directory in [ClusterPaths.workerBeats(id), ClusterPaths.errors(id)] {
            steps.append(.create(path: directory, data: [], mode: .persistent))
        }
        if !draft.credentials.isEmpty {
            let record = CredentialsRecord(credentials: draft.credentials)
            steps.append(
                .create(path: ClusterPaths.credentials(id), data: try RecordCodec.encode(record), mode: .persistent))
        }
        steps.append(
            .create(path: ClusterPaths.storm(id), data: try RecordCodec.encode(draft.base), mode: .persistent))
        return steps
    }

    private func blobSteps(_ draft: SubmissionDraft) throws -> [CoordinationOperation] {
        try draft.base.blobs.map { blob in
            .create(
                path: ClusterPaths.blob(blob.key), data: try RecordCodec.encode(record(blob, draft)), mode: .persistent)
        }
    }

    private func record(_ blob: BlobReference, _ draft: SubmissionDraft) -> BlobRecord {
        BlobRecord(
            key: blob.key, sha256: blob.sha256, sizeBytes: blob.sizeBytes,
            createdAtMilliseconds: draft.base.submittedAtMilliseconds, owner: draft.base.owner)
    }

    private static func taken(_ name: String, _ fault: ClusterRecordError? = nil) -> Thrift.AlreadyAliveException {
        let reason = fault.map { ", and its record cannot be read: \($0)" } ?? ""
        return Thrift.AlreadyAliveException(msg: "topology '\(name)' is alive already\(reason)")
    }
}
