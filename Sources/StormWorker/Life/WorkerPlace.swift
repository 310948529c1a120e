package import Logging
package import StormCluster
import Synchronization

/// A worker's place in the cluster's memory: the records it follows, and the node that says it is there. Taken as soon as
/// the store answers, kept through lost sessions and a store that lost everything.
package final class WorkerPlace: Sendable {
    private struct Joined {
        let storm: any SubtreeView
        let assignment: any SubtreeView
        var beat: any EphemeralRegistration
    }

    private struct Content {
        var joined: Joined?
        var hasLeft = false
    }

    private let store: any CoordinationStore
    private let topologyID: String
    private let beatPath: String
    private let logger: Logger
    private let content = Mutex(Content())

    package init(store: any CoordinationStore, topologyID: String, slot: WorkerSlot, logger: Logger) {
        self.store = store
        self.topologyID = topologyID
        beatPath = ClusterPaths.workerBeat(topologyID, slot)
        self.logger = logger
    }

    /// The topology's record and its assignment as they were read last; nil before `join` came to something.
    var records: (storm: SubtreeSnapshot, assignment: SubtreeSnapshot)? {
        content.withLock { $0.joined }.map { ($0.storm.snapshot(), $0.assignment.snapshot()) }
    }

    // MARK: Coming

    /// Joins, however long that takes, calls `joined`, and then `changed` after each change. Until the task is cancelled,
    /// or the store is closed.
    /// - Parameter record: the worker's node of this moment.
    package func join(
        record: @Sendable () async throws -> [UInt8], joined didJoin: @Sendable () -> Void,
        changed: @escaping @Sendable () -> Void
    ) async {
        var delay = Self.retryFirst
        while !Task.isCancelled {
            do {
                let joined = try await open(record)
                guard publish(joined) else { return await close(joined) }
                if delay > Self.retryFirst { logger.info("joined the cluster") }
                didJoin()
                return await follow(joined, changed)
            } catch {
                if delay == Self.retryFirst { logger.warning("cannot join the cluster yet, goes on trying: \(error)") }
            }
            // Cancelled: the loop ends.
            try? await Task.sleep(for: delay)
            delay = min(delay * 2, Self.retryMax)
        }
    }

    private static let retryFirst = Duration.milliseconds(250)
    private static let retryMax = Duration.seconds(2)

    private func open(_ record: @Sendable () async throws -> [UInt8]) async throws -> Joined {
        let storm = try await store.view(of: ClusterPaths.storm(topologyID), depth: 0)
        do {
            let assignment = try await store.view(of: ClusterPaths.assignment(topologyID), depth: 0)
            do {
                let beat = try await store.registerEphemeral(beatPath, try await record())
                return Joined(storm: storm, assignment: assignment, beat: beat)
            } catch {
                assignment.close()
                throw error
            }
        } catch {
            storm.close()
            throw error
        }
    }

    private func publish(_ joined: Joined) -> Bool {
        content.withLock { content in
            if !content.hasLeft { content.joined = joined }
            return !content.hasLeft
        }
    }

    private func follow(_ joined: Joined, _ changed: @escaping @Sendable () -> Void) async {
        await withTaskGroup(of: Void.self) { group in
            for view in [joined.storm, joined.assignment] {
                group.addTask { for await _ in view.changes { changed() } }
            }
        }
    }

    // MARK: Being there

    /// Replaces the worker's node; makes it again when somebody deleted it although the topology is still there. Does
    /// nothing before `join` came to something.
    func show(_ record: [UInt8]) async {
        guard let joined = content.withLock({ $0.joined }) else { return }
        do {
            try await joined.beat.update(record)
        } catch let error as CoordinationError where error.code == .noNode && isListed(joined) {
            await showAnew(record, joined)
        } catch {
            // Kept for later by the registration.
            logger.debug("the worker's state could not be written: \(error)")
        }
    }

    private func isListed(_ joined: Joined) -> Bool {
        let snapshot = joined.storm.snapshot()
        return snapshot[snapshot.root] != nil
    }

    private func showAnew(_ record: [UInt8], _ joined: Joined) async {
        logger.warning("\(beatPath) was deleted by somebody; makes it again")
        await joined.beat.close()
        do {
            let beat = try await store.registerEphemeral(beatPath, record)
            let hasLeft = content.withLock { content in
                content.joined?.beat = beat
                return content.hasLeft
            }
            if hasLeft { await beat.close() }
        } catch {
            // The next beat finds the node missing again.
            logger.warning("the worker's node could not be made again: \(error)")
        }
    }

    // MARK: Going

    /// Deletes the node and ends the views. Waits for the store only for so long: the session's end does the rest.
    package func leave(within limit: Duration) async {
        let joined = content.withLock { content in
            content.hasLeft = true
            defer { content.joined = nil }
            return content.joined
        }
        guard let joined else { return }
        do {
            try await TimeLimit.run(limit) { await self.close(joined) }
        } catch {
            logger.debug("the worker's node is left to its session: \(error)")
        }
    }

    private func close(_ joined: Joined) async {
        joined.storm.close()
        joined.assignment.close()
        await joined.beat.close()
    }
}
