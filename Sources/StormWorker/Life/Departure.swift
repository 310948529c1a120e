import Logging
import StormCluster
import StormCore
import StormManifest
import Synchronization

/// A request to stop that comes from somebody else than the worker's supervisor: going at once would fail the trees of
/// others that pass through here, so the worker asks nimbus to move its executors, and goes on until that is done.
final class Departure: Sendable {
    private struct State {
        var asking: Task<Void, Never>?
        var registration: (any EphemeralRegistration)?
    }

    /// How long the store has to take the request: without it nobody moves anything, and waiting is for nothing.
    private static let askLimit: Duration = .seconds(5)

    private let worker: Worker
    private let state = Mutex(State())

    init(_ worker: Worker) { self.worker = worker }

    private var logger: Logger { worker.logger }

    /// Whether the worker goes on for now: then nimbus is asked, and `stopNow` comes when it has had its time.
    func mayWait(_ box: WakeBox) -> Bool {
        guard !worker.manifest.isStopRequestedBySupervisor else {
            logger.info("asked to stop by its supervisor")
            return false
        }
        let isFirst = state.withLock { state in
            guard state.asking == nil else { return false }
            state.asking = Task { await ask() }
            return true
        }
        guard isFirst else { return true }
        logger.info(
            "asked to stop: waits until its executors are moved", metadata: ["limit": "\(worker.moveLimit)"])
        box.add(.stopNow, after: worker.moveLimit)
        giveUp(box, after: Self.askLimit)
        return true
    }

    private func giveUp(_ box: WakeBox, after limit: Duration) {
        Task {
            // Nobody cancels it.
            try? await Task.sleep(for: limit)
            if await isAsked() { return }
            logger.warning("stopping without a move of the executors: the cluster cannot be asked for it")
            box.add(.stopNow)
        }
    }

    /// Whether the request is in the store: a registration alone may still be on its way.
    private func isAsked() async -> Bool {
        do {
            return try await TimeLimit.run(Worker.storePatience) { [path, store = worker.state.store] in
                try await store.exists(path)
            }
        } catch {
            return false
        }
    }

    private var path: String {
        ClusterPaths.leaving(worker.manifest.topologyID, worker.slot, incarnation: worker.manifest.incarnation)
    }

    private func ask() async {
        let (id, slot, incarnation) = (worker.manifest.topologyID, worker.slot, worker.manifest.incarnation)
        let record = LeavingRecord(
            topologyID: id, slot: slot, incarnation: incarnation, timeMilliseconds: worker.clock.epochMilliseconds())
        while !Task.isCancelled {
            do {
                let registration = try await worker.state.store.registerEphemeral(
                    path, RecordCodec.encode(record))
                state.withLock { $0.registration = registration }
                return
            } catch {
                logger.warning("nimbus cannot be asked to move the executors yet: \(error)")
            }
            // Cancelled: the loop ends.
            try? await Task.sleep(for: .seconds(1))
        }
    }

    /// Takes the request back: the worker has ended. Waits for the store only for so long; the session's end does the rest.
    func close(within limit: Duration) async {
        guard let asking = state.withLock({ $0.asking }) else { return }
        asking.cancel()
        do {
            try await TimeLimit.run(limit) {
                await asking.value
                await self.state.withLock { $0.registration }?.close()
            }
        } catch {
            logger.debug("the request to move its executors is left to the session: \(error)")
        }
    }
}
