internal import FoundationEssentials
package import Logging
package import StormCluster
package import StormCore
internal import StormManifest
internal import StormProcess

/// The daemon of a machine that runs workers: keeps each slot as the assignments want it.
///
/// What should be is in the coordination store (and, for the time when that is away, in a file); what is, are processes.
/// Everything between is ``Slot``. This owner holds no truth of its own: `kill -9` it at any moment, and its next
/// life finds the running workers again (each in its own session, approved in a file of its folder) and goes on.
/// SIGTERM is no different: workers go on without their supervisor, as in Storm, unless
/// ``SupervisorConfiguration/stopsWorkersAtEnd`` says otherwise.
///
/// What goes wrong on this machine is told and tried again, with growing waits; it never ends the supervisor: a disk that
/// is full or damaged may stop a start, but no worker that runs.
///
/// ```swift
/// let supervisor = try Supervisor(
///     configuration, store: store, blobs: blobs, launcher: ChildWorkerLauncher(), logger: logger)
/// try await supervisor.run()          // until `stop()`, or its task is cancelled
/// ```
package actor Supervisor {
    package nonisolated let id: String

    let configuration: SupervisorConfiguration
    let state: ClusterState
    let launcher: any WorkerLauncher
    let logger: Logger
    let time: any TimeSource
    let code: CodeStore
    let environments: PythonEnvironments
    let starter: WorkerStarter
    let reporter: ErrorReporter
    let assignmentFile: AssignmentFile
    /// Given up at the end.
    private var lock: FolderLock?
    private let stopRequests: AsyncStream<Void>
    private let stopRequest: AsyncStream<Void>.Continuation
    let startedAtMilliseconds: Int64

    // What is wanted: see Supervisor+Wish.
    var wanted: [Int: WantedWorker] = [:]
    /// The topologies of ``wanted``, as they were read last.
    var known: [String: KnownTopology] = [:]
    /// Neither the store nor the file has been read yet: no slot moves.
    var isWantedKnown = false
    /// From the store: topologies that exist. `nil` until it was read.
    var topologies: Set<String>?
    var assignmentsView: (any SubtreeView)?
    var stormsView: (any SubtreeView)?
    var faults: [String] = []
    var removals: RemovalWatch
    /// The cluster that topologies are of about which nothing better is known; nil: not known yet. See Supervisor+Removals.
    var clusterID: String?
    /// Finds out of which cluster topologies are.
    var learning: Task<Void, Never>?
    /// Topologies that were asked for, with or without an answer: their workers need not wait any longer for it.
    var asked: Set<String> = []
    /// Of the life before: what the workers that were found running are for.
    var recalled = AssignmentFile.Content()
    /// Why the file told nothing.
    var recallFault: String?
    /// Topologies that were removed on purpose.
    var provenRemovals: Set<String> = []
    var proving: Task<Void, Never>?
    /// Topologies that the store has forgotten: each is told once.
    var toldLost: Set<String> = []
    /// Waits until what is missing counts as removed.
    var settling: Task<Void, Never>?
    /// The store has lost everything: told once.
    var isStoreEmpty = false
    /// What the file holds.
    var noted: AssignmentFile.Content?
    var isNotingBroken = false
    /// Topologies that were told since it is.
    var toldUnnoted: Set<String> = []

    // What is: see Supervisor+Slots.
    var seats: [Int: Seat] = [:]
    var timer: Task<Void, Never>?
    var isEnding = false
    /// Told to stop: nimbus empties the slots before the end.
    var isDraining = false
    /// Nothing moves any more, whatever still arrives: another life may work in the folder.
    var hasEnded = false
    var emptyWaiters: [CheckedContinuation<Void, Never>] = []

    /// What ``SupervisorPages`` tell.
    var counts = SupervisorCounts()

    // What others see of us: see Supervisor+Store.
    var registration: (any EphemeralRegistration)?
    var published: PublishedState?
    var isPublishing = false

    /// Makes the folders, takes the lock on them, reads or makes the id.
    /// - Throws: ``SupervisorError`` `folderInUse` or `badState`.
    package init(
        _ configuration: SupervisorConfiguration, store: any CoordinationStore, blobs: any BlobSource,
        launcher: any WorkerLauncher, logger: Logger, time: any TimeSource = SupervisorTime()
    ) throws {
        let paths = configuration.paths
        lock = try Self.prepare(paths)
        let identity = try SupervisorIdentity.loadOrCreate(paths)
        id = identity.id
        var logger = logger
        logger[metadataKey: "supervisor.id"] = "\(id)"
        if let fault = identity.fault { logger.error("\(fault)") }
        let state = ClusterState(store)
        self.configuration = configuration
        self.state = state
        self.launcher = launcher
        self.logger = logger
        self.time = time
        startedAtMilliseconds = time.epochMilliseconds()
        removals = RemovalWatch(settle: configuration.removalSettle)
        assignmentFile = AssignmentFile(path: paths.assignmentFile)
        code = CodeStore(
            paths: paths, blobs: blobs, attemptsMax: configuration.downloadAttemptsMax,
            unpacking: configuration.unpacking
        ) { topologyID in
            try await state.storms.get(topologyID)?.record.blobs ?? []
        }
        environments = PythonEnvironments(
            paths: paths, blobs: blobs,
            limits: .init(time: configuration.environmentLimit, unpacking: configuration.unpacking)
        ) { key in try await state.blobs.get(key)?.record.reference }
        starter = WorkerStarter(
            configuration: configuration, supervisorID: id, code: code, launcher: launcher, time: time)
        reporter = ErrorReporter(errors: state.errors, logger: logger, retryDelay: configuration.storeRetryDelay)
        (stopRequests, stopRequest) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    private static func prepare(_ paths: SupervisorPaths) throws -> FolderLock {
        do {
            for folder in paths.folders {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            }
            guard let lock = try FolderLock(file: paths.lockFile) else {
                throw SupervisorError(
                    .folderInUse,
                    "another supervisor works in \(paths.local); one machine needs only one, "
                        + "two need different storm.local.dir and supervisor.slots.ports")
            }
            try empty(paths.temporary)
            return lock
        } catch let error as SupervisorError {
            throw error
        } catch {
            throw SupervisorError(.badState, "the supervisor's folders in \(paths.local) cannot be used: \(error)")
        }
    }

    /// Removes what earlier lives left half done. What vanishes meanwhile is as good as removed.
    private static func empty(_ folder: String) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            let path = "\(folder)/\(name)"
            var attempts = 0
            while FileManager.default.fileExists(atPath: path) {
                attempts += 1
                do {
                    try FileManager.default.removeItem(atPath: path)
                } catch  where attempts < 10 {
                    // A download of the life before may be cleaning up after itself; look again.
                }
            }
        }
    }

    // MARK: Life

    /// Works until ``stop()`` or the cancellation of its task; then leaves the workers running, or stops them if so
    /// configured. Call it once.
    /// - Throws: what makes going on pointless: local files that cannot be used, a store that was closed.
    package func run() async throws {
        let result: Result<Void, any Error>
        do {
            try await work()
            result = .success(())
        } catch is CancellationError {
            result = .success(())
        } catch {
            result = .failure(error)
        }
        // Not in this task: it may be cancelled, and stopping takes its time.
        await Task { await self.end() }.value
        try result.get()
    }

    /// Makes ``run()`` return in order.
    package nonisolated func stop() { stopRequest.finish() }

    private func work() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.serve() }
            group.addTask { [stopRequests] in
                for await _ in stopRequests {}
                await self.drain()
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func serve() async throws {
        // No slot may move before the workers of the life before are known.
        try await retrying("look at the workers' folders") { try await self.recover() }
        recall()
        let checking = Task { await self.checkCode() }
        defer { checking.cancel() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.followAssignments() }
            group.addTask { try await self.followTopologies() }
            group.addTask { try await self.watchBeats() }
            group.addTask { try await self.stayRegistered() }
            group.addTask { try await self.repair() }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func repair() async throws {
        try await Task.sleep(for: configuration.storeWait)
        if !isWantedKnown { goOnWithLastKnown() }
        while true {
            try await Task.sleep(for: configuration.repairInterval)
            lookAtStore()
            note()
            for port in seats.keys { step(port) }
            publish()
            await removeUnusedCode()
        }
    }

    private func end() async {
        isEnding = true
        if configuration.stopsWorkersAtEnd {
            replaceWanted([:])
            if await !allEmpty(within: configuration.restart.stopGrace + configuration.restart.killInterval * 4) {
                logger.error("workers do not end: \(seats.filter { !$0.value.slot.isEmpty }.keys.sorted())")
            }
            await registration?.close()
        }
        timer?.cancel()
        settling?.cancel()
        hasEnded = true
        for seat in seats.values { seat.fetch?.cancel() }
        await code.close()
        await environments.close()
        for fetch in seats.values.compactMap(\.fetch) { await fetch.value }
        // A start that is under way must be done, and noted, before another life may look.
        for start in seats.values.compactMap(\.start) { await start.value }
        for seat in seats.values { seat.watch?.cancel() }
        lock = nil
    }

    // MARK: Code

    /// Code that was damaged on the disk while no supervisor ran is found before it is wanted.
    private func checkCode() async {
        await code.checkAll()
        await tellDamage()
    }

    func tellDamage() async {
        for (topology, fault) in await code.takeFaults() {
            logger.error("\(fault)", metadata: ["topology.id": "\(topology)"])
            report("disk", fault, topology, port: 0)
        }
    }

    /// Code of topologies that the cluster has forgotten goes when nothing here uses it any more.
    private func removeUnusedCode() async {
        guard let topologies, !isEnding else { return }
        let linked = await code.keepOnly(topologies.union(seats.values.compactMap { $0.slot.topologyID }))
        await environments.keepOnly(linked.union(configuration.paths.workersEnvironments))
    }
}

/// The machine's clocks.
package struct SupervisorTime: TimeSource {
    private let start = ContinuousClock.now

    package init() {}

    package func monotonicNanoseconds() -> Int64 {
        let elapsed = (ContinuousClock.now - start).components
        return elapsed.seconds * 1_000_000_000 + elapsed.attoseconds / 1_000_000_000
    }

    package func epochMilliseconds() -> Int64 { Int64(Date().timeIntervalSince1970 * 1000) }
}
