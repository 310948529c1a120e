import StormCore
import StormTopology
import StormWire

/// Runs the tasks of one executor of a bolt.
final class BoltExecutor: Executor, @unchecked Sendable {
    /// One task with its object.
    private struct Task {
        let id: TaskID
        let context: TaskContext
        let collector: Collector
        let errors: ErrorReporter
        let bolt: BoltInstance
        /// Tuples executed, by stream number.
        var executed: [Int]
        let latencies = TaskLatencies()
    }

    /// After so many batches another executor of the loop gets its turn.
    private static let batchesPerSlice = 8

    private let make: () throws -> BoltInstance
    /// With `topology.bolt.exception: crash`: ends the process.
    private let crash: ((_ task: TaskID, _ message: String) -> Void)?
    private let parts: [TaskParts]
    private let ownEmitters: [Emitter]
    private let tickNanoseconds: Int64?
    private let schema: Schema
    private let inputs: InputStreams
    private let asyncLimits: AsyncLimits
    /// Whether tuples of any task are worked on outside of this executor.
    private var hasCalls = false
    private var tasks: [Task] = []
    private var backlog = BatchChain()
    private var current: Batch?
    private var position: UnsafeMutableRawPointer?
    private var sampler = LatencySampler()
    private var nextTick = Int64.max
    private var isOpen = false
    /// Looks at what comes in; nil: nobody taps.
    var tap: TapProbe?

    /// What holds for the calls of an `AsyncBolt`.
    struct AsyncLimits {
        /// `topology.async.bolt.max.in.flight`.
        var inFlight: Int
        /// `topology.message.timeout.secs`; nil with `topology.enable.message.timeouts: false`.
        var timeoutNanoseconds: Int64?
    }

    /// How long `close` waits for calls under way, and then for their cancellation.
    private static let closeNanoseconds: Int64 = 2_000_000_000
    /// How long after a full edge was found it is looked at again, at the end.
    private static let blockedNanoseconds: Int64 = 5_000_000

    /// - Parameters:
    ///   - tickSeconds: `topology.tick.tuple.freq.secs` of the component.
    ///   - crash: called when a tuple makes the bolt throw, if that shall end the worker.
    init(
        range: ExecutorRange, component: String, loop: ExecutorLoop, parts: [TaskParts], schema: Schema,
        inputs: InputStreams, tickSeconds: Int?, asyncLimits: AsyncLimits,
        crash: ((_ task: TaskID, _ message: String) -> Void)?,
        make: @escaping () throws -> BoltInstance
    ) {
        self.crash = crash
        self.asyncLimits = asyncLimits
        self.parts = parts
        ownEmitters = parts.map(\.emitter)
        self.make = make
        self.schema = schema
        self.inputs = inputs
        // 68 years are for ever, and few enough for nanoseconds.
        tickNanoseconds = tickSeconds.map { Int64(min($0, 1 << 31)) * 1_000_000_000 }
        super.init(range: range, component: component, loop: loop)
    }

    override var takes: BatchKind { .tuples }
    override var emitters: [Emitter] { ownEmitters }

    override func open() throws {
        for part in parts {
            let collector = Collector(part.emitter) { [crash] error, tuple in
                guard let tuple else { return part.errors.report(error) }
                // A tuple may be as long as a frame.
                let message = "\(error) (while executing \("\(tuple)".prefix(1000)))"
                part.errors.report(message)
                crash?(part.context.task, message)
            }
            let bolt = try make()
            part.resolveRoutes()
            if let calls = bolt.calls {
                hasCalls = true
                calls.configure(limit: asyncLimits.inFlight, timeoutNanoseconds: asyncLimits.timeoutNanoseconds)
                calls.setHandler { [weak self] in self?.notify() }
            }
            try bolt.prepare(part.context, collector)
            // A stream that is not declared, or an emit that no tuple can answer for.
            if let (fault, _) = part.emitter.faults.take() { throw fault }
            part.emitter.setHooks(part.context.hooks)
            tasks.append(
                Task(
                    id: part.context.task, context: part.context, collector: collector, errors: part.errors, bolt: bolt,
                    executed: Array(repeating: 0, count: schema.streams.count)))
        }
        isOpen = true
    }

    override func slice(now: Int64) -> SliceResult {
        guard isOpen else { return .idle(until: .max) }
        if hasCalls { expireCalls(now) }
        if tickNanoseconds != nil { tickIfDue(now) }
        if !clearStop() { return waiting }
        if hasCalls, !settleCalls() { return waiting }
        var batches = 0
        while batches < Self.batchesPerSlice {
            guard takeNextBatch() else {
                flush(force: false)
                return .idle(until: min(nextTick, nextCallDeadline))
            }
            if !executeCurrent() {
                flush(force: false)
                // A task that is fully at work goes on when a call ends, which notifies.
                return clearStop() && !isFull ? .more : waiting
            }
            batches += 1
        }
        flush(force: false)
        return .more
    }

    /// Makes the next batch the current one, unless one is only half done.
    private func takeNextBatch() -> Bool {
        if current != nil { return true }
        if backlog.isEmpty { backlog.append(mailbox.takeAll()) }
        current = backlog.popFirst()
        position = current?.payload
        guard let batch = current else { return false }
        let index = Int(batch.destinationTask - range.first.rawValue)
        // Also for tuples that are kept.
        batch.reader = tasks[index].collector.emitter.faults
        return true
    }

    /// - Returns: false when an edge ran out of credit; the rest of the batch waits.
    private func executeCurrent() -> Bool {
        guard let batch = current, let start = position else { return true }
        let index = Int(batch.destinationTask - range.first.rawValue)
        let stopped = run(batch, start, index)
        if !tasks[index].context.hooks.isEmpty { tellHooks(batch, start, stopped, tasks[index].context.hooks) }
        if stopped < batch.end {
            position = stopped
            return false
        }
        inputs.count(batch, in: &tasks[index].executed)
        progress += Int64(batch.count)
        current = nil
        position = nil
        if tap != nil { showTap(batch) }
        batch.credit?.returnCredit(batch.byteCount, sequence: batch.sequence)
        // With the last reference: a batch that anything else refers to is not used again.
        pool.recycle(consume batch)
        return !tasks[index].collector.emitter.state.pointee.mustStop
    }

    /// - Returns: where it stopped, the end of the batch or before it.
    private func run(_ batch: Batch, _ start: UnsafeMutableRawPointer, _ index: Int) -> UnsafeMutableRawPointer {
        let collector = tasks[index].collector
        // The calls of async bolts are timed where they end.
        guard !hasCalls, sampler.isDue() else { return tasks[index].bolt.run(batch, start, collector) }
        let next = tasks[index].bolt.runSampled(
            batch, start, collector, tasks[index].latencies, now: { [loop] in loop.now() })
        if next >= batch.end || collector.emitter.state.pointee.mustStop { return next }
        return tasks[index].bolt.run(batch, next, collector)
    }

    @inline(never)
    private func showTap(_ batch: Batch) {
        guard let tap else { return }
        var verdict = tap.begin()
        var record = batch.payload
        while verdict == .more, record < batch.end {
            verdict = tap.look(at: UnsafeRawPointer(record), from: batch.sourceTask)
            record += Int(record.reading.u32(0))
        }
        if verdict == .rest { self.tap = nil }
    }

    // MARK: Calls of async bolts

    private func expireCalls(_ now: Int64) {
        for task in tasks {
            task.bolt.calls?.beginSlice(now: now)
            task.bolt.calls?.expire(task.collector)
        }
    }

    /// - Returns: false when an edge ran out of credit meanwhile.
    private func settleCalls() -> Bool {
        var hasSettled = false
        for task in tasks {
            if let calls = task.bolt.calls, calls.settle(task.collector) { hasSettled = true }
        }
        guard hasSettled else { return true }
        if clearStop() { return true }
        flush(force: false)
        return false
    }

    /// Whether the task of the current batch can start no call.
    private var isFull: Bool {
        guard hasCalls, let batch = current else { return false }
        let index = Int(batch.destinationTask - range.first.rawValue)
        return tasks[index].bolt.calls.map { !$0.hasRoom } ?? false
    }

    private var nextCallDeadline: Int64 {
        guard hasCalls else { return .max }
        return tasks.reduce(.max) { min($0, $1.bolt.calls?.nextDeadline ?? .max) }
    }

    /// What to answer when nothing can be done before a notice: ticks and deadlines still come.
    private var waiting: SliceResult {
        let wake = hasCalls ? min(nextTick, nextCallDeadline) : .max
        return wake == .max ? .blocked : .idle(until: wake)
    }

    /// Waits on the loop's thread until all calls have ended; what has not ended in time is failed and cancelled.
    private func endCalls() {
        // Calls run on the machine's time, whatever clock the engine has.
        let clock = SystemClock()
        let lot = ParkingLot()
        let all = tasks.compactMap { task in task.bolt.calls.map { ($0, task.collector) } }
        for (calls, _) in all {
            calls.setHandler {
                lot.lock()
                lot.signal()
                lot.unlock()
            }
        }
        func wait(until deadline: Int64) {
            while true {
                for (calls, out) in all { _ = calls.settle(out) }
                flush(force: false)
                let isBlocked = !clearStop()
                let now = clock.monotonicNanoseconds()
                if all.allSatisfy({ $0.0.count == 0 }) || now >= deadline { return }
                lot.lock()
                if isBlocked {
                    // An edge that has room again tells the loop, which is busy here.
                    lot.wait(until: min(deadline, now + Self.blockedNanoseconds))
                } else if !all.contains(where: { $0.0.hasNews }) {
                    lot.wait(until: deadline)
                }
                lot.unlock()
            }
        }
        wait(until: clock.monotonicNanoseconds() + Self.closeNanoseconds)
        guard all.contains(where: { $0.0.count > 0 }) else { return }
        for (calls, out) in all { calls.giveUpAll(out) }
        wait(until: clock.monotonicNanoseconds() + Self.closeNanoseconds)
    }

    private func tellHooks(
        _ batch: Batch, _ start: UnsafeMutableRawPointer, _ end: UnsafeMutableRawPointer, _ hooks: [any TaskHook]
    ) {
        var p = start
        while p < end {
            let tuple = Tuple(batch, p)
            p += tuple.byteCount
            for hook in hooks { hook.executed(tuple) }
        }
    }

    private func tickIfDue(_ now: Int64) {
        guard let tickNanoseconds else { return }
        if nextTick == .max { nextTick = now + tickNanoseconds }
        guard now >= nextTick else { return }
        nextTick = now + tickNanoseconds
        for task in tasks {
            let tuple = tickTuple(for: task.id, seconds: Int(tickNanoseconds / 1_000_000_000), schema: schema)
            tuple.batch.reader = task.collector.emitter.faults
            do {
                try task.bolt.tick(tuple, task.collector)
                if task.collector.emitter.state.pointee.hasFault { task.collector.settleFault(tuple) }
            } catch {
                task.collector.failed(tuple, error)
            }
        }
    }

    override func close() {
        flush(force: true)
        if hasCalls { endCalls() }
        for task in tasks {
            for hook in task.context.hooks { hook.cleanup() }
            task.bolt.cleanup()
        }
        flush(force: true)
        tasks.removeAll()
        isOpen = false
    }

    override func statistics() -> [TaskStatistics] {
        tasks.map { task in
            var statistics = TaskStatistics(task: task.id, component: component)
            task.collector.emitter.addCounters(to: &statistics)
            let settled = task.collector.emitter.state.pointee.settled
            for (id, number) in inputs.all {
                var counts = InputCounts()
                counts.executed = task.executed[number]
                counts.acked = settled[number].acked
                counts.failed = settled[number].failed
                statistics.inputs[id] = counts
                if counts.executed > 0 { statistics.executed[id.component, default: 0] += counts.executed }
            }
            statistics.errors = task.errors.count
            let outside = task.bolt.calls?.latencies
            statistics.worksOutside = outside != nil
            statistics.executeLatency = outside?.execute ?? task.latencies.execute
            statistics.processLatency = outside?.process ?? task.latencies.process
            statistics.userMetrics = task.context.userMetrics
            return statistics
        }
    }
}
