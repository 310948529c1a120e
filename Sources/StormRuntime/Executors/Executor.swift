package import StormCore
import StormTopology
package import StormWire
import Synchronization

/// What an executor wants after a slice.
package enum SliceResult: Equatable {
    /// There is more to do: run it again in its turn.
    case more
    /// Nothing to do before this time (monotonic nanoseconds) unless it is notified.
    case idle(until: Int64)
    /// A receiver has to grant credit first; the returned credit notifies.
    case blocked
}

/// A run-to-completion unit: the tasks `range` of one component, driven in slices by one loop at a time.
///
/// Everything but `notify`, `deliver` and `post` is confined to the loop that runs it.
// @unchecked: the mutable state of subclasses is only touched inside `slice` and `flush`, which the run state below
// admits on one thread at a time; the hand-over through the loop's lock orders them.
package class Executor: @unchecked Sendable {
    package let range: ExecutorRange
    package let component: String
    /// The loop that runs it. Read and written only by whoever holds the run state: the thread that queued it, then the
    /// loop, until it goes idle.
    var loop: ExecutorLoop
    /// Batches to use again: the pool of its loop.
    private(set) var pool: BatchPool
    let mailbox = BatchQueue()
    private let controls = Mutex<[Control]>([])
    private let hasControls = Atomic<Bool>(false)
    /// Written under the lock of `controls`.
    private let hasEnded = Atomic<Bool>(false)
    /// 0 idle; 1 queued or running; 2 the same, and notified since.
    private let runState = Atomic<UInt8>(0)
    /// When the loop should run it even without a notice. Loop-confined.
    var wakeAt = Int64.max
    /// Whether it waits in the loop's list for its open batches to be sent. Loop-confined.
    var isLingering = false
    /// Where it goes after its next slice. Loop-confined.
    var nextLoop: ExecutorLoop?
    /// Number of the loop that it was built on.
    let home: Int
    /// Number of the loop that it is on, or about to go to; for who looks from outside.
    let place: Atomic<Int>
    /// Components that it exchanges tuples or records with. Set before the loops start.
    var neighbours: [String] = []
    /// Questions for its counters that wait for an answer, and the answer last given.
    let questions = Atomic<Int>(0)
    private let answered = Mutex<[TaskStatistics]>([])
    private let busy = Atomic<Int64>(0)
    /// `busyNanoseconds` when its loop last looked. Loop-confined.
    var busyMark: Int64 = 0
    /// Tuples executed since its loop last took the number. Loop-confined.
    var progress: Int64 = 0
    /// Times that it was moved to another loop, how often that brought nothing, and until when it stays. Loop-confined.
    var moves = 0
    var failedMoves = 0
    var heldUntil: Int64 = 0

    /// A request from outside, carried out on the executor's loop before its next slice.
    typealias Control = @Sendable (Executor) -> Void

    init(range: ExecutorRange, component: String, loop: ExecutorLoop) {
        self.range = range
        self.component = component
        self.loop = loop
        pool = loop.pool
        home = loop.number
        place = Atomic(loop.number)
    }

    /// Time in its slices so far, in nanoseconds; any thread. A slice counts when its loop has read the clock again.
    final var busyNanoseconds: Int64 { busy.load(ordering: .relaxed) }

    final var latestStatistics: [TaskStatistics] { answered.withLock { $0 } }
    final func setLatestStatistics(_ statistics: [TaskStatistics]) { answered.withLock { $0 = statistics } }

    /// Called by the loop that ran it.
    final func addBusy(_ nanoseconds: Int64) {
        busy.store(busy.load(ordering: .relaxed) + nanoseconds, ordering: .relaxed)
    }

    /// Takes its batches from another pool from now on. Loop-confined.
    final func use(_ pool: BatchPool) {
        self.pool = pool
        for emitter in emitters { emitter.pool = pool }
    }

    /// Forgets what it stood for in the lists of the loop that it leaves.
    final func detach() {
        nextLoop = nil
        isLingering = false
        wakeAt = .max
    }

    /// Takes a batch for one of its tasks. Any thread.
    package func deliver(_ batch: Batch) {
        if mailbox.push(batch) { notify() }
    }

    /// Has `control` carried out on the loop. Any thread.
    /// - Returns: false when the loop has ended; then `control` is not kept.
    @discardableResult
    func post(_ control: @escaping Control) -> Bool {
        let isAccepted = controls.withLock { controls in
            guard !hasEnded.load(ordering: .relaxed) else { return false }
            controls.append(control)
            // Inside the lock: `end` must not miss a control that was accepted.
            hasControls.store(true, ordering: .releasing)
            return true
        }
        guard isAccepted else { return false }
        notify()
        return true
    }

    /// The loop's thread was joined: carries out what was posted too late for it, and accepts nothing more.
    final func end() {
        controls.withLock { _ in hasEnded.store(true, ordering: .relaxed) }
        applyControls()
    }

    /// Makes sure that a slice runs after this call. Any thread.
    package func notify() {
        var old = runState.load(ordering: .acquiring)
        while true {
            if old == 2 { return }
            let (done, current) = runState.compareExchange(
                expected: old, desired: old + 1, ordering: .acquiringAndReleasing)
            if done {
                if old == 0 { loop.enqueue(self) }
                return
            }
            old = current
        }
    }

    /// The loop took it from its queue: notices from here on ask for another slice.
    ///
    /// An exchange and not a store: it reads the notice that it overwrites, so the slice sees what was delivered before.
    final func willRun() { _ = runState.exchange(1, ordering: .acquiringAndReleasing) }

    /// - Returns: false when it was notified meanwhile and has to stay queued.
    final func didGoIdle() -> Bool {
        let (done, _) = runState.compareExchange(expected: 1, desired: 0, ordering: .acquiringAndReleasing)
        return done
    }

    final func applyControls() {
        guard hasControls.exchange(false, ordering: .acquiringAndReleasing) else { return }
        let pending = controls.withLock { list in
            defer { list.removeAll() }
            return list
        }
        for control in pending { control(self) }
    }

    // MARK: For subclasses

    /// Works for a bounded while. Called by the loop only.
    func slice(now: Int64) -> SliceResult { preconditionFailure("abstract") }
    /// What kind of batches its tasks understand: only bolts take tuples.
    var takes: BatchKind { .records }
    /// The emitters of its tasks.
    var emitters: [Emitter] { [] }
    /// Makes the components' objects and opens them.
    func open() throws {}
    func setActive(_ active: Bool) {}
    /// Orderly end: closes the components. Open batches are sent.
    func close() {}
    func statistics() -> [TaskStatistics] { [] }

    final func flush(force: Bool) { for emitter in emitters { emitter.flush(force: force) } }
    final var hasOpenBatches: Bool { emitters.contains { $0.hasOpenBatches } }
}
