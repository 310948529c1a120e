package import StormProcess

/// One port of a supervisor: a state machine that brings what runs there in line with what is wanted there.
///
/// ```
///            wanted            code ready          process runs
///   empty ----------> downloading ------> starting ------------> running
///     ^                  ^    ^                                   |    |
///     |      time is up  |    | at once, the first time           |    | not wanted, or other
///     |             backingOff <-------- ended by itself ---------+    v
///     +------------------------------ process gone <-------------- stopping
/// ```
/// A running worker that hangs is killed (`killing`) and then counts as one that ended by itself. One that ended in order
/// (exit code 0) most likely knows before us that it is not wanted any more: the slot waits a moment for the wish to
/// follow (`left`), and only then takes it for a failure.
///
/// A value: no I/O, no clock, no random numbers. `now` is the time since any fixed moment, on a clock that never goes
/// back.
package struct Slot: Hashable, Sendable {
    package enum Phase: Hashable, Sendable {
        case empty
        /// `retryAt`: the download failed and is tried again then.
        case downloading(WantedWorker, attempt: Int, retryAt: Duration?)
        /// Asked for; it is not known yet whether there is a process.
        case starting(WantedWorker, worker: String)
        case running(WantedWorker, worker: String, since: Duration)
        /// SIGTERM was sent; SIGKILL comes (again) at `killAt`.
        case stopping(WantedWorker, worker: String, killAt: Duration)
        /// It gave no sign of life for `silence`: SIGKILL was sent, and comes again at `killAt`.
        case killing(WantedWorker, worker: String, silence: Duration, killAt: Duration)
        /// It ended with exit code 0; a failure if it is still wanted at `until`.
        case left(WantedWorker, worker: String, exit: ProcessExit, until: Duration)
        case backingOff(WantedWorker, until: Duration)
    }

    package private(set) var phase: Phase
    /// Ends in a row, without a stable minute in between, of workers of the same assignment.
    package private(set) var failures = 0
    package let policy: RestartPolicy

    package init(policy: RestartPolicy = RestartPolicy()) {
        phase = .empty
        self.policy = policy
    }

    /// A slot whose worker was started by a former life of the supervisor, running or ended meanwhile.
    package init(
        adopting worker: String, for wanted: WantedWorker, now: Duration, policy: RestartPolicy = RestartPolicy()
    ) {
        phase = .running(wanted, worker: worker, since: now)
        self.policy = policy
    }

    /// The worker that has, or may have, a process.
    package var worker: String? {
        switch phase {
        case .empty, .downloading, .backingOff: nil
        case .starting(_, let worker), .running(_, let worker, _), .stopping(_, let worker, _),
            .killing(_, let worker, _, _), .left(_, let worker, _, _):
            worker
        }
    }

    package var isEmpty: Bool { phase == .empty }

    /// When ``step(wanted:observed:now:)`` must be called again even if nothing happens.
    package var deadline: Duration? {
        switch phase {
        case .empty, .starting, .running: nil
        case .downloading(_, _, let retryAt): retryAt
        case .stopping(_, _, let killAt), .killing(_, _, _, let killAt): killAt
        case .left(_, _, _, let until), .backingOff(_, let until): until
        }
    }

    /// What becomes of a slot, and what has to be done. Call it whenever something changed; calling it more often does
    /// nothing.
    package static func step(_ slot: Slot, wanted: WantedWorker?, observed: SlotObservation, now: Duration)
        -> (state: Slot, actions: [SlotAction])
    {
        var state = slot
        let actions = state.step(wanted: wanted, observed: observed, now: now)
        return (state, actions)
    }

    package mutating func step(wanted: WantedWorker?, observed: SlotObservation, now: Duration) -> [SlotAction] {
        switch phase {
        case .empty: return begin(wanted)
        case .downloading(let current, let attempt, let retryAt):
            return downloading(current, attempt, retryAt, wanted, observed, now)
        case .starting(let current, let worker):
            return starting(current, worker, wanted, observed, now)
        case .running(let current, let worker, let since):
            return running(current, worker, since, wanted, observed, now)
        case .stopping(let current, let worker, let killAt):
            return stopping(current, worker, killAt, wanted, observed, now)
        case .killing(let current, let worker, let silence, let killAt):
            return killing(current, worker, silence, killAt, wanted, observed, now)
        case .left(let current, let worker, let exit, let until):
            guard wanted != current || now >= until else { return [] }
            return failed(current, worker, .exited(exit), wanted, now)
        case .backingOff(let current, let until):
            guard wanted == current else { return beginAnew(wanted) }
            return now >= until ? begin(current) : []
        }
    }

    // MARK: One function per phase

    /// From no process at all.
    private mutating func begin(_ wanted: WantedWorker?) -> [SlotAction] {
        guard let wanted else {
            phase = .empty
            return []
        }
        phase = .downloading(wanted, attempt: 1, retryAt: nil)
        return [.fetch(wanted, attempt: 1)]
    }

    /// As `begin`, for another assignment: its predecessor's failures do not count against it.
    private mutating func beginAnew(_ wanted: WantedWorker?) -> [SlotAction] {
        failures = 0
        return begin(wanted)
    }

    private mutating func downloading(
        _ current: WantedWorker, _ attempt: Int, _ retryAt: Duration?,
        _ wanted: WantedWorker?, _ observed: SlotObservation, _ now: Duration
    ) -> [SlotAction] {
        guard wanted == current else { return beginAnew(wanted) }
        if let retryAt {
            guard now >= retryAt else { return [] }
            phase = .downloading(current, attempt: attempt + 1, retryAt: nil)
            return [.fetch(current, attempt: attempt + 1)]
        }
        switch observed.code {
        case .unknown:
            return []
        case .ready:
            phase = .starting(current, worker: observed.freshWorkerID)
            return [.launch(current, worker: observed.freshWorkerID)]
        case .failed(let reason):
            let delay = policy.downloadDelay(attempt: attempt)
            phase = .downloading(current, attempt: attempt, retryAt: now + delay)
            return [
                .report(
                    SlotFailure(
                        wanted: current, worker: nil, cause: .downloadFailed(reason), failures: attempt,
                        retryIn: delay))
            ]
        }
    }

    /// A start cannot be called off; what is wanted by then counts once its outcome is known.
    private mutating func starting(
        _ current: WantedWorker, _ worker: String, _ wanted: WantedWorker?,
        _ observed: SlotObservation, _ now: Duration
    ) -> [SlotAction] {
        switch observed.worker {
        case .unknown:
            return []
        case .alive, .hung:
            phase = .running(current, worker: worker, since: now)
            return running(current, worker, now, wanted, observed, now)
        case .gone(let exit):
            return failed(current, worker, .exited(exit), wanted, now)
        case .notStarted(let reason):
            return failed(current, worker, .notStarted(reason), wanted, now)
        }
    }

    private mutating func running(
        _ current: WantedWorker, _ worker: String, _ since: Duration, _ wanted: WantedWorker?,
        _ observed: SlotObservation, _ now: Duration
    ) -> [SlotAction] {
        if case .gone(let exit) = observed.worker {
            if now - since >= policy.stableAfter { failures = 0 }
            guard exit.isSuccess, wanted == current else { return failed(current, worker, .exited(exit), wanted, now) }
            phase = .left(current, worker: worker, exit: exit, until: now + policy.leftGrace)
            return []
        }
        if wanted == current {
            guard case .hung(let silence) = observed.worker else { return [] }
            if now - since >= policy.stableAfter { failures = 0 }
            phase = .killing(current, worker: worker, silence: silence, killAt: now + policy.killInterval)
            return [.kill(worker: worker)]
        }
        phase = .stopping(current, worker: worker, killAt: now + policy.stopGrace)
        return [.terminate(worker: worker)]
    }

    /// Ends only when the process is gone, whatever is wanted by now: the port and the folder are its own until then.
    private mutating func stopping(
        _ current: WantedWorker, _ worker: String, _ killAt: Duration, _ wanted: WantedWorker?,
        _ observed: SlotObservation, _ now: Duration
    ) -> [SlotAction] {
        if case .gone = observed.worker {
            return [.forget(worker: worker)] + beginAnew(wanted)
        }
        guard now >= killAt else { return [] }
        phase = .stopping(current, worker: worker, killAt: now + policy.killInterval)
        return [.kill(worker: worker)]
    }

    /// As `stopping`, without a request first: a worker that hangs would not hear it.
    private mutating func killing(
        _ current: WantedWorker, _ worker: String, _ silence: Duration, _ killAt: Duration,
        _ wanted: WantedWorker?, _ observed: SlotObservation, _ now: Duration
    ) -> [SlotAction] {
        if case .gone = observed.worker { return failed(current, worker, .hung(silence), wanted, now) }
        guard now >= killAt else { return [] }
        phase = .killing(current, worker: worker, silence: silence, killAt: now + policy.killInterval)
        return [.kill(worker: worker)]
    }

    /// The worker has no process although nobody stopped it.
    private mutating func failed(
        _ current: WantedWorker, _ worker: String, _ cause: SlotFailure.Cause,
        _ wanted: WantedWorker?, _ now: Duration
    ) -> [SlotAction] {
        // It noticed by itself, before us, that it is not wanted: nothing to tell.
        guard wanted == current else { return [.forget(worker: worker)] + beginAnew(wanted) }
        failures += 1
        let delay = policy.restartDelay(failures: failures)
        let report = SlotAction.report(
            SlotFailure(wanted: current, worker: worker, cause: cause, failures: failures, retryIn: delay))
        guard delay > .zero else { return [report, .forget(worker: worker)] + begin(current) }
        phase = .backingOff(current, until: now + delay)
        return [report, .forget(worker: worker)]
    }
}
