import Logging
import StormCluster
import StormCore

/// The loops that a running nimbus consists of. Each ends with an error or when cancelled.
extension Nimbus {
    /// Wakes `target` when nodes come or go below `root`, or their data changes.
    func watch(_ root: String, depth: Int, _ target: Kick) async throws {
        try await follow(root, target) { try await state.store.view(of: root, depth: depth) }
    }

    /// Wakes `target` when nodes come or go below `root`, or say something new that matters.
    func watch(_ root: String, depth: Int, marks: NodeMarks, _ target: Kick) async throws {
        try await follow(root, target) {
            try await state.store.view(of: root, depth: depth, reducing: marks.reduce)
        }
    }

    private func follow(
        _ root: String, _ target: Kick, _ open: () async throws -> any SubtreeView
    ) async throws {
        let view = try await retrying("watching \(root)", isStarting: false, open)
        defer { view.close() }
        target()
        for await _ in view.changes { target() }
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
            let start = ContinuousClock.now
            do {
                let outcome = try await reconciler.round()
                pulse.roundEnded(start.duration(to: .now))
                if outcome.changeCount == 0 {
                    let due = outcome.nextWakeMilliseconds.map { Duration.milliseconds($0) }
                    return min(due ?? configuration.repairInterval, configuration.repairInterval)
                }
            } catch let error as CoordinationError {
                if error.code == .closed { throw error }
                pulse.roundFailed()
                if error.isRetriable {
                    logger.warning("a round failed", metadata: ["error": "\(error)"])
                    return .seconds(1)
                }
                logger.debug("a round met a change by somebody else", metadata: ["error": "\(error)"])
            } catch let error where !(error is CancellationError) {
                pulse.roundFailed()
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
                    protected: { [uploads] in await uploads.protectedContents }, collectsGarbage: collects)
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
