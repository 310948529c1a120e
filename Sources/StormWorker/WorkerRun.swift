import Glibc
import Logging
import StormCluster
import StormCore
import StormManifest
import StormProcess
import StormRuntime
import StormTopology

/// A worker between its start and its end.
struct WorkerRun: Sendable {
    let worker: Worker
    let plan: TopologyPlan
    let engine: TopologyEngine
    let network: any WorkerNetwork
    /// What the worker goes by until it has joined the cluster.
    let known: KnownTopology
    let stop: StopRequest
    /// The signs of life; given up before the engine stops, so that a stop that hangs is seen.
    let beating: Task<Void, Never>
    let startedNanoseconds: Int64
    let tallies = TallyHistory()

    private var logger: Logger { worker.logger }
    private var id: String { worker.manifest.topologyID }
    private var slot: WorkerSlot { worker.slot }

    /// What was asked for and done so far.
    private struct Progress {
        var isActive: Bool?
        var orders: WorkerOrders?
        var isConnected = false
        var quiet = QuietLooks()
        /// What the topology lacks in the cluster's memory, and since when.
        var gone: (reason: String, since: ContinuousClock.Instant)?
        var hasToldWipe = false
        /// The cluster that the worker works for; nil: not known yet.
        var clusterID: String?
        /// The records as they were read last, and what follows from them.
        var lastRead: [VersionedData?] = []
        var lastDuty: WorkerDuty?
    }

    func work() async throws {
        let box = WakeBox()
        stop.onRequest { box.add(.stop) }
        let place = WorkerPlace(store: worker.state.store, topologyID: id, slot: slot, logger: logger)
        let reports = WorkerReports(place)
        let departure = Departure(worker)
        let joining = Task {
            await place.join(
                record: { try RecordCodec.encode(await record(reports.current)) },
                joined: {
                    reports.add()
                    box.add(.changed)
                }, changed: { box.add(.changed) })
        }
        let reporting = Task { await reports.send { await record($0) } }
        defer {
            joining.cancel()
            reporting.cancel()
        }
        do {
            if try await startEngine() {
                await serve(place, reports, box, departure)
                reports.add { $0.state = .draining }
                await drain()
                beating.cancel()
                await engine.stop()
            }
        } catch {
            await place.leave(within: Worker.leaveLimit)
            throw error
        }
        await place.leave(within: Worker.leaveLimit)
        await departure.close(within: Worker.leaveLimit)
    }

    /// - Returns: false when asked to stop first; the engine then ends by itself.
    private func startEngine() async throws -> Bool {
        try await stop.unless { [engine, stop] in
            try await engine.start()
            if stop.isRequested { await engine.stop() }
            return true
        } ?? false
    }

    // MARK: Serving

    private func serve(
        _ place: WorkerPlace, _ reports: WorkerReports, _ box: WakeBox, _ departure: Departure
    ) async {
        // Not waited for at the end: it may take its time.
        let connecting = Task {
            if await !network.waitUntilConnected(within: Worker.connectLimit) {
                logger.warning("starting although not all peers are connected")
            }
            box.add(.connected)
        }
        let rhythm = Task { await keepTime(box) }
        defer {
            connecting.cancel()
            rhythm.cancel()
        }
        var progress = Progress(clusterID: known.clusterID)
        // The first look needs no event.
        var wakes: Set<Wake> = [.changed]
        while !wakes.isEmpty {
            if wakes.contains(.connected) {
                progress.isConnected = true
                logger.info("running", metadata: ["executors": "\(worker.manifest.executors)"])
                reports.add { $0.state = .running }
            }
            if wakes.contains(.beat) { reports.add() }
            if wakes.contains(.quietCheck) { progress.quiet.timerEnded() }
            if let reason = await look(place, reports, &progress, box) {
                logger.info("stopping: \(reason)")
                return
            }
            if wakes.contains(.quietCheck) { await checkQuiet(reports, &progress, box) }
            if wakes.contains(.stop), !progress.isConnected || !departure.mayWait(box) { return }
            if wakes.contains(.stopNow) {
                logger.warning("stops without a move: it was asked to stop \(worker.moveLimit) ago")
                return
            }
            wakes = await box.next()
        }
    }

    /// - Returns: why the worker is not wanted any more.
    private func look(
        _ place: WorkerPlace, _ reports: WorkerReports, _ progress: inout Progress, _ box: WakeBox
    ) async -> String? {
        switch duty(place, &progress) {
        case nil: break
        case .leave(let reason): return reason
        case .gone(let reason):
            if let confirmed = await confirm(reason, &progress, box) { return confirmed }
            // Started after the wipe it has only ever heard of its supervisor what it is to do.
            if progress.hasToldWipe, let orders = progress.orders ?? ordersKnownFirst {
                await follow(orders, reports, &progress, box)
            }
        case .run(let orders):
            // What took the topology away and brought it back may have taken the worker's node: it is needed at once.
            if progress.gone != nil || progress.hasToldWipe { reports.add() }
            progress.gone = nil
            progress.hasToldWipe = false
            // A store that has not answered yet must not hold up the spouts.
            if place.records != nil { await learnCluster(&progress) }
            await follow(orders, reports, &progress, box)
        }
        return nil
    }

    private var ordersKnownFirst: WorkerOrders? {
        let duty = WorkerDuty(
            base: known.base, assignment: known.assignment, slot: slot, incarnation: worker.manifest.incarnation)
        return if case .run(let orders) = duty { orders } else { nil }
    }

    private func follow(
        _ orders: WorkerOrders, _ reports: WorkerReports, _ progress: inout Progress, _ box: WakeBox
    ) async {
        let before = progress.orders
        progress.orders = orders
        if orders.peers != before?.peers { await network.update(orders.peers) }
        let isActive = orders.isActive && progress.isConnected
        if isActive != progress.isActive {
            progress.isActive = isActive
            logger.info(isActive ? "spouts on" : orders.isActive ? "spouts wait for the peers" : "spouts off")
            engine.setActive(isActive)
        }
        if orders.drain != before?.drain {
            progress.quiet.startOver()
            reports.change { $0.drained = nil }
            if orders.drain != nil { lookLater(&progress, box) }
        }
        // Nimbus waits for it after a move.
        if orders.generation != before?.generation { reports.add { $0.generation = orders.generation } }
    }

    /// While the topology is paused: says when nothing is under way here any more, and takes it back when another worker
    /// has sent something since that nobody tracks.
    private func checkQuiet(_ reports: WorkerReports, _ progress: inout Progress, _ box: WakeBox) async {
        guard let drain = progress.orders?.drain else { return }
        let drained = progress.quiet.observe(await engine.activity()) ? drain : nil
        lookLater(&progress, box)
        guard drained != reports.current.drained else { return }
        logger.log(
            level: drained == nil ? .debug : .info,
            drained == nil ? "something is under way again" : "nothing is under way any more",
            metadata: ["drain": "\(drain)"])
        reports.add { $0.drained = drained }
    }

    private func lookLater(_ progress: inout Progress, _ box: WakeBox) {
        if progress.quiet.want() { box.add(.quietCheck, after: Worker.quietInterval) }
    }

    private func learnCluster(_ progress: inout Progress) async {
        guard progress.clusterID == nil else { return }
        let path = ClusterPaths.storm(id)
        // Tried again with the next change; without it only a missing root tells of a wiped store.
        progress.clusterID = try? await TimeLimit.run(Worker.storePatience) { [store = worker.state.store] in
            try await ClusterIdentity.read(store, having: path)
        }
    }

    /// The topology's records are missing: whether that is meant for it, or the cluster has lost its memory.
    private func confirm(_ reason: String, _ progress: inout Progress, _ box: WakeBox) async -> String? {
        // Another picture settles anew: records that come back do so one after the other.
        guard let gone = progress.gone, gone.reason == reason else {
            progress.gone = (reason, .now)
            Task {
                // Nobody cancels it; after the end of the worker nobody looks.
                try? await Task.sleep(for: Worker.removalSettle)
                box.add(.changed)
            }
            return nil
        }
        guard ContinuousClock.now - gone.since >= Worker.removalSettle else { return nil }
        do {
            let state = worker.state
            let remembered = progress.clusterID
            let isWiped = try await TimeLimit.run(Worker.storePatience) {
                guard try await state.store.exists(ClusterPaths.storms) else { return true }
                // A nimbus may have set up an empty tree by now. A cluster of an older program has no id.
                guard let remembered else { return false }
                let present = try await ClusterIdentity.read(state.store)
                return ClusterIdentity.verdict(remembered: remembered, present: present) != .same
            }
            if !isWiped { return reason }
            if !progress.hasToldWipe {
                logger.error(
                    "ZooKeeper was wiped, this topology is gone from it; the worker goes on as before. Submit it again, or restore the data"
                )
            }
            progress.hasToldWipe = true
        } catch {
            // Nothing is known then; the next look tells.
            logger.debug("cannot see whether the topology was removed: \(error)")
        }
        return nil
    }

    /// Nil when a record cannot be read: then everything stays as it is. A large assignment takes milliseconds to decode,
    /// and looks may come every few of them, so only a new one is.
    private func duty(_ place: WorkerPlace, _ progress: inout Progress) -> WorkerDuty? {
        let incarnation = worker.manifest.incarnation
        guard let (storm, assignment) = place.records else {
            return WorkerDuty(base: known.base, assignment: known.assignment, slot: slot, incarnation: incarnation)
        }
        let read = [storm[storm.root], assignment[assignment.root]]
        if let last = progress.lastDuty, progress.lastRead == read { return last }
        do {
            let base = try storm[storm.root].map {
                try RecordCodec.decode(StormBaseRecord.self, $0.bytes, path: storm.root)
            }
            let assigned = try assignment[assignment.root].map {
                try RecordCodec.decode(AssignmentRecord.self, $0.bytes, path: assignment.root)
            }
            let duty = WorkerDuty(base: base, assignment: assigned, slot: slot, incarnation: incarnation)
            (progress.lastRead, progress.lastDuty) = (read, duty)
            return duty
        } catch {
            logger.error("going on as before: \(error)")
            return nil
        }
    }

    /// Looks up from time to time without any event, until cancelled.
    private func keepTime(_ box: WakeBox) async {
        let interval = worker.config.duration(.executorMetricsFrequencySecs)
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                // Cancelled with the group; nothing else ends the sleep early.
                while (try? await Task.sleep(for: Worker.repairInterval)) != nil { box.add(.changed) }
            }
            group.addTask {
                var rhythm = BeatRhythm(wish: interval, worker: "\(id) \(slot)")
                // As above.
                while (try? await Task.sleep(for: rhythm.next(await pace()))) != nil { box.add(.beat) }
            }
        }
    }

    // MARK: Beats

    /// Nil when there is none, or when it cannot be read now: then the last one counts.
    private func pace() async -> PaceRecord? {
        // A store that is away must not keep the worker from its numbers: they wait in its registration.
        try? await TimeLimit.run(Worker.storePatience) { [store = worker.state.store] in
            try await PaceRecord.read(store)
        }
    }

    private func record(_ report: WorkerReport) async -> WorkerBeatRecord {
        worker.status.set(report.state)
        let uptime = Int((worker.clock.monotonicNanoseconds() - startedNanoseconds) / 1_000_000_000)
        let statistics = report.state == .starting ? [] : await engine.statistics()
        let pid = getpid()
        let usage = ProcessUsage.read(pid: pid)
        var record = WorkerBeatRecord(
            topologyID: id, node: slot.node, host: worker.manifest.host, port: slot.port, pid: Int(pid),
            incarnation: worker.manifest.incarnation, state: report.state,
            timeMilliseconds: worker.clock.epochMilliseconds(), uptimeSeconds: uptime,
            executors: WorkerBeats.executors(
                statistics, ranges: worker.manifest.executors.executors, plan: plan,
                uptimeSeconds: uptime, history: tallies),
            residentBytes: Int64(usage?.residentBytes ?? 0), cpuSeconds: usage?.cpuSeconds ?? 0)
        record.drained = report.drained
        record.generation = report.generation
        return record
    }

    // MARK: End

    /// Spouts off, then waits until their trees are done, within the limit: at once when the topology was paused before.
    /// Without a pause, trees of other workers' spouts that pass through here may still fail; they are replayed.
    private func drain() async {
        engine.setActive(false)
        let deadline = ContinuousClock.now + Worker.drainLimit
        while ContinuousClock.now < deadline {
            if await engine.activity().pending == 0 { return }
            // Cancellation only makes the end come sooner.
            if (try? await Task.sleep(for: .milliseconds(20))) == nil { return }
        }
    }
}
