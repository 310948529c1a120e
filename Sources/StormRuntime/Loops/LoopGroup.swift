import Logging
import StormCore
import StormTopology
import Synchronization

/// The loops of an engine: those that executors share, and those with one executor each.
///
/// Any thread.
package final class LoopGroup: Sendable {
    private struct State {
        var dedicated: [ExecutorLoop] = []
        var threads: [LoopThread] = []
        var watchdog: Watchdog?
        var executors: [Executor] = []
        var trial: RunningTrial?
    }

    /// A move whose effect is being measured.
    private struct RunningTrial {
        var trial: MoveTrial
        let executor: Executor
        let source: ExecutorLoop
        let target: ExecutorLoop
        let expiresAt: Int64
    }

    /// Loops that run several executors; fixed.
    let shared: [ExecutorLoop]
    let bell = WatchdogBell()
    private let clock: any TimeSource
    let depot: BatchDepot
    private let logger: Logger
    private let state = Mutex(State())
    /// No executor moves before this time.
    private let nextMoveAt = Atomic<Int64>(0)

    /// - Parameter count: number of shared loops.
    init(count: Int, clock: any TimeSource, logger: Logger) {
        let depot = BatchDepot()
        let bell = bell
        self.clock = clock
        self.depot = depot
        self.logger = logger
        shared = (0..<count).map { ExecutorLoop(clock: clock, depot: depot, number: $0, bell: bell) }
        for loop in shared { loop.group = self }
    }

    /// Shared and dedicated loops, in the order of their numbers.
    var loops: [ExecutorLoop] {
        let dedicated = state.withLock { $0.dedicated }
        // Nearly always: then nothing is copied.
        return dedicated.isEmpty ? shared : shared + dedicated
    }
    var executors: [Executor] { state.withLock { $0.executors } }

    /// A loop for one executor. Its thread starts with `start`, or is there already.
    func makeDedicated() -> ExecutorLoop {
        state.withLock { state in
            let loop = ExecutorLoop(
                clock: clock, depot: depot, number: shared.count + state.dedicated.count, isDedicated: true, bell: bell)
            state.dedicated.append(loop)
            return loop
        }
    }

    /// Tells what runs here. Once, before `start`.
    func attach(_ executors: [Executor]) {
        for executor in executors { executor.loop.balance.add(executor) }
        state.withLock { $0.executors = executors }
    }

    // MARK: Threads

    /// - Throws: `LoopThreadError`; then nothing runs.
    func start() throws {
        let loops = loops
        let threads = loops.compactMap { _ in LoopThread() }
        guard threads.count == loops.count else {
            for thread in threads { thread.run(nil) }
            for thread in threads { thread.join() }
            throw LoopThreadError(wanted: loops.count, got: threads.count)
        }
        for (thread, loop) in zip(threads, loops) { thread.run(loop) }
        let watchdog = Watchdog(self)
        if watchdog == nil { logger.warning("No watchdog: the system refused its thread; slow bolts hold up others.") }
        state.withLock { state in
            state.threads = threads
            state.watchdog = watchdog
        }
    }

    /// Stops the loops and waits for their threads.
    func stop() {
        let watchdog = state.withLock { state in
            defer { state.watchdog = nil }
            return state.watchdog
        }
        // First: it makes threads.
        watchdog?.stop()
        for loop in loops { loop.stop() }
        let threads = state.withLock { state in
            defer { state.threads = [] }
            return state.threads
        }
        for thread in threads { thread.join() }
    }

    // MARK: For the watchdog

    func observations() -> [StuckSliceDetector.Observation] { shared.map(\.observation) }

    func othersWait(_ observation: StuckSliceDetector.Observation) -> Bool {
        shared[observation.loop].othersWait()
    }

    /// Gives the executor that holds up a loop the loop's thread for itself, and the loop a fresh thread.
    ///
    /// An executor that got a thread keeps it, so there is at most one extra thread per executor. Watchdog's thread only.
    func takeOver(_ observation: StuckSliceDetector.Observation) {
        guard let thread = LoopThread() else {
            logger.warning("No thread for the executors behind a slow one: the system refused to start it.")
            return
        }
        let loop = shared[observation.loop]
        let heir = makeDedicated()
        guard let executor = loop.takeOver(observation, heir: heir) else {
            state.withLock { $0.dedicated.removeAll { $0 === heir } }
            thread.run(nil)
            thread.join()
            return
        }
        executor.place.store(heir.number, ordering: .relaxed)
        state.withLock { $0.threads.append(thread) }
        thread.run(loop)
        logger.debug(
            "An executor that blocks gets a thread of its own.",
            metadata: [
                "component.id": "\(executor.component)", "executor": "\(executor.range)", "loop": "\(loop.number)",
                "to": "\(heir.number)",
            ])
    }

    // MARK: For the loops' balance

    /// The loads of the executors of a loop since it last looked.
    func loads(
        of executors: [Executor], on loop: ExecutorLoop, others: [ExecutorLoop], elapsed: Double, now: Int64
    ) -> [LoadBalancer.Load] {
        var countByLoop: [String: [Int: Int]] = [:]
        for executor in self.executors {
            countByLoop[executor.component, default: [:]][executor.place.load(ordering: .relaxed), default: 0] += 1
        }
        func neighbours(_ executor: Executor, _ number: Int) -> Int {
            executor.neighbours.reduce(0) { $0 + (countByLoop[$1]?[number] ?? 0) }
        }
        return executors.map { executor in
            let own = neighbours(executor, loop.number)
            return LoadBalancer.Load(
                share: Double(executor.busyNanoseconds - executor.busyMark) / elapsed,
                isHeld: now < executor.heldUntil || executor.nextLoop != nil,
                cutByLoop: others.map { own - neighbours(executor, $0.number) },
                home: others.firstIndex { $0.number == executor.home })
        }
    }

    /// Tuples executed by the bolts here so far.
    var executedTuples: Int64 { loops.reduce(0) { $0 + $1.executedTuples } }

    /// Reserves the one move that the engine makes in a few periods: the next decision shall see what it did.
    func claimMove(_ now: Int64) -> Bool {
        let due = nextMoveAt.load(ordering: .relaxed)
        guard now >= due, state.withLock({ $0.trial.map { now >= $0.expiresAt } ?? true }) else { return false }
        return nextMoveAt.compareExchange(
            expected: due, desired: now + 3 * LoadBalancer.periodNanoseconds, ordering: .relaxed
        ).exchanged
    }

    /// Marks an executor to leave after its next slice. Called by the owner of `source`.
    /// - Parameter rate: tuples per nanosecond that the worker executed of late.
    func send(
        _ executor: Executor, to target: ExecutorLoop, from source: ExecutorLoop, ownShare: Double, otherShare: Double,
        rate: Double, now: Int64
    ) {
        // Going home is no matter of gain.
        let isTrial = ownShare >= LoadBalancer.saturatedShare
        state.withLock { state in
            state.trial =
                isTrial
                ? RunningTrial(
                    trial: MoveTrial(rateBefore: rate, movedAt: now), executor: executor, source: source,
                    target: target,
                    expiresAt: now + 4 * MoveTrial.measureNanoseconds)
                : nil
        }
        executor.moves += 1
        executor.heldUntil = now + LoadBalancer.holdNanoseconds(afterMoves: executor.moves)
        executor.nextLoop = target
        executor.place.store(target.number, ordering: .relaxed)
        logger.debug(
            "An executor moves to another loop.",
            metadata: [
                "component.id": "\(executor.component)", "executor": "\(executor.range)", "loop": "\(source.number)",
                "to": "\(target.number)", "busy": "\(Int(ownShare * 100)) %",
                "busy.there": "\(Int(otherShare * 100)) %",
            ])
    }
}

extension LoopGroup {
    /// Looks at what the last move brought, and has the executor go back when that is too little. Called by each loop when
    /// it looks at itself; only the one that the executor went to decides.
    /// - Returns: true when an executor goes back.
    func judge(_ executors: [Executor], on loop: ExecutorLoop, work: Int64, now: Int64) -> Bool {
        let reverted = state.withLock { state -> RunningTrial? in
            guard var running = state.trial, running.target === loop,
                executors.contains(where: { $0 === running.executor })
            else { return nil }
            switch running.trial.observe(work: work, now: now) {
            case .pending:
                state.trial = running
                return nil
            case .keep:
                state.trial = nil
                return nil
            case .revert:
                state.trial = nil
                return running
            }
        }
        guard let reverted else { return false }
        let executor = reverted.executor
        executor.failedMoves += 1
        executor.heldUntil = now + MoveTrial.holdNanoseconds(afterFailures: executor.failedMoves)
        executor.nextLoop = reverted.source
        executor.place.store(reverted.source.number, ordering: .relaxed)
        logger.debug(
            "An executor goes back: its move brought too little.",
            metadata: [
                "component.id": "\(executor.component)", "executor": "\(executor.range)", "loop": "\(loop.number)",
                "to": "\(reverted.source.number)",
            ])
        return true
    }
}

/// The system refused threads that the engine needs.
struct LoopThreadError: Error, CustomStringConvertible {
    let wanted: Int
    let got: Int

    var description: String { "the system gave only \(got) of the \(wanted) threads that the executors need" }
}
