import Logging
import StormCluster
import StormCore
import StormSubmission

/// The election: to win it is not enough, a leader must hold the code of all living topologies.
extension Nimbus {
    /// From one attempt to lead without all code to the next one.
    private static let unfitPause = Duration.seconds(1)

    /// Ends the candidacies that this nimbus has left: an earlier process of its name, or itself, when the store was away as it
    /// gave one up. They would keep everybody from leading until their session ends, which may be our own. An earlier process
    /// held our port, so it is dead; should something of it still be on its way to the store, it is refused there without
    /// that node (`FencedStore`).
    func endFormerCandidacy(of identity: String) async throws {
        let names: [String]
        do {
            names = try await state.store.children(ClusterPaths.leaderLock)
        } catch let error as CoordinationError where error.code == .noNode {
            // The store was wiped: there is none.
            return
        }
        for name in names {
            let path = NodePath.join(ClusterPaths.leaderLock, name)
            do {
                guard let data = try await state.store.get(path),
                    String(decoding: data.bytes, as: UTF8.self) == identity
                else { continue }
                try await state.store.delete(path, expectedVersion: nil)
                logger.info("ended a candidacy that this nimbus has left", metadata: ["path": "\(path)"])
            } catch let error as CoordinationError where error.code == .noNode {
                // This one's session has timed out; there may be others.
            }
        }
    }

    /// Joins the election again and again: a nimbus that wins without holding all code leaves it, so that another one
    /// leads, fetches what it can, and comes back.
    func takePartInElection(as identity: String) async throws {
        var lastReported: [String] = []
        while true {
            let latch = try await retrying("joining the election", isStarting: false) {
                try await endFormerCandidacy(of: identity)
                return try await state.store.leaderLatch(ClusterPaths.leaderLock, participant: identity)
            }
            let result: Result<[String]?, any Error>
            do {
                result = .success(try await follow(latch))
            } catch {
                result = .failure(error)
            }
            leadership.end()
            await latch.close()
            try Task.checkCancellation()
            guard let missing = try result.get() else {
                throw CoordinationError(.closed, ClusterPaths.leaderLock, detail: "the election has ended")
            }
            if missing != lastReported {
                lastReported = missing
                logger.error(
                    """
                    gives up the leadership: it does not hold the code of all living topologies. Start a nimbus that \
                    holds it; if there is none, delete these topologies under /storms and submit them again
                    """, metadata: ["missing": "\(missing.joined(separator: " "))"])
            }
            try await clock.sleep(for: min(Self.unfitPause, configuration.codeSyncInterval))
        }
    }

    /// - Returns: keys of missing blobs when it must not lead; nil when the latch ended.
    private func follow(_ latch: any LeaderLatchHandle) async throws -> [String]? {
        var lastLock: String?
        for await isLeader in latch.events {
            guard isLeader else {
                if leadership.end() { logger.warning("no longer the leader") }
                continue
            }
            // Another node of ours: the session was lost in between.
            let lock = latch.lockPath
            if let lastLock, let lock, lastLock != lock {
                contact.interrupted(now: time.monotonicNanoseconds() / 1_000_000)
            }
            lastLock = lock ?? lastLock
            if let missing = try await becomeLeader(latch) { return missing }
        }
        return nil
    }

    /// Tries for as long as the latch leads.
    /// - Returns: what is missing; nil when it acts as the leader now, or the latch does not lead any more.
    func becomeLeader(_ latch: any LeaderLatchHandle) async throws -> [String]? {
        while latch.isLeader {
            do {
                let missing = try await missingBlobs()
                guard missing.isEmpty else { return missing }
                await reconciler.startAfresh(contact: contact.state)
                guard leadership.begin(latch) else { return nil }
                logger.info("leads")
                pulse.beganToLead()
                kick()
                return nil
            } catch let error where !Self.endsNimbus(error) {
                logger.warning("checking the code of all topologies failed", metadata: ["error": "\(error)"])
                try await clock.sleep(for: .milliseconds(200))
            }
        }
        return nil
    }

    /// Blobs of living topologies that neither are here nor could be fetched; sorted keys. A topology that was killed
    /// only waits for its end, for which nobody needs its code.
    ///
    /// One that is cut off here, and that nobody else can give, is not among them: only its own topologies suffer from
    /// that, and all of them would from a cluster without a leader. It is given to nobody, and replaced as soon as there
    /// is another.
    func missingBlobs() async throws -> [String] {
        var storms = RecordCache<StormBaseRecord>()
        let found = try await storms.read(state.storms)
        // What cannot be read is left alone by every leader; it must not keep all of them from leading.
        recordFaults.report(found.faults, below: ClusterPaths.storms)
        let living = found.records.values.compactMap { $0?.record }.filter { $0.status != .killed }
        var present: Set<String> = []
        var unobtainable: [BlobReference] = []
        for blob in living.flatMap(\.blobs) where !present.contains(blob.sha256) {
            do {
                if try await directory.has(blob.sha256, sizeBytes: blob.sizeBytes) {
                    present.insert(blob.sha256)
                    continue
                }
                guard let record = try await catalog.record(blob.key) else {
                    unobtainable.append(blob)
                    continue
                }
                try await catalog.ensureLocal(record)
            } catch let error where error is TransferError || error is DiskError {
                logger.warning("a blob is missing here", metadata: ["blob": "\(blob.key)", "error": "\(error)"])
                unobtainable.append(blob)
            }
        }
        var missing: [String] = []
        var cut: [String] = []
        for blob in unobtainable {
            do {
                if try await directory.has(blob.sha256) { cut.append(blob.key) } else { missing.append(blob.key) }
            } catch is DiskError {
                // A disk that cannot even tell must not keep a nimbus with a better one from leading.
                missing.append(blob.key)
            }
        }
        if !cut.isEmpty {
            logger.error(
                """
                code is cut off on this disk, and no other nimbus that is up holds it: no worker of its topologies can be \
                started on another machine. Start a nimbus that holds it, or submit these topologies again
                """, metadata: ["blobs": "\(cut.sorted().joined(separator: " "))"])
        }
        return missing.sorted()
    }
}
