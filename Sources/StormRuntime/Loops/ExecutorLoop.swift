import StormCore
package import StormTopology
import Synchronization

/// Runs a set of executors on one thread, each in turn for a slice, and sleeps when none has work.
///
/// A parked loop costs nothing: it has no timer but the earliest deadline of its executors.
///
/// The loop is not its thread. While a slice runs, the thread touches nothing of the loop but reads `phase` when it is
/// back; so the watchdog can give the loop to a fresh thread when a slice stays long in user code (`LoopGroup.takeOver`).
// @unchecked: `incoming`, `isParked`, `isStopping` and `heirs` are only touched under the lot's lock; the atomics by
// anyone; all else only by the loop's owner. Owner is the thread inside `turn`; who swaps an odd `phase` for an even one
// owns the loop from then on, and gives it to the thread that it starts.
package final class ExecutorLoop: @unchecked Sendable {
    /// What came of a turn.
    enum Turn {
        case worked
        case idle
        case stopped
        /// The slice took too long and the loop is another thread's; this thread goes on with the heir.
        case lost(heir: ExecutorLoop)
    }

    /// Position among the engine's loops, from 0.
    let number: Int
    /// Whether it runs one executor for good.
    let isDedicated: Bool
    /// Batches for the executors of this loop to use again.
    package var pool: BatchPool
    /// Whoever knows the other loops. Set before the loop runs.
    weak var group: LoopGroup?

    private let clock: any TimeSource
    private let depot: BatchDepot?
    private let bell: WatchdogBell
    private let lot = ParkingLot()
    private var incoming: [Executor] = []
    private var isParked = false
    private var isStopping = false
    /// Loops for threads that lost this one, by the phase of the slice that they are in.
    private var heirs: [UInt64: ExecutorLoop] = [:]

    private var queue: [Executor] = []
    private var queueHead = 0
    private var timed: [Executor] = []
    private var earliest = Int64.max
    private var lingering: [Executor] = []
    /// The executor of the slice that runs or ran last, and when that began; nil after a pause.
    private var latest: Executor?
    private var turnStart: Int64 = 0
    var balance = LoopBalance()

    /// Counts up by one when a slice starts and ends: odd inside of a slice.
    private let phase = Atomic<UInt64>(0)
    /// As of the start of the slice: executors that wait for theirs, or for open batches to be sent.
    private let waiting = Atomic<Int>(0)
    /// As of the start of the slice: the earliest deadline of an executor.
    private let nextDue = Atomic<Int64>(.max)
    private let sliceStart = Atomic<Int64>(0)
    private let busy = Atomic<Int64>(0)
    private let work = Atomic<Int64>(0)

    init(
        clock: any TimeSource, depot: BatchDepot? = nil, number: Int = 0, isDedicated: Bool = false,
        bell: WatchdogBell = WatchdogBell()
    ) {
        self.clock = clock
        self.depot = depot
        self.number = number
        self.isDedicated = isDedicated
        self.bell = bell
        pool = BatchPool(depot: depot)
    }

    // MARK: Any thread

    /// Hands over an executor that has work.
    func enqueue(_ executor: Executor) {
        lot.lock()
        incoming.append(executor)
        let wake = isParked
        isParked = false
        lot.unlock()
        if wake { lot.signal() }
    }

    func now() -> Int64 { clock.monotonicNanoseconds() }
    func epochMilliseconds() -> Int64 { clock.epochMilliseconds() }

    package func stop() {
        lot.lock()
        isStopping = true
        isParked = false
        lot.unlock()
        lot.signal()
    }

    /// Time spent in turns that did something, in nanoseconds; the one under way included.
    func busyNanoseconds(now: Int64) -> Int64 {
        let isInSlice = phase.load(ordering: .acquiring) & 1 == 1
        let start = sliceStart.load(ordering: .relaxed)
        return busy.load(ordering: .relaxed) + (isInSlice ? max(0, now - start) : 0)
    }

    /// Tuples executed by bolts here.
    var executedTuples: Int64 { work.load(ordering: .relaxed) }

    var observation: StuckSliceDetector.Observation {
        .init(loop: number, phase: phase.load(ordering: .sequentiallyConsistent))
    }

    /// Whether executors wait for the slice under way to end.
    func othersWait() -> Bool {
        if waiting.load(ordering: .relaxed) > 0 || nextDue.load(ordering: .relaxed) <= now() { return true }
        lot.lock()
        defer { lot.unlock() }
        return !incoming.isEmpty
    }

    // MARK: The owner

    /// The body of a loop's thread: returns after `stop`, or when the loop was taken over.
    /// - Returns: the loop that the thread goes on with.
    package func run() -> ExecutorLoop? {
        while true {
            switch turn(park: true) {
            case .worked, .idle: continue
            case .stopped: return nil
            case .lost(let heir): return heir
            }
        }
    }

    /// One turn without parking; for simulation.
    /// - Returns: false when the loop was stopped or had nothing to do.
    package func round() -> Bool {
        if case .worked = turn(park: false) { true } else { false }
    }

    /// Earliest time at which an executor wants to run; for simulation.
    package var nextDeadline: Int64 { earliest }

    /// Takes what came in, runs one executor or sleeps.
    private func turn(park: Bool) -> Turn {
        let now = clock.monotonicNanoseconds()
        account(now)
        if now >= earliest { wakeTimed(now) }
        lot.lock()
        if !incoming.isEmpty {
            queue.append(contentsOf: incoming)
            incoming.removeAll(keepingCapacity: true)
        }
        let stopping = isStopping
        lot.unlock()
        if stopping { return .stopped }
        if now >= balance.nextEvaluation { balance.evaluate(self, busy: busy.load(ordering: .relaxed), now: now) }
        if let executor = dequeue() {
            if let heir = runSlice(executor, now) { return .lost(heir: heir) }
            flushLingering(force: false)
            return .worked
        }
        flushLingering(force: true)
        return idle(park)
    }

    /// Books the time since the last turn to the executor that ran in it. One clock reading per turn serves all.
    private func account(_ now: Int64) {
        guard let executor = latest else { return }
        latest = nil
        let spent = now - turnStart
        executor.addBusy(spent)
        busy.store(busy.load(ordering: .relaxed) + spent, ordering: .relaxed)
        work.store(work.load(ordering: .relaxed) + executor.progress, ordering: .relaxed)
        executor.progress = 0
    }

    private func idle(_ park: Bool) -> Turn {
        lot.lock()
        defer { lot.unlock() }
        if isStopping { return .stopped }
        guard incoming.isEmpty else { return .worked }
        guard park else { return .idle }
        isParked = true
        lot.wait(until: earliest)
        isParked = false
        return isStopping ? .stopped : .idle
    }

    private func dequeue() -> Executor? {
        guard queueHead < queue.count else {
            queue.removeAll(keepingCapacity: true)
            queueHead = 0
            return nil
        }
        defer {
            queueHead += 1
            if queueHead > 64, queueHead * 2 > queue.count {
                queue.removeSubrange(..<queueHead)
                queueHead = 0
            }
        }
        return queue[queueHead]
    }

    /// - Returns: the loop that the thread goes on with when it lost this one meanwhile.
    private func runSlice(_ executor: Executor, _ now: Int64) -> ExecutorLoop? {
        if executor.pool !== pool { adopt(executor) }
        executor.willRun()
        latest = executor
        turnStart = now
        sliceStart.store(now, ordering: .relaxed)
        waiting.store(
            queue.count - queueHead + lingering.count - (executor.isLingering ? 1 : 0), ordering: .relaxed)
        nextDue.store(earliest, ordering: .relaxed)
        let ticket = phase.wrappingAdd(1, ordering: .sequentiallyConsistent).newValue
        if bell.isAsleep { bell.ring() }
        executor.applyControls()
        let result = executor.slice(now: now)
        let (isStillOwner, _) = phase.compareExchange(
            expected: ticket, desired: ticket &+ 1, ordering: .acquiringAndReleasing)
        guard isStillOwner else { return inherit(executor, result, ticket, now) }
        if let target = executor.nextLoop {
            handOver(executor, to: target)
        } else {
            settle(executor, result)
        }
        return nil
    }

    /// The executor is this loop's from now on.
    private func adopt(_ executor: Executor) {
        executor.use(pool)
        balance.add(executor)
    }

    private func settle(_ executor: Executor, _ result: SliceResult) {
        // Before the executor goes idle: from then on it may be queued again.
        if !executor.isLingering, executor.hasOpenBatches {
            executor.isLingering = true
            lingering.append(executor)
        }
        switch result {
        case .more: queue.append(executor)
        case .idle(let deadline):
            setDeadline(executor, deadline)
            if !executor.didGoIdle() { queue.append(executor) }
        case .blocked:
            setDeadline(executor, .max)
            if !executor.didGoIdle() { queue.append(executor) }
        }
    }

    private func setDeadline(_ executor: Executor, _ deadline: Int64) {
        executor.wakeAt = deadline
        guard deadline < .max else { return }
        if !timed.contains(where: { $0 === executor }) { timed.append(executor) }
        earliest = min(earliest, deadline)
    }

    private func wakeTimed(_ now: Int64) {
        earliest = .max
        for executor in timed {
            if executor.wakeAt <= now {
                executor.wakeAt = .max
                executor.notify()
            } else {
                earliest = min(earliest, executor.wakeAt)
            }
        }
    }

    /// Sends open batches whose receivers are idle, or all of them before the loop sleeps.
    private func flushLingering(force: Bool) {
        guard !lingering.isEmpty else { return }
        var kept = 0
        for index in lingering.indices {
            let executor = lingering[index]
            executor.flush(force: force)
            if executor.hasOpenBatches {
                lingering[kept] = executor
                kept += 1
            } else {
                executor.isLingering = false
            }
        }
        lingering.removeSubrange(kept...)
    }
}

// MARK: Executors that leave

extension ExecutorLoop {
    /// Lets go of an executor between two slices. It stays queued, now with the other loop.
    private func handOver(_ executor: Executor, to target: ExecutorLoop) {
        account(clock.monotonicNanoseconds())
        forget(executor)
        executor.detach()
        executor.loop = target
        target.enqueue(executor)
    }

    private func forget(_ executor: Executor) {
        timed.removeAll { $0 === executor }
        lingering.removeAll { $0 === executor }
        balance.remove(executor)
    }

    /// Takes the loop from the thread that is inside of a slice. Watchdog only, which then starts a thread for the loop.
    /// - Parameter heir: what that thread goes on with.
    /// - Returns: the executor that is being run; nil when the slice has just ended.
    func takeOver(_ observation: StuckSliceDetector.Observation, heir: ExecutorLoop) -> Executor? {
        let ticket = observation.phase
        lot.lock()
        heirs[ticket] = heir
        lot.unlock()
        let (isOwner, _) = phase.compareExchange(
            expected: ticket, desired: ticket &+ 1, ordering: .acquiringAndReleasing)
        guard isOwner else {
            lot.lock()
            heirs[ticket] = nil
            lot.unlock()
            return nil
        }
        guard let executor = latest else { preconditionFailure("a slice without an executor") }
        // The executor itself is the other thread's; only this loop's lists are touched.
        latest = nil
        forget(executor)
        pool = BatchPool(depot: depot)
        return executor
    }

    /// The thread of a slice that took too long: its executor goes on alone, on the heir.
    private func inherit(
        _ executor: Executor, _ result: SliceResult, _ ticket: UInt64, _ start: Int64
    ) -> ExecutorLoop {
        lot.lock()
        let heir = heirs.removeValue(forKey: ticket)
        lot.unlock()
        guard let heir else { preconditionFailure("a loop was taken over without an heir") }
        heir.start(with: executor, result, since: start)
        return heir
    }

    /// First thing on an heir, on the thread that owns it from here on.
    private func start(with executor: Executor, _ result: SliceResult, since start: Int64) {
        executor.detach()
        executor.loop = self
        adopt(executor)
        latest = executor
        turnStart = start
        settle(executor, result)
    }
}
