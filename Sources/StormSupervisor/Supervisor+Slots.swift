internal import FoundationEssentials
internal import Logging
internal import StormCluster
internal import StormCore
internal import StormManifest
internal import StormProcess

/// One port: the slot's state and what belongs to it in the world.
struct Seat {
    var slot: Slot
    var observed: SlotObservation
    var process: (any WorkerProcess)?
    var approval: WorkerApproval?
    /// The process's signs of life; nil until the first look.
    var beats: BeatWatch?
    /// The last download that was asked for.
    var fetch: Task<Void, Never>?
    /// The last start of a process.
    var start: Task<Void, Never>?
    /// Waits for the end of the process.
    var watch: Task<Void, Never>?

    init(policy: RestartPolicy) {
        slot = Slot(policy: policy)
        observed = SlotObservation(freshWorkerID: Self.newWorkerID())
    }

    static func newWorkerID() -> String { UUID().uuidString.lowercased() }
}

extension Slot {
    /// The topology whose code it uses or fetches.
    var topologyID: String? {
        switch phase {
        case .empty: nil
        case .downloading(let wanted, _, _), .starting(let wanted, _), .running(let wanted, _, _),
            .stopping(let wanted, _, _), .killing(let wanted, _, _, _), .left(let wanted, _, _, _),
            .backingOff(let wanted, _):
            wanted.topologyID
        }
    }
}

extension Supervisor {
    var now: Duration { .nanoseconds(time.monotonicNanoseconds()) }

    /// Takes over the workers of a former life. Slots do not move before it is known what is wanted.
    func recover() async throws {
        let recovery = WorkerRecovery(paths: configuration.paths, launcher: launcher, logger: logger)
        for (port, found) in try await recovery.recover() {
            var seat = Seat(policy: configuration.restart)
            let approval = found.approval
            seat.slot = Slot(adopting: approval.workerID, for: approval.wanted, now: now, policy: configuration.restart)
            seat.approval = approval
            seat.process = found.process
            // How it ended nobody knows: it was not our child, or its parent was killed.
            seat.observed.worker = found.process == nil ? .gone(.unknown) : .alive
            if let process = found.process {
                seat.watch = watch(process, worker: approval.workerID, port: port)
                log(port, seat.slot).info("found worker \(approval.workerID) running, \(process.identity)")
            }
            seats[port] = seat
        }
    }

    /// Lets a slot go on, and does what it says.
    func step(_ port: Int) {
        guard isWantedKnown, !hasEnded else { return }
        var seat = seats[port] ?? Seat(policy: configuration.restart)
        let before = seat.slot.phase
        let actions = seat.slot.step(wanted: wanted[port], observed: seat.observed, now: now)
        seats[port] = seat
        if seat.slot.phase != before { log(port, seat.slot).debug("slot: \(before) -> \(seat.slot.phase)") }
        for action in actions { perform(action, port) }
        setTimer()
        if before != seat.slot.phase {
            publish()
            resumeEmptyWaiters()
        }
    }

    private func perform(_ action: SlotAction, _ port: Int) {
        switch action {
        case .fetch(let wanted, let attempt): fetch(wanted, attempt, port)
        case .launch(let wanted, let worker): launch(wanted, worker, port)
        case .terminate(let worker):
            log(port).info("stops worker \(worker)")
            noteStopRequest(worker, port)
            seats[port]?.process?.terminate()
        case .kill(let worker):
            log(port).warning("kills worker \(worker): it hangs, or did not stop in time")
            if let process = seats[port]?.process { Task { await process.kill() } }
        case .forget(let worker): forget(worker, port)
        case .report(let failure): report(failure, port)
        }
    }

    // MARK: Actions and their outcomes

    /// A worker that is asked to stop by anybody else waits until nimbus has moved its executors.
    private func noteStopRequest(_ worker: String, _ port: Int) {
        do {
            try SystemFile.writeAtomically(configuration.paths.stopRequest(worker), [])
        } catch {
            // It is killed when it has waited for too long.
            log(port).warning("cannot tell worker \(worker) who stops it: \(error)")
        }
    }

    private func fetch(_ wanted: WantedWorker, _ attempt: Int, _ port: Int) {
        seats[port]?.observed.code = .unknown
        seats[port]?.fetch = Task {
            do {
                let local = try await code.fetch(wanted.topologyID, codeSHA256: wanted.codeSHA256)
                try await prepareEnvironment(local, wanted.topologyID)
                fetched(wanted, attempt, port, .ready)
            } catch {
                fetched(wanted, attempt, port, .failed("\(error)"))
            }
            await tellDamage()
        }
    }

    private func fetched(_ wanted: WantedWorker, _ attempt: Int, _ port: Int, _ outcome: SlotObservation.Code) {
        if outcome == .ready { counts.downloads += 1 } else { counts.downloadFailures += 1 }
        // Another download may have been asked for since.
        guard case .downloading(wanted, attempt: attempt, retryAt: nil)? = seats[port]?.slot.phase else { return }
        seats[port]?.observed.code = outcome
        step(port)
    }

    private func launch(_ wanted: WantedWorker, _ worker: String, _ port: Int) {
        seats[port]?.observed.worker = .unknown
        seats[port]?.observed.freshWorkerID = Seat.newWorkerID()
        // Where nothing better is known, the worker judges by what this supervisor does.
        var known = known[wanted.topologyID]
        known?.clusterID = cluster(of: wanted.topologyID)
        seats[port]?.start = Task { [known] in
            do {
                let (process, approval) = try await starter.start(wanted, known: known, worker: worker, port: port)
                launched(process, approval, port)
            } catch {
                notLaunched(worker, port, "\(error)")
            }
        }
    }

    private func launched(_ process: any WorkerProcess, _ approval: WorkerApproval, _ port: Int) {
        log(port).info(
            "started worker \(approval.workerID), \(process.identity), for topology \(approval.wanted.topologyID)")
        counts.starts += 1
        seats[port]?.process = process
        seats[port]?.approval = approval
        seats[port]?.observed.worker = .alive
        seats[port]?.watch = watch(process, worker: approval.workerID, port: port)
        step(port)
    }

    private func notLaunched(_ worker: String, _ port: Int, _ reason: String) {
        seats[port]?.observed.worker = .notStarted(reason)
        step(port)
    }

    private func watch(_ process: any WorkerProcess, worker: String, port: Int) -> Task<Void, Never> {
        Task {
            do {
                ended(worker, port, try await process.waitForEnd())
            } catch {
                // Cancelled: the supervisor ends and leaves the worker alone.
            }
        }
    }

    private func ended(_ worker: String, _ port: Int, _ exit: ProcessExit) {
        guard seats[port]?.slot.worker == worker else { return }
        log(port).info("worker \(worker) ended: \(exit)")
        counts.add(exit)
        seats[port]?.observed.worker = .gone(exit)
        step(port)
    }

    private func forget(_ worker: String, _ port: Int) {
        seats[port]?.process = nil
        seats[port]?.approval = nil
        seats[port]?.beats = nil
        seats[port]?.watch = nil
        let folder = configuration.paths.worker(worker)
        do {
            if SystemFile.exists(folder) { try FileManager.default.removeItem(atPath: folder) }
        } catch {
            log(port).warning("cannot remove \(folder): \(error)")
        }
    }

    private func report(_ failure: SlotFailure, _ port: Int) {
        let text = FailureText(
            failure, host: configuration.host, port: port, lastErrorLines: lastErrorLines(failure, port))
        log(port).error("\(text.message)")
        counts.failures[text.kind, default: 0] += 1
        report(text.kind, text.message, failure.wanted.topologyID, port: port)
    }

    private func lastErrorLines(_ failure: SlotFailure, _ port: Int) -> [String] {
        guard failure.worker != nil, let approval = seats[port]?.approval else { return [] }
        let folder = configuration.paths.logDirectory(failure.wanted.topologyID, port: port)
        return SystemFile.lastLines(
            "\(folder)/\(WorkerStarter.errorLog)", lines: 20, bytesMax: 4096,
            fromByte: approval.errorLogOffset)
    }

    // MARK: Time

    /// One timer for all slots: the next deadline.
    private func setTimer() {
        timer?.cancel()
        guard let deadline = seats.values.compactMap(\.slot.deadline).min() else { return }
        let wait = max(deadline - now, .zero)
        timer = Task {
            do {
                try await Task.sleep(for: wait)
                stepDue()
            } catch {
                // Cancelled: another timer took its place.
            }
        }
    }

    private func stepDue() {
        let now = now
        for (port, seat) in seats where seat.slot.deadline.map({ $0 <= now }) ?? false { step(port) }
        setTimer()
    }

    // MARK: The end

    /// Suspends until no slot has a worker; `false` when that takes too long.
    func allEmpty(within limit: Duration) async -> Bool {
        if seats.values.allSatisfy(\.slot.isEmpty) { return true }
        let deadline = Task {
            // Cancelled: all were empty before, and others may wait by now.
            guard (try? await Task.sleep(for: limit)) != nil else { return }
            self.releaseEmptyWaiters()
        }
        defer { deadline.cancel() }
        await withCheckedContinuation { emptyWaiters.append($0) }
        return seats.values.allSatisfy(\.slot.isEmpty)
    }

    private func resumeEmptyWaiters() {
        if seats.values.allSatisfy(\.slot.isEmpty) { releaseEmptyWaiters() }
    }

    private func releaseEmptyWaiters() {
        let waiters = emptyWaiters
        emptyWaiters = []
        for waiter in waiters { waiter.resume() }
    }

    private func log(_ port: Int, _ slot: Slot? = nil) -> Logger {
        var logger = logger
        logger[metadataKey: "slot.port"] = "\(port)"
        if let topology = (slot ?? seats[port]?.slot)?.topologyID { logger[metadataKey: "topology.id"] = "\(topology)" }
        return logger
    }
}
