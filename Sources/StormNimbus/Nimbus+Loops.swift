import Logging
import StormCluster
import StormCore

/// The loops that a running nimbus consists of. Each ends with an error or when cancelled.
extension Nimbus {
    /// Wakes `target` when nodes come or go below `root`; with `byVersion` also when their data changes. Statistics in
    /// worker beats change all the time and are nobody's concern here.
    func watch(_ root: String, depth: Int, byVersion: Bool = false, _ target: Kick) async throws {
        let view = try await retrying("watching \(root)") { try await state.store.view(of: root, depth: depth) }
        defer { view.close() }
        func signature() -> [String: [Int64]] {
            view.snapshot().nodes.mapValues { [$0.createdTransaction, byVersion ? Int64($0.version) : 0] }
        }
        var last = signature()
        target()
        for await _ in view.changes {
            let current = signature()
            guard current != last else { continue }
            last = current
            target()
        }
        try Task.checkCancellation()
    }

    // MARK: reconciling

    /// Runs rounds while leading: after each event, when something becomes due, and every `repairInterval`.
    func reconcile() async throws {
        try await repeating(kick) {
            guard leadership.isActing else { return configuration.repairInterval }
            return try await rounds()
        }
    }

    /// Calls `body` for each kick, and after the time that it returns.
    private func repeating(_ kick: Kick, _ body: () async throws -> Duration) async throws {
        var timer: Task<Void, Never>?
        defer { timer?.cancel() }
        kick()
        for await _ in kick.events {
            timer?.cancel()
            let pause = try await body()
            timer = Task { [clock] in
                // Cancelled: an event came first.
                guard (try? await clock.sleep(for: pause)) != nil else { return }
                kick()
            }
            try await clock.sleep(for: configuration.roundGap)
        }
        try Task.checkCancellation()
    }

    /// Rounds until nothing changes any more.
    /// - Returns: the time until the next one without an event.
    private func rounds() async throws -> Duration {
        // Each round either changes something or ends this; the bound is for what nobody has thought of.
        for _ in 0..<32 where leadership.isActing {
            do {
                let outcome = try await reconciler.round()
                if outcome.changeCount == 0 {
                    let due = outcome.nextWakeMilliseconds.map { Duration.milliseconds($0) }
                    return min(due ?? configuration.repairInterval, configuration.repairInterval)
                }
            } catch let error as CoordinationError {
                if error.code == .closed { throw error }
                if error.isRetriable {
                    logger.warning("a round failed", metadata: ["error": "\(error)"])
                    return .seconds(1)
                }
                logger.debug("a round met a change by somebody else", metadata: ["error": "\(error)"])
            } catch let error where !(error is CancellationError) {
                logger.error("a round failed", metadata: ["error": "\(error)"])
                return configuration.repairInterval
            }
        }
        return .seconds(1)
    }

    // MARK: election

    /// Joins the election again and again: a nimbus that wins without holding all code leaves it, fetches what it can,
    /// and comes back.
    func takePartInElection(as identity: String) async throws {
        while true {
            let latch = try await retrying("joining the election") {
                try await state.store.leaderLatch(ClusterPaths.leaderLock, participant: identity)
            }
            let reason = try await follow(latch)
            leadership.set(false)
            await latch.close()
            try Task.checkCancellation()
            guard let reason else {
                throw CoordinationError(.closed, ClusterPaths.leaderLock, detail: "the election has ended")
            }
            logger.error(
                "gives up the leadership: it does not hold the code of all living topologies",
                metadata: ["missing": "\(reason.joined(separator: " "))"])
            try await clock.sleep(for: min(.seconds(5), configuration.codeSyncInterval))
        }
    }

    /// - Returns: keys of missing blobs when it must not lead; nil when the latch ended.
    private func follow(_ latch: any LeaderLatchHandle) async throws -> [String]? {
        for await isLeader in latch.events {
            guard isLeader else {
                if leadership.set(false) { logger.warning("no longer the leader") }
                continue
            }
            let missing = try await retrying("checking the code of all topologies") { try await missingBlobs() }
            guard missing.isEmpty else { return missing }
            guard latch.isLeader else { continue }
            await reconciler.startAfresh()
            leadership.set(true)
            logger.info("leads")
            kick()
        }
        return nil
    }

    /// Blobs of living topologies that neither are here nor could be fetched; sorted keys.
    private func missingBlobs() async throws -> [String] {
        var missing: [String] = []
        for base in try await state.storms.all().values.map(\.record) {
            for blob in base.blobs where try await !directory.has(blob.sha256) {
                do {
                    guard let record = try await catalog.record(blob.key) else {
                        missing.append(blob.key)
                        continue
                    }
                    try await catalog.ensureLocal(record)
                } catch let error as TransferError {
                    logger.warning("a blob is missing here", metadata: ["blob": "\(blob.key)", "error": "\(error)"])
                    missing.append(blob.key)
                }
            }
        }
        return missing.sorted()
    }

    // MARK: blobs

    func exchangeBlobs() async throws {
        try await repeating(blobKick) {
            do {
                let missing = try await catalog.synchronize(protected: uploads.protectedContents)
                return missing.isEmpty
                    ? configuration.codeSyncInterval : min(.seconds(5), configuration.codeSyncInterval)
            } catch let error as CoordinationError where error.code != .closed {
                logger.warning("the exchange of code failed", metadata: ["error": "\(error)"])
                return .seconds(1)
            }
        }
    }

    func expireTransfers() async throws {
        while true {
            try await clock.sleep(for: .seconds(30))
            await uploads.expire()
            await downloads.expire()
        }
    }
}
