package import StormCore
package import StormTopology
import Synchronization

/// Runs a set of executors on one thread, each in turn for a slice, and sleeps when none has work.
///
/// A parked loop costs nothing: it has no timer but the earliest deadline of its executors.
// @unchecked: `incoming`, `isParked` and `isStopping` are only touched under the lot's lock, everything else only by the
// thread inside `round`.
package final class ExecutorLoop: @unchecked Sendable {
    private let clock: any TimeSource
    private let lot = ParkingLot()
    private var incoming: [Executor] = []
    private var isParked = false
    private var isStopping = false
    private var queue: [Executor] = []
    private var queueHead = 0
    private var timed: [Executor] = []
    private var earliest = Int64.max
    private var lingering: [Executor] = []
    /// Batches for the executors of this loop to use again.
    package let pool: BatchPool

    package init(clock: any TimeSource, depot: BatchDepot? = nil) {
        self.clock = clock
        pool = BatchPool(depot: depot)
    }

    /// Hands over an executor that has work. Any thread.
    func enqueue(_ executor: Executor) {
        lot.lock()
        incoming.append(executor)
        let wake = isParked
        isParked = false
        lot.unlock()
        if wake { lot.signal() }
    }

    func now() -> Int64 { clock.monotonicNanoseconds() }

    package func stop() {
        lot.lock()
        isStopping = true
        isParked = false
        lot.unlock()
        lot.signal()
    }

    /// The body of the loop's thread: returns after `stop`.
    package func run() {
        while round(park: true) {}
    }

    /// One turn: takes what came in, runs one executor or sleeps. Simulation calls it without parking.
    /// - Returns: false when the loop was stopped, or had nothing to do and may not park.
    package func round(park: Bool) -> Bool {
        let now = clock.monotonicNanoseconds()
        if now >= earliest { wakeTimed(now) }
        lot.lock()
        if !incoming.isEmpty {
            queue.append(contentsOf: incoming)
            incoming.removeAll(keepingCapacity: true)
        }
        let stopping = isStopping
        lot.unlock()
        if stopping { return false }
        if let executor = dequeue() {
            runSlice(executor, now)
            flushLingering(force: false)
            return true
        }
        flushLingering(force: true)
        return idle(park)
    }

    /// Earliest time at which an executor wants to run; for simulation.
    package var nextDeadline: Int64 { earliest }

    private func idle(_ park: Bool) -> Bool {
        lot.lock()
        defer { lot.unlock() }
        guard incoming.isEmpty, !isStopping else { return !isStopping }
        guard park else { return false }
        isParked = true
        lot.wait(until: earliest)
        isParked = false
        return !isStopping
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

    private func runSlice(_ executor: Executor, _ now: Int64) {
        executor.willRun()
        executor.applyControls()
        let result = executor.slice(now: now)
        switch result {
        case .more: queue.append(executor)
        case .idle(let deadline):
            setDeadline(executor, deadline)
            if !executor.didGoIdle() { queue.append(executor) }
        case .blocked:
            setDeadline(executor, .max)
            if !executor.didGoIdle() { queue.append(executor) }
        }
        if !executor.isLingering, executor.hasOpenBatches {
            executor.isLingering = true
            lingering.append(executor)
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
