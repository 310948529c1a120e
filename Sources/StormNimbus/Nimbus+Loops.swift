import Logging
import StormCluster
import StormCore

/// The loops that a running nimbus consists of. Each ends with an error or when cancelled.
extension Nimbus {
    /// Wakes `target` when nodes come or go below `root`; with `byVersion` also when their data changes. Statistics in
    /// worker beats change all the time and are nobody's concern here.
    func watch(_ root: String, depth: Int, byVersion: Bool = false, _ target: Kick) async throws {
        let view = try await retrying("watching \(root)", isStarting: false) {
            try await state.store.view(of: root, depth: depth)
        }
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
    func repeating(_ kick: Kick, _ body: () async throws -> Duration) async throws {
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

    // MARK: blobs

    func exchangeBlobs() async throws {
        try await repeating(blobKick) {
            do {
                let collects = await clusterWatch.ownsBlobs
                let missing = try await catalog.synchronize(
                    protected: uploads.protectedContents, collectsGarbage: collects)
                return missing.isEmpty
                    ? configuration.codeSyncInterval : min(.seconds(5), configuration.codeSyncInterval)
            } catch let error where !Self.endsNimbus(error) {
                logger.warning("the exchange of code failed", metadata: ["error": "\(error)"])
                return .seconds(1)
            }
        }
    }

    // MARK: contact

    /// Notes interruptions of the session.
    func followSession() async {
        for await event in state.store.sessionEvents {
            contact.note(event, now: time.monotonicNanoseconds() / 1_000_000)
        }
    }

    /// Looks after each change of the cluster's identity, and every `repairInterval`, whether the store was wiped.
    func guardCluster(_ presence: Presence) async throws {
        var mustRegister = false
        try await repeating(clusterKick) {
            do {
                if try await clusterWatch.look() == .forgotten { mustRegister = true }
                if mustRegister {
                    try await presence.register()
                    mustRegister = false
                    blobKick()
                    kick()
                }
                return configuration.repairInterval
            } catch let error where !Self.endsNimbus(error) {
                logger.warning("the cluster's identity could not be checked", metadata: ["error": "\(error)"])
                return .seconds(1)
            }
        }
    }

    /// Whether an error of a loop is one that no later attempt can mend.
    static func endsNimbus(_ error: any Error) -> Bool {
        error is CancellationError || (error as? CoordinationError)?.code == .closed
    }

    func expireTransfers() async throws {
        while true {
            try await clock.sleep(for: .seconds(30))
            await uploads.expire()
            await downloads.expire()
        }
    }
}
