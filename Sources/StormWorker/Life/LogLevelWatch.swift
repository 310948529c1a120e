import Logging
import StormCluster
import StormCore
import Synchronization

/// Follows `/logconfigs/<topology>`: a change counts at once, and what has a time ends by this worker's own clock, also
/// while the store is away. A worker that starts takes what is in force.
final class LogLevelWatch: Sendable {
    private let store: any CoordinationStore
    private let topologyID: String
    private let clock: any TimeSource
    private let logger: Logger
    /// The wall clock may be set: the end of a level is looked at again after this at the latest.
    private let lookInterval: Duration
    private let apply: @Sendable ([String: LogThreshold]) -> Void
    private let newest = Mutex<LogConfigRecord?>(nil)

    init(
        store: any CoordinationStore, topologyID: String, clock: any TimeSource,
        lookInterval: Duration = .seconds(30), logger: Logger,
        apply: @escaping @Sendable ([String: LogThreshold]) -> Void
    ) {
        self.store = store
        self.topologyID = topologyID
        self.clock = clock
        self.lookInterval = lookInterval
        self.logger = logger
        self.apply = apply
    }

    private static let retryFirst = Duration.milliseconds(250)
    private static let retryMax = Duration.seconds(10)

    /// Until cancelled.
    func run() async {
        let (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.read(wake) }
            group.addTask { await self.act(on: wakes, wake) }
            await group.waitForAll()
        }
    }

    private func read(_ wake: AsyncStream<Void>.Continuation) async {
        defer { wake.finish() }
        let path = ClusterPaths.logConfig(topologyID)
        var delay = Self.retryFirst
        while !Task.isCancelled {
            do {
                let view = try await store.view(of: path, depth: 0)
                defer { view.close() }
                delay = Self.retryFirst
                take(view.snapshot(), path)
                wake.yield()
                for await _ in view.changes {
                    take(view.snapshot(), path)
                    wake.yield()
                }
                // The store was closed: the worker ends.
                return
            } catch {
                logger.debug("cannot follow the log levels yet: \(error)")
            }
            // Cancelled: the loop ends.
            try? await Task.sleep(for: delay)
            delay = min(delay * 2, Self.retryMax)
        }
    }

    /// A record that cannot be read leaves everything as it is.
    private func take(_ snapshot: SubtreeSnapshot, _ path: String) {
        do {
            let record = try snapshot[path].map { try RecordCodec.decode(LogConfigRecord.self, $0.bytes, path: path) }
            newest.withLock { $0 = record }
        } catch {
            logger.warning("the log levels stay as they are: \(error)")
        }
    }

    private func act(on wakes: AsyncStream<Void>, _ wake: AsyncStream<Void>.Continuation) async {
        var inForce: [String: LogThreshold] = [:]
        var timer: Task<Void, Never>?
        defer { timer?.cancel() }
        for await _ in wakes {
            let now = clock.epochMilliseconds()
            let plan = LogLevelPlan(newest.withLock { $0 }, now: now)
            if plan.levels != inForce {
                apply(plan.levels)
                tell(plan.levels, inForce)
                inForce = plan.levels
            }
            timer?.cancel()
            timer = plan.nextEndMilliseconds.map { end in
                let pause = min(.milliseconds(end - now), lookInterval)
                return Task {
                    // Cancelled: another timer has taken its place.
                    if (try? await Task.sleep(for: pause)) != nil { wake.yield() }
                }
            }
        }
    }

    private func tell(_ levels: [String: LogThreshold], _ before: [String: LogThreshold]) {
        for (name, level) in levels.sorted(by: { $0.key < $1.key }) where before[name] != level {
            logger.notice("log level of \(name) is \(level.stormName)")
        }
        for name in before.keys.sorted() where levels[name] == nil {
            logger.notice("log level of \(name) is as configured")
        }
    }
}
