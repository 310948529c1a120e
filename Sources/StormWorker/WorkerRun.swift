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
    let startedNanoseconds: Int64

    private var logger: Logger { worker.logger }
    private var id: String { worker.manifest.topologyID }
    private var slot: WorkerSlot { WorkerSlot(node: worker.manifest.supervisorID, port: worker.manifest.port) }

    /// What wakes the worker up.
    private enum Wake: Sendable { case changed, beat, stop }

    func work(stop: AsyncStream<Void>) async throws {
        let storm = try await worker.state.store.view(of: ClusterPaths.storm(id), depth: 0)
        defer { storm.close() }
        let assignment = try await worker.state.store.view(of: ClusterPaths.assignment(id), depth: 0)
        defer { assignment.close() }
        let beat = try await worker.state.store.registerEphemeral(
            ClusterPaths.workerBeat(id, slot), RecordCodec.encode(await record(.starting, withStatistics: false)))
        do {
            try await engine.start()
        } catch {
            await beat.close()
            throw error
        }
        if await !network.waitUntilConnected(within: Worker.connectLimit) {
            logger.warning("starting although not all peers are connected")
        }
        logger.info("running", metadata: ["executors": "\(worker.manifest.executors)"])
        try await serve(storm, assignment, beat, stop)
        await drain(beat)
        await engine.stop()
        await beat.close()
    }

    // MARK: Serving

    private func serve(
        _ storm: any SubtreeView, _ assignment: any SubtreeView, _ beat: any EphemeralRegistration,
        _ stop: AsyncStream<Void>
    ) async throws {
        var isActive: Bool?
        var peers: [TaskID: PeerAddress]?
        await withTaskGroup(of: Void.self) { group in
            let wakes = wakes(storm, assignment, stop, &group)
            await report(.running, to: beat)
            // The first look needs no event.
            var pending: Wake? = .changed
            var iterator = wakes.makeAsyncIterator()
            loop: while true {
                let wake: Wake?
                if let first = pending { wake = first } else { wake = await iterator.next() }
                pending = nil
                switch wake {
                case .stop, nil:
                    logger.info("asked to stop")
                    break loop
                case .beat:
                    await report(.running, to: beat)
                case .changed:
                    switch duty(storm.snapshot(), assignment.snapshot()) {
                    case .leave(let reason):
                        logger.info("stopping: \(reason)")
                        break loop
                    case .run(let active, let places):
                        if places != peers {
                            peers = places
                            await network.update(places)
                        }
                        if active != isActive {
                            isActive = active
                            logger.info(active ? "spouts on" : "spouts off")
                            engine.setActive(active)
                        }
                    case nil: break
                    }
                }
            }
            group.cancelAll()
        }
    }

    /// Nil when a record cannot be read: then everything stays as it is.
    private func duty(_ storm: SubtreeSnapshot, _ assignment: SubtreeSnapshot) -> WorkerDuty? {
        do {
            let base = try storm[storm.root].map {
                try RecordCodec.decode(StormBaseRecord.self, $0.bytes, path: storm.root)
            }
            let assigned = try assignment[assignment.root].map {
                try RecordCodec.decode(AssignmentRecord.self, $0.bytes, path: assignment.root)
            }
            return WorkerDuty(base: base, assignment: assigned, slot: slot, incarnation: worker.manifest.incarnation)
        } catch {
            logger.error("going on as before: \(error)")
            return nil
        }
    }

    /// One stream of all reasons to look up. Bounded: the newest stay, so that a request to stop is never lost behind
    /// changes and beats that nobody had time for.
    private func wakes(
        _ storm: any SubtreeView, _ assignment: any SubtreeView, _ stop: AsyncStream<Void>,
        _ group: inout TaskGroup<Void>
    ) -> AsyncStream<Wake> {
        let (wakes, feed) = AsyncStream.makeStream(of: Wake.self, bufferingPolicy: .bufferingNewest(64))
        group.addTask { for await _ in storm.changes { feed.yield(.changed) } }
        group.addTask { for await _ in assignment.changes { feed.yield(.changed) } }
        group.addTask {
            for await _ in stop { feed.yield(.stop) }
        }
        let interval = worker.config.duration(.executorMetricsFrequencySecs)
        group.addTask {
            // Cancelled with the group; nothing else ends the sleep early.
            while (try? await Task.sleep(for: Worker.repairInterval)) != nil { feed.yield(.changed) }
        }
        group.addTask {
            // The first ones come sooner, so that a new worker's numbers are soon seen.
            var pause = min(interval, .seconds(5))
            while (try? await Task.sleep(for: pause)) != nil {
                feed.yield(.beat)
                pause = min(interval, pause * 2)
            }
        }
        return wakes
    }

    // MARK: Beats

    private func report(_ state: WorkerState, to beat: any EphemeralRegistration) async {
        do {
            try await beat.update(RecordCodec.encode(await record(state, withStatistics: true)))
        } catch {
            logger.warning("the worker's state could not be written: \(error)")
        }
    }

    private func record(_ state: WorkerState, withStatistics: Bool) async -> WorkerBeatRecord {
        let uptime = Int((worker.clock.monotonicNanoseconds() - startedNanoseconds) / 1_000_000_000)
        let statistics = withStatistics ? await engine.statistics() : []
        let pid = getpid()
        let usage = ProcessUsage.read(pid: pid)
        return WorkerBeatRecord(
            topologyID: id, node: slot.node, host: worker.manifest.host, port: slot.port, pid: Int(pid),
            incarnation: worker.manifest.incarnation, state: state, timeMilliseconds: worker.clock.epochMilliseconds(),
            uptimeSeconds: uptime,
            executors: WorkerBeats.executors(
                statistics, ranges: worker.manifest.executors.executors, plan: plan,
                topology: worker.topology.description, uptimeSeconds: uptime),
            residentBytes: Int64(usage?.residentBytes ?? 0), cpuSeconds: usage?.cpuSeconds ?? 0)
    }

    // MARK: End

    /// Spouts off, then waits until their trees are done, within the limit. Trees of other workers' spouts that pass
    /// through here may still fail; they are replayed.
    private func drain(_ beat: any EphemeralRegistration) async {
        engine.setActive(false)
        await report(.draining, to: beat)
        let deadline = ContinuousClock.now + Worker.drainLimit
        while ContinuousClock.now < deadline {
            let tasks = await engine.statistics().filter { $0.component != TopologyPlan.ackerComponent }
            let pending = tasks.reduce(0) { $0 + $1.pending }
            if pending == 0 { return }
            // Cancellation only makes the end come sooner.
            if (try? await Task.sleep(for: .milliseconds(20))) == nil { return }
        }
    }
}
