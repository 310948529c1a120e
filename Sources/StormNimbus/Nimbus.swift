package import Logging
package import StormCluster
package import StormCore
import StormThrift

/// A nimbus: serves Storm's interface, takes part in the election, and as leader keeps the cluster in order.
///
///     let nimbus = Nimbus(configuration: configuration, store: store, time: SystemClock(), logger: logger)
///     try await nimbus.run()   // until cancelled
///
/// The store stays the caller's; close it after `run` has returned.
package struct Nimbus: Sendable {
    package let configuration: Configuration
    let state: ClusterState
    /// Writes to it are the leader's, or fail.
    let leaderState: ClusterState
    let time: any TimeSource
    let clock: any Clock<Duration>
    let logger: Logger
    let leadership: Leadership
    let contact: Contact
    let clusterWatch: ClusterWatch
    /// What its pages tell of it.
    let pulse: NimbusPulse
    /// Wakes the reconciler.
    let kick = Kick()
    /// Wakes the exchange of blobs.
    let blobKick = Kick()
    /// Wakes the look at the cluster's identity.
    let clusterKick = Kick()
    let directory: BlobDirectory
    let uploads: Uploads
    let downloads: Downloads
    let catalog: BlobCatalog
    let reconciler: Reconciler
    let recordFaults: RecordFaults
    let handler: NimbusHandler

    package init(
        configuration: Configuration, store: any CoordinationStore, time: any TimeSource,
        clock: any Clock<Duration> = ContinuousClock(), fetcher: any BlobFetcher = ThriftBlobFetcher(), logger: Logger
    ) {
        self.configuration = configuration
        self.time = time
        self.clock = clock
        self.logger = logger
        state = ClusterState(store)
        let leadership = Leadership()
        self.leadership = leadership
        let leaderStore = FencedStore(store, lock: { leadership.lock }) { lock in
            // A submit of an earlier leadership may still be under way.
            if leadership.end(lock) { logger.warning("a write was refused: this nimbus does not lead any more") }
        }
        leaderState = ClusterState(leaderStore)
        let pulse = NimbusPulse()
        self.pulse = pulse
        contact = Contact(now: time.monotonicNanoseconds() / 1_000_000)
        directory = BlobDirectory(root: configuration.directory)
        downloads = Downloads(
            countMax: configuration.downloadsMax, chunkBytes: configuration.downloadChunkBytes,
            idleMilliseconds: configuration.uploads.idleMilliseconds, time: time)
        let catalog = BlobCatalog(
            state: state, directory: directory, fetcher: fetcher, time: time,
            unreferencedMilliseconds: configuration.unreferencedBlobMilliseconds, logger: logger)
        self.catalog = catalog
        uploads = Uploads(directory: directory, limits: configuration.uploads, time: time) {
            try await catalog.vouch(for: $0)
        }
        clusterWatch = ClusterWatch(state: state, directory: directory, logger: logger)
        let statuses = SchedulingStatuses()
        let stored = StoredConfiguration(
            state: state, catalog: catalog, directory: directory, cluster: configuration.cluster)
        var reconcilerConfiguration = configuration.reconciler
        reconcilerConfiguration.drainSeconds = { await stored.drainSeconds($0) }
        reconcilerConfiguration.didObserve = { pulse.sawCluster(ClusterFigures($0)) }
        reconcilerConfiguration.didSchedule = { pulse.scheduled($0) }
        let pending = PendingSubmits()
        let recordFaults = RecordFaults(logger: logger)
        self.recordFaults = recordFaults
        reconciler = Reconciler(
            state: leaderState, configuration: reconcilerConfiguration, time: time, statuses: statuses,
            pending: pending, recordFaults: recordFaults, logger: logger)
        let submissions = Submissions(
            store: leaderStore, configuration: configuration, directory: directory, uploads: uploads,
            catalog: catalog, counter: SubmissionCounter(), pending: pending, time: time, clock: clock, logger: logger)
        handler = NimbusHandler(
            state: state, leaderState: leaderState, configuration: configuration, leadership: leadership,
            statuses: statuses,
            directory: directory, uploads: uploads, blobUploads: BlobUploads(uploads: uploads), downloads: downloads,
            catalog: catalog, submissions: submissions, history: TopologyHistory(directory), kick: kick, time: time,
            recordFaults: recordFaults, logger: logger)
    }

    /// Whether this nimbus acts as the leader at present.
    package var isLeading: Bool { leadership.isActing }

    /// Looks at the whole cluster that found nothing left to do, since it began to lead: with the first one it is ready.
    package var settledRounds: Int { get async { await reconciler.settledRounds } }

    /// Runs until the task is cancelled.
    /// - Parameter whenListening: called once with the port that is served.
    /// - Throws: when the port is taken, the disk fails, or the store is closed or not reached at the start.
    package func run(whenListening: @Sendable (Int) -> Void = { _ in }) async throws {
        try await directory.prepare()
        try await retrying("preparing the coordination store") { try await state.prepare() }
        let limits = ThriftLimits(frameBytesMax: configuration.frameBytesMax)
        var serverConfiguration = ThriftServer.Configuration(host: configuration.bindHost, port: configuration.port)
        serverConfiguration.limits = limits
        serverConfiguration.connectionsMax = configuration.connectionsMax
        let server = try await ThriftServer.start(
            serverConfiguration,
            processor: .nimbus(handler, limits: limits, observer: { [pulse] in pulse.answered($0, isError: $1, $2) }),
            logger: logger)
        let result: Result<Void, any Error>
        do {
            try await serve(as: "\(configuration.host):\(server.port)", port: server.port, whenListening)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        leadership.end()
        await server.close()
        do {
            try result.get()
        } catch is CancellationError {
            // That is how a nimbus is stopped.
        }
    }

    func serve(as identity: String, port: Int, _ whenListening: @Sendable (Int) -> Void) async throws {
        await catalog.join(as: identity)
        var record = NimbusRecord(
            host: configuration.host, port: port, pid: configuration.pid,
            startedAtMilliseconds: time.epochMilliseconds(), stormVersion: configuration.stormVersion)
        record.httpPort = configuration.httpPort
        let presence = try Presence(state: state, identity: identity, record: record)
        try await retrying("announcing this nimbus") { try await presence.register() }
        logger.info("nimbus listens", metadata: ["nimbus.host": "\(configuration.host)", "port": "\(port)"])
        pulse.set(isServing: true)
        defer { pulse.set(isServing: false) }
        whenListening(port)
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await self.takePartInElection(as: identity) }
                group.addTask { try await self.reconcile() }
                group.addTask { await self.followSession() }
                group.addTask { try await self.guardCluster(presence) }
                group.addTask {
                    try await self.watch(ClusterPaths.cluster, depth: 1, marks: .existence, self.clusterKick)
                }
                group.addTask { try await self.exchangeBlobs() }
                group.addTask { try await self.expireTransfers() }
                group.addTask { try await self.watch(ClusterPaths.storms, depth: 1, self.kick) }
                group.addTask {
                    try await self.watch(ClusterPaths.supervisors, depth: 1, marks: .supervisor, self.kick)
                }
                group.addTask { try await self.watch(ClusterPaths.workerBeats, depth: 2, marks: .beat, self.kick) }
                group.addTask { try await self.watch(ClusterPaths.leaving, depth: 1, marks: .existence, self.kick) }
                group.addTask { try await self.watch(ClusterPaths.blobStore, depth: 2, self.blobKick) }
                defer { group.cancelAll() }
                // None of them ends by itself while the nimbus runs.
                try await group.next()
                try Task.checkCancellation()
                throw CoordinationError(.closed, "/", detail: "the coordination store was closed")
            }
        } catch {
            await presence.close()
            throw error
        }
    }

    /// Tries until it works; only errors that may pass are tried again.
    /// - Parameter isStarting: gives up after `startTimeout`. A nimbus that runs tries for as long as the store is away.
    func retrying<R: Sendable>(
        _ what: String, isStarting: Bool = true, _ body: () async throws -> R
    ) async throws -> R {
        let start = time.monotonicNanoseconds()
        let limit = isStarting ? configuration.startTimeout.components.seconds * 1_000_000_000 : .max
        var pause = Duration.milliseconds(100)
        while true {
            do {
                return try await body()
            } catch let error as CoordinationError where error.isRetriable {
                guard time.monotonicNanoseconds() - start < limit else { throw error }
                logger.warning("\(what) failed, trying again", metadata: ["error": "\(error)"])
                try await clock.sleep(for: pause)
                pause = min(pause * 2, .seconds(5))
            }
        }
    }
}
