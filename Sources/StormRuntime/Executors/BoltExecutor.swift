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
        /// Tuples executed, by source task.
        var executed: [Int32: Int] = [:]
    }

    /// After so many batches another executor of the loop gets its turn.
    private static let batchesPerSlice = 8

    private let make: () throws -> BoltInstance
    private let parts: [TaskParts]
    private let tickNanoseconds: Int64?
    private let schema: Schema
    private var tasks: [Task] = []
    private var backlog = BatchChain()
    private var current: Batch?
    private var position: UnsafeMutableRawPointer?
    private var nextTick = Int64.max
    private var isOpen = false

    /// - Parameter tickSeconds: `topology.tick.tuple.freq.secs` of the component.
    init(
        range: ExecutorRange, component: String, loop: ExecutorLoop, parts: [TaskParts], schema: Schema,
        tickSeconds: Int?, make: @escaping () throws -> BoltInstance
    ) {
        self.parts = parts
        self.make = make
        self.schema = schema
        tickNanoseconds = tickSeconds.map { Int64($0) * 1_000_000_000 }
        super.init(range: range, component: component, loop: loop)
    }

    override var takes: BatchKind { .tuples }
    override var emitters: [Emitter] { parts.map(\.emitter) }

    override func open() throws {
        for part in parts {
            let collector = Collector(part.emitter) { error, tuple in
                part.errors.report(tuple.map { "\(error) (while executing \($0))" } ?? "\(error)")
            }
            let bolt = try make()
            part.resolveRoutes()
            try bolt.prepare(part.context, collector)
            part.emitter.setHooks(part.context.hooks)
            tasks.append(
                Task(
                    id: part.context.task, context: part.context, collector: collector, errors: part.errors, bolt: bolt)
            )
        }
        isOpen = true
    }

    override func slice(now: Int64) -> SliceResult {
        guard isOpen else { return .idle(until: .max) }
        if tickNanoseconds != nil { tickIfDue(now) }
        if !clearStop() { return .blocked }
        var batches = 0
        while batches < Self.batchesPerSlice {
            guard takeNextBatch() else {
                flush(force: false)
                return .idle(until: nextTick)
            }
            if !executeCurrent() {
                flush(force: false)
                return clearStop() ? .more : .blocked
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
        return current != nil
    }

    /// - Returns: false when an edge ran out of credit; the rest of the batch waits.
    private func executeCurrent() -> Bool {
        guard let batch = current, let start = position else { return true }
        let index = Int(batch.destinationTask - range.first.rawValue)
        let stopped = tasks[index].bolt.run(batch, start, tasks[index].collector)
        if !tasks[index].context.hooks.isEmpty { tellHooks(batch, start, stopped, tasks[index].context.hooks) }
        if stopped < batch.end {
            position = stopped
            return false
        }
        tasks[index].executed[batch.sourceTask, default: 0] += batch.count
        current = nil
        position = nil
        batch.credit?.returnCredit(batch.byteCount, sequence: batch.sequence)
        // With the last reference: a batch that anything else refers to is not used again.
        loop.pool.recycle(consume batch)
        return !tasks[index].collector.emitter.state.pointee.mustStop
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
            do {
                try task.bolt.tick(tuple, task.collector)
            } catch {
                task.errors.report("\(error) (in a tick)")
            }
        }
    }

    override func close() {
        flush(force: true)
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
            for (source, count) in task.executed {
                statistics.executed[schema.component(ofTask: source), default: 0] += count
            }
            statistics.errors = task.errors.count
            return statistics
        }
    }
}
