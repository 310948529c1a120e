import StormCore
import StormTopology
import StormWire

/// Runs the tasks of one executor of a spout: completions first, then `nextTuple` while there is credit and room.
final class SpoutExecutor: Executor, @unchecked Sendable {
    final class Task {
        let id: TaskID
        let context: TaskContext
        let collector: SpoutCollector
        let errors: ErrorReporter
        let spout: SpoutInstance
        /// With a retry policy.
        let retry: SpoutRetry?
        var isActive = false
        var failed = 0
        var journal = FailureJournal()
        /// Trees that timed out, until their acker says where they were last seen.
        var abandoned = AbandonedTrees()
        /// Workers that were lost, with trees that may have been lost with them.
        var losses = SuspectTrees()
        let recentLatency = RecentLatency()
        /// Records of a kind that is not known.
        var unreadable = 0
        /// When `nextTuple` is to be called again after it emitted nothing.
        var nextPoll: Int64 = 0
        var emptyPolls = 0

        init(
            id: TaskID, context: TaskContext, collector: SpoutCollector, errors: ErrorReporter, spout: SpoutInstance,
            retry: SpoutRetry?
        ) {
            self.id = id
            self.context = context
            self.collector = collector
            self.errors = errors
            self.spout = spout
            self.retry = retry
        }
    }

    struct Limits {
        /// `topology.max.spout.pending`, per task.
        var maxPending = Int.max
        /// `topology.message.timeout.secs`; nil with `topology.enable.message.timeouts: false`.
        var timeoutNanoseconds: Int64?
        /// Nil: the spout replays by itself.
        var retry: RetrySetup?
    }

    /// `nextTuple` calls per slice and task, so that the loop's other executors get their turn.
    private static let callsPerSlice = 512

    private let make: () throws -> SpoutInstance
    private let parts: [TaskParts]
    private let ownEmitters: [Emitter]
    let limits: Limits
    private let generation: UInt32
    private(set) var tasks: [Task] = []
    /// Records that came before `open`.
    private(set) var recordsBeforeOpen = 0
    /// Where tasks run, as far as the transport has said.
    var places: [TaskID: TaskPlace] = [:]
    private var shouldBeActive = false

    /// - Parameter generation: start of the generations in root ids; random per process.
    init(
        range: ExecutorRange, component: String, loop: ExecutorLoop, parts: [TaskParts], limits: Limits,
        generation: UInt32, make: @escaping () throws -> SpoutInstance
    ) {
        self.parts = parts
        ownEmitters = parts.map(\.emitter)
        self.limits = limits
        self.generation = generation
        self.make = make
        super.init(range: range, component: component, loop: loop)
    }

    override var emitters: [Emitter] { ownEmitters }

    override func open() throws {
        for part in parts {
            let collector = SpoutCollector(
                part.emitter, generation: generation, maxPending: limits.maxPending,
                timeoutNanoseconds: limits.timeoutNanoseconds, report: { part.errors.report($0) })
            let retry = limits.retry.map {
                SpoutRetry($0, component: component, task: part.context.task, collector: collector)
            }
            let spout = try make()
            part.resolveRoutes()
            collector.tracking.pointee.now = loop.now()
            try spout.open(part.context, collector)
            // A stream that is not declared. Messages that were refused fail in the first slice.
            if let (fault, _) = part.emitter.faults.take() { throw fault }
            part.emitter.setHooks(part.context.hooks)
            spout.source?.setHandler { [weak self] in self?.notify() }
            tasks.append(
                Task(
                    id: part.context.task, context: part.context, collector: collector, errors: part.errors,
                    spout: spout, retry: retry))
        }
    }

    override func setActive(_ active: Bool) { shouldBeActive = active }

    override func slice(now: Int64) -> SliceResult {
        // Before anything of the user's runs: `ack` and `fail` may emit, and a stale time would be a past deadline.
        for task in tasks { task.collector.tracking.pointee.now = now }
        takeCompletions()
        var wake = Int64.max
        var hasMore = false
        for task in tasks {
            expire(task, now)
            failSuspects(task, now)
            setActive(task)
        }
        let hasCredit = clearStop()
        for task in tasks {
            // Before new messages. Not while the spout is off: then what drains must not begin anew.
            if hasCredit, task.isActive, let retry = task.retry {
                if retry.emitDue(now: now) { hasMore = true }
                reportFault(task)
                if retry.hasSlot { wake = min(wake, retry.nextDue ?? .max) }
            }
            if let source = task.spout.source {
                wake = min(wake, drive(task, source, hasCredit: hasCredit, now))
            } else if hasCredit, task.isActive {
                switch emit(task, now) {
                case .more: hasMore = true
                case .idle(let until): wake = min(wake, until)
                case .blocked: break
                }
            }
            ackUntracked(task)
            failRefused(task)
            // What `ack` and `fail` emitted ends in the next slice.
            if task.collector.tracking.pointee.hasUntracked || task.collector.tracking.pointee.hasRefused {
                hasMore = true
            }
            wake = min(wake, task.collector.tracking.pointee.trees.nextDeadline ?? .max, nextFailure(task))
        }
        flush(force: false)
        if hasMore { return .more }
        return hasCredit ? .idle(until: wake) : blockedUntil(wake)
    }

    /// Without credit the slice still has to come back for message timeouts.
    private func blockedUntil(_ wake: Int64) -> SliceResult { wake == .max ? .blocked : .idle(until: wake) }

    private func setActive(_ task: Task) {
        guard task.isActive != shouldBeActive else { return }
        task.isActive = shouldBeActive
        task.nextPoll = 0
        if shouldBeActive { task.spout.activate() } else { task.spout.deactivate() }
    }

    // MARK: Emit

    /// - Returns: idle(max) when only a completion can let it go on.
    private func emit(_ task: Task, _ now: Int64) -> SliceResult {
        let tracking = task.collector.tracking
        guard tracking.pointee.trees.count < tracking.pointee.maxPending else { return .idle(until: .max) }
        guard task.retry?.hasRoom != false else { return .idle(until: .max) }
        guard now >= task.nextPoll else { return .idle(until: task.nextPoll) }
        do {
            let hasEmitted = try task.spout.run(task.collector, Self.callsPerSlice)
            reportFault(task)
            if hasEmitted {
                task.emptyPolls = 0
                task.nextPoll = 0
                return tracking.pointee.trees.count < tracking.pointee.maxPending ? .more : .idle(until: .max)
            }
        } catch {
            reportFault(task)
            task.errors.report("\(error) (in nextTuple)")
        }
        task.emptyPolls += 1
        task.nextPoll = now + SpoutExecutor.pauseNanoseconds(afterEmptyPolls: task.emptyPolls)
        return .idle(until: task.nextPoll)
    }

    /// Pause before `nextTuple` is tried again: 1 ms for the first eight empty calls (Storm's spout wait strategy), then
    /// doubling up to 20 ms, so that an idle spout wakes its thread 50 times a second at most.
    static func pauseNanoseconds(afterEmptyPolls count: Int) -> Int64 {
        count <= 8 ? 1_000_000 : min(20_000_000, 1_000_000 << Int64(min(count - 8, 5)))
    }

    // MARK: Ends of trees

    private func takeCompletions() {
        var batches = mailbox.takeAll()
        while let batch = batches.popFirst() {
            let index = Int(batch.destinationTask - range.first.rawValue)
            if tasks.indices.contains(index) { complete(tasks[index], batch) } else { recordsBeforeOpen += batch.count }
            batch.credit?.returnCredit(batch.byteCount, sequence: batch.sequence)
            pool.recycle(consume batch)
        }
    }

    private func complete(_ task: Task, _ batch: Batch) {
        let now = loop.now()
        var p = UnsafeRawPointer(batch.payload)
        let end = UnsafeRawPointer(batch.end)
        let isFast = task.context.hooks.isEmpty && task.retry == nil
        while true {
            // With a hook each is acked below, so that the hook sees it; so are messages that are kept for retries.
            if isFast { p = task.spout.ackCompleted(task.collector, p, end, now) }
            guard p < end else { break }
            if let record = AckRecord(at: p) { settle(task, record, now) } else { task.unreadable += 1 }
            p += AckRecord.byteCount
        }
        // A spout that waits for room is not held up by this. One that had nothing to emit is not asked more often because
        // it hears of acks: else a paced spout would be asked, and send, once per round trip, tuple by tuple.
        task.nextPoll = min(task.nextPoll, now + Self.pauseNanoseconds(afterEmptyPolls: 1))
        task.emptyPolls = 0
    }

    /// What an acker says of one tree.
    private func settle(_ task: Task, _ record: AckRecord, _ now: Int64) {
        let tracking = task.collector.tracking
        if record.kind == .resetTimeout {
            let deadline = tracking.pointee.deadline(from: now)
            tracking.pointee.trees.extend(record.root, deadline: deadline)
            return
        }
        // An unknown root was timed out before; a late completion changes nothing (reliability.md, section 3.2).
        guard let tree = tracking.pointee.trees.remove(record.root) else {
            tracking.pointee.lateOutcomes += 1
            return
        }
        if record.kind == .completed {
            tracking.pointee.latency.add(now - tree.started)
            task.collector.countEnd(ofStream: tree.stream, isAcked: true)
            acked(task, tree.id, root: record.root)
        } else {
            let detail = task.collector.notes?.text(about: record.root)
            failed(task, tree, root: record.root, cause(record.reason, at: record.task, detail: detail))
            // It may have something to say again.
            task.nextPoll = 0
        }
    }

    private func ackUntracked(_ task: Task) {
        guard task.collector.tracking.pointee.hasUntracked else { return }
        for id in task.collector.tracking.pointee.takeUntracked() { acked(task, id, root: nil) }
    }

    /// - Parameter root: nil for a message that was not tracked.
    private func acked(_ task: Task, _ id: MessageID, root: UInt64?) {
        task.collector.tracking.pointee.acked += 1
        if root.flatMap({ task.retry?.acked($0) }) != false { task.spout.ack(id) }
        for hook in task.context.hooks { hook.spoutAcked(id) }
    }

    /// A tree that has come to its end.
    func failed(_ task: Task, _ tree: PendingTrees.Ended, root: UInt64, _ cause: FailureCause) {
        task.collector.countEnd(ofStream: tree.stream, isAcked: false)
        failed(task, tree.id, root: root, cause)
    }

    /// - Parameter root: nil for a message of which nothing was emitted.
    func failed(_ task: Task, _ id: MessageID, root: UInt64?, _ cause: FailureCause) {
        task.failed += 1
        task.journal.add(
            id, cause, timeMilliseconds: loop.epochMilliseconds(),
            attempts: root.flatMap { task.retry?.attempts(of: $0) } ?? 1)
        let isKept = root.map { keepForRetry(task, id, $0, cause) } ?? buryRefused(task, id, cause)
        if !isKept { task.spout.fail(id, cause.reason) }
        for hook in task.context.hooks { hook.spoutFailed(id, cause.reason) }
    }

    override func close() {
        flush(force: true)
        for task in tasks {
            for hook in task.context.hooks { hook.cleanup() }
            for message in task.retry?.takeWaiting() ?? [] { task.spout.fail(message.id, message.lastReason) }
            task.spout.close()
        }
        flush(force: true)
        tasks.removeAll()
    }

    override func statistics() -> [TaskStatistics] {
        tasks.map { task in
            var statistics = TaskStatistics(task: task.id, component: component)
            task.context.emitterCounters(of: parts, into: &statistics)
            let latency = task.collector.tracking.pointee.latency.summary()
            statistics.acked = task.collector.tracking.pointee.acked
            statistics.failed = task.failed
            statistics.pending = task.collector.pendingCount
            statistics.retrying = task.retry?.retrying ?? 0
            statistics.replayed = task.retry?.replayed ?? 0
            statistics.deadLettered = task.retry?.deadLettered ?? 0
            statistics.completeLatencyNanoseconds = latency.totalNanoseconds
            statistics.completeLatency = latency.histogram
            statistics.errors = task.errors.count
            statistics.userMetrics = task.context.userMetrics
            return statistics
        }
    }
}

extension TaskContext {
    fileprivate func emitterCounters(of parts: [TaskParts], into statistics: inout TaskStatistics) {
        parts.first { $0.context.task == task }?.emitter.addCounters(to: &statistics)
    }
}
